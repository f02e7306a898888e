import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { loadFixtures } from "../fixtures/project-matrix/runner/fixtures.mjs";
import { installedCopy } from "../fixtures/project-matrix/runner/install.mjs";
import { interleave, ms, node, program, programFile, sandboxOf, times } from "./measure.mjs";

const ROUNDS = 3;
const STREAMED = 1024 ** 3;

/** A sandbox that may listen and connect at these addresses. */
function sandbox({ env, listen = [], connect = [], driver = {}, ...options }) {
  return sandboxOf({
    compat: "full",
    limits: { cpuTimeMs: 0 },
    driver: { permissions: { network: { listen, connect }, env: Object.keys(env) }, ...driver },
    ...options,
  });
}

/** Runs a program that prints a number in a sandbox; -> the number, and what the run used. */
async function insideOf(file, { env, filePath = "/app/main.cjs", ...options }) {
  let out = "";
  const runtime = sandbox({ env, onStdio: ({ data }) => { out += Buffer.from(data).toString(); }, ...options });
  try {
    const { code, usage } = await runtime.exec(program(file), { filePath, env });
    if (code !== 0) throw new Error(`${file} ended with ${code}: ${out}`);
    return { value: Number(out), usage };
  } finally {
    await runtime.dispose();
  }
}

const onNode = async (file, env, options) => Number(await node([programFile(file)], { env: { ...process.env, ...env }, ...options }));

/** Starts a program in a process of its own; -> it, and the first line it prints. */
async function startNode(file, env) {
  const child = spawn(process.execPath, [programFile(file)], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
  const [line] = await once(child.stdout, "data");
  return { child, line: String(line).trim() };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a guest's server at a port of the host; -> what ends it. */
async function startGuest(file, port) {
  const { promise: up, resolve, reject } = Promise.withResolvers();
  const runtime = sandbox({ env: { PORT: "" }, listen: [`127.0.0.1:${port}`], onStdio: resolve });
  const ended = runtime.exec(program(file), { filePath: "/app/main.cjs", env: { PORT: String(port) } });
  void ended.then(({ outcome, error }) => reject(new Error(`the server ended with ${outcome}: ${error?.stack}`)));
  await up;
  return async () => {
    await runtime.dispose();
    await ended;
  };
}

/** A guest's HTTP server at a port of the host. */
async function served() {
  const load = (port) => onNode("net-load.cjs", { PORT: String(port) });
  const medians = await interleave(ROUNDS, {
    ours: async () => {
      const port = await freePort();
      const stop = await startGuest("net-server.cjs", port);
      try {
        return await load(port);
      } finally {
        await stop();
      }
    },
    node: async () => {
      const port = await freePort();
      const { child } = await startNode("net-server.cjs", { PORT: String(port) });
      try {
        return await load(port);
      } finally {
        child.kill();
      }
    },
  });
  const share = medians.ours / medians.node;
  const rate = (value) => `${value.toFixed(0)} req/s`;
  return { what: "HTTP server, 16 clients", ours: rate(medians.ours), beside: `node ${rate(medians.node)}`, ratio: times(share), target: ">= 0.6 of node", ok: share >= 0.6 };
}

const row = (what, medians, beside = "") => {
  const ratio = medians.ours / medians.node;
  return { what, ours: ms(medians.ours), beside: `node ${ms(medians.node)}${beside}`, ratio: times(ratio), target: "<= 1.5x node", ok: ratio <= 1.5 };
};

/** Calls out to a server of the host's, small and big. */
async function called() {
  const size = String(STREAMED);
  const { child, line: port } = await startNode("net-host.cjs", { SIZE: size });
  const env = { PORT: port, SIZE: size };
  const connect = [`127.0.0.1:${port}`];
  const streamed = async (what, file) => {
    let peak = 0;
    const medians = await interleave(ROUNDS, {
      ours: async () => {
        const { value, usage } = await insideOf(file, { env, connect });
        peak = Math.max(peak, usage.rssMiB);
        return value;
      },
      node: () => onNode(file, env),
    });
    return row(what, medians, `; peak RSS of the cell ${peak.toFixed(0)} MiB`);
  };
  try {
    const fetched = await interleave(ROUNDS, {
      ours: async () => (await insideOf("net-fetch.cjs", { env, connect })).value,
      node: () => onNode("net-fetch.cjs", env),
    });
    return [
      row("1000 x fetch", fetched),
      await streamed("1 GiB of a body, read", "net-stream.cjs"),
      await streamed("1 GiB of a body, sent", "net-send.cjs"),
      await streamed("1 GiB of a body, both", "net-through.cjs"),
    ];
  } finally {
    child.kill();
  }
}

/** Queries of a Postgres that runs already, through the package `pg` as the project matrix installs it. */
async function queried() {
  const what = "5000 x pg query";
  const url = process.env.TEST_POSTGRES_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
  const fixture = loadFixtures().find(({ name }) => name === "pg-server");
  const project = await installedCopy(fixture);
  const env = { SERVICE_URL: url };
  const cwd = { cwd: project };
  try {
    await node(["src/probe.js"], { ...cwd, env: { ...process.env, ...env } });
  } catch {
    return { what, ours: "left out", beside: `no Postgres at ${new URL(url).host}` };
  }
  const medians = await interleave(ROUNDS, {
    ours: async () => (await insideOf("net-pg.cjs", { env, connect: [new URL(url).host], driver: { moduleAccess: cwd } })).value,
    node: async () => Number(await node(["--input-type=commonjs", "-e", program("net-pg.cjs")], { ...cwd, env: { ...process.env, ...env } })),
  });
  return row(what, medians);
}

/** Serving and calling over the host's network. */
export async function net() {
  return [await served(), ...(await called()), await queried()];
}
