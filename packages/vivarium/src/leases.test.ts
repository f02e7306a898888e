import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { Differential } from "./differential/differential.ts";
import { closePool } from "./index.ts";
import { runGuest } from "./testing/run-guest.ts";

const program = (name: string): string =>
  fileURLToPath(new URL(`differential/programs/leases/${name}`, import.meta.url));
const LIBRARY = fileURLToPath(new URL("../../bridge/dist/library", import.meta.url));
const HELPER = /^helper-.*\.node$/m;
const MODES = [
  ["with the native helper", true],
  ["without the native helper", false],
] as const;

describe("a connection with much to write", () => {
  let server: Server;
  let handle: (socket: Socket) => void;
  let port = 0;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      handle(socket);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  afterAll(closePool);

  it.each(MODES)("brings it all in order to a slow reader, %s", async (_, nativeHelper) => {
    handle = (socket) => {
      const hash = createHash("sha256");
      let bytes = 0;
      socket.on("data", (data) => {
        hash.update(data);
        bytes += data.length;
        socket.pause();
        setImmediate(() => socket.resume());
      });
      socket.on("end", () => socket.end(`${bytes} ${hash.digest("hex")}`));
    };
    const printed = await compared("writes.cjs", nativeHelper);
    expect(printed).toMatch(/^(\d+) \1 [0-9a-f]{64} false\n\d+ {2}false\n$/);
  });

  it.each(MODES)("hears how it ended, as on Node, %s", async (_, nativeHelper) => {
    handle = (socket) =>
      socket.on("data", (data) => {
        if (String(data).includes("reset")) socket.resetAndDestroy();
        if (String(data).includes("close")) socket.end("last", () => socket.destroy());
      });
    const printed = await compared("endings.cjs", nativeHelper);
    expect(printed).toContain("reset, 20 writes, write: told ECONNRESET, error ECONNRESET write, close true");
  });

  /** What the program prints here and on Node, which is the same. */
  async function compared(name: string, nativeHelper: boolean): Promise<string> {
    const connect = [`127.0.0.1:${port}`];
    const differential = new Differential({ compat: "full", nativeHelper, connect, env: { PORT: String(port) } });
    try {
      const { host, sandbox } = await differential.compare({ file: program(name) });
      expect(sandbox).toEqual(host);
      return host.stdout;
    } finally {
      await differential.close();
    }
  }

  const options = (limits = {}) => ({
    compat: "full" as const,
    limits,
    driver: { permissions: { network: { connect: [`127.0.0.1:${port}`] } } },
  });

  /** Writes bytes one by one, each when the one before is through. */
  const oneByOne = (count: number): string => `
    const socket = require("net").connect(${port}, "127.0.0.1", () => next(0));
    const next = (i) => (i < ${count} ? socket.write("x", () => next(i + 1)) : socket.end());
    socket.on("close", () => console.log("closed")).resume();`;

  it.each(MODES)("is charged for every write, %s", async (_, nativeHelper) => {
    handle = (socket) => socket.on("end", () => socket.end()).resume();
    const few = await runGuest(oneByOne(100), { ...options(), nativeHelper });
    const many = await runGuest(oneByOne(1600), { ...options(), nativeHelper });
    expect([few.stdout, many.stdout]).toEqual(["closed\n", "closed\n"]);
    const more = many.result.usage.syscalls - few.result.usage.syscalls;
    // What a lease costs comes beside it.
    expect(more).toBeGreaterThanOrEqual(1500);
    expect(more).toBeLessThan(1600);
  });

  const isVisible = existsSync("/proc/self/fd") && HELPER.test(readdirSync(LIBRARY).join("\n"));

  it.skipIf(!isVisible)(
    "has a descriptor of its own, which goes when it is closed (skipped without /proc or a C++ compiler)",
    async () => {
      const wrote = Promise.withResolvers<void>();
      let far!: Socket;
      handle = (socket) => {
        far = socket;
        let bytes = 0;
        socket.on("data", (data) => {
          bytes += data.length;
          if (bytes === 100) wrote.resolve();
        });
      };
      const closing = `
      const socket = require("net").connect(${port}, "127.0.0.1", () => next(0));
      const next = (i) => { if (i < 100) socket.write("x", () => next(i + 1)); };
      socket.on("data", () => socket.destroy()).on("close", () => {
        const again = require("net").connect(${port}, "127.0.0.1").resume();
        again.on("end", () => again.end());
      });`;
      const run = runGuest(closing, options());
      await wrote.promise;
      const near = `${hexAddress(far.remotePort ?? 0)} ${hexAddress(port)}`;
      expect(holdersOf(near)).toBe(2);
      const second = new Promise<Socket>((resolve) => {
        handle = resolve;
      });
      far.write("close now");
      const last = await second;
      expect(holdersOf(near)).toBe(0);
      last.end();
      expect((await run).result.code).toBe(0);
    },
  );
});

/** An end at 127.0.0.1, as /proc/net/tcp has it. */
const hexAddress = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;

/** How many descriptors of this process's children lead to the connection. */
function holdersOf(ends: string): number {
  const line = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .find((text) => text.includes(` ${ends} `));
  const inode = line?.trim().split(/\s+/)[9];
  if (inode === undefined || inode === "0") return 0;
  let count = 0;
  for (const pid of childrenOf(String(process.pid)))
    for (const fd of readdirSync(`/proc/${pid}/fd`))
      if (linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`) count += 1;
  return count;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since the folder was read.
    return undefined;
  }
}

const childrenOf = (pid: string): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
