import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Canary } from "../testing/canary.ts";
import { runGuest } from "../testing/run-guest.ts";

const STATUSES = [301, 302, 303, 307, 308];

const canary = new Canary();
/** An allowed server that sends its clients wherever their query says, over as many steps as it says. */
const away = createServer((request, response) => {
  const { searchParams: query } = new URL(request.url ?? "", "http://a.test");
  const steps = Number(query.get("steps"));
  const to = query.get("to") ?? "";
  query.set("steps", String(steps - 1));
  response.writeHead(Number(query.get("status")), { location: steps > 0 ? `/?${query}` : to }).end();
});
let port = 0;
beforeAll(async () => {
  await canary.listen();
  await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve));
  ({ port } = away.address() as AddressInfo);
});
afterAll(async () => {
  canary.close();
  away.close();
  away.closeAllConnections();
  await closePool();
});

const denied = (): readonly string[] => [
  `http://127.0.0.1:${canary.port}/`,
  `https://127.0.0.1:${canary.port}/`,
  `http://localhost:${canary.port}/`,
  `http://[::ffff:127.0.0.1]:${canary.port}/`,
  `http://2130706433:${canary.port}/`,
  `http://0x7f.1:${canary.port}/`,
  `//0.0.0.0:${canary.port}/`,
  "http://169.254.169.254/latest/meta-data/",
  "http://10.1.2.3/",
  "http://denied.example/",
];

/** Ways to follow, each `(url, method) => Promise<never>` that rejects with the socket's error. */
const FOLLOWERS = `
  const http = require("http"), https = require("https");
  const followers = {
    fetch: (url, method) => fetch(url, { method, ...(method === "POST" ? { body: "secret" } : {}) }).catch((error) => { throw error.cause; }),
    "fetch of a Request": (url, method) => fetch(new Request(url, { method, headers: { authorization: "secret" } })).catch((error) => { throw error.cause; }),
    http: (url, method) => new Promise((resolve, reject) => {
      const client = url.startsWith("https:") ? https : http;
      client.request(url, { method, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(followers.http(new URL(response.headers.location, url).href, method));
      }).on("error", reject).end();
    }),
  };`;

describe("a redirect of an allowed server to a denied one", () => {
  it.each([0, 3])("is refused for every client, status and spelling, %d steps before it", async (steps) => {
    const targets = denied();
    const program = `${FOLLOWERS}
      (async () => {
        for (const status of ${JSON.stringify(STATUSES)})
          for (const to of ${JSON.stringify(targets)})
            for (const [name, follow] of Object.entries(followers))
              for (const method of ["GET", "POST"]) {
                const query = new URLSearchParams({ status, to, steps: ${steps} });
                const error = await follow("http://127.0.0.1:${port}/?" + query, method).catch((error) => error);
                const { code, sandboxCode } = error instanceof AggregateError ? error.errors[0] : error;
                console.log([name, method, status, to, code, sandboxCode].join(" "));
              }
        process.exit();
      })();`;
    const network = { connect: [`127.0.0.1:${port}`] };
    const { stdout, stderr } = await runGuest(program, { driver: { permissions: { network } }, compat: "full" });
    const expected = STATUSES.flatMap((status) =>
      targets.flatMap((to) =>
        ["fetch", "fetch of a Request", "http"].flatMap((name) =>
          ["GET", "POST"].map((method) => `${name} ${method} ${status} ${to} EACCES ERR_SANDBOX_NETWORK_DENIED`),
        ),
      ),
    );
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual(expected);
    expect(canary.alarms).toBe(0);
  });

  it("is refused by its address where every public one is allowed, in baseline too", async () => {
    const program = `${FOLLOWERS}
      (async () => {
        const said = new Set();
        for (const to of ${JSON.stringify(denied().filter((to) => !to.includes("localhost") && !to.includes("denied")))})
          for (const follow of Object.values(followers)) {
            const query = new URLSearchParams({ status: 302, to, steps: 1 });
            const { code, sandboxCode } = await follow("http://127.0.0.1:${port}/?" + query, "GET").catch((error) => error);
            said.add(code + " " + sandboxCode);
          }
        console.log(...said);
        process.exit();
      })();`;
    const network = { connect: [`127.0.0.1:${port}`, "*"] };
    for (const compat of ["baseline", "full"] as const) {
      const { stdout, stderr } = await runGuest(program, { driver: { permissions: { network } }, compat });
      expect([stdout, stderr]).toEqual(["EACCES ERR_SANDBOX_ADDRESS_BLOCKED\n", ""]);
    }
    expect(canary.alarms).toBe(0);
  });

  it("to what is no server of the network is none: files, data, other schemes", async () => {
    const targets = ["file:///etc/passwd", "data:text/plain,x", "blob:x", "ftp://127.0.0.1/", "javascript:1"];
    const program = `
      (async () => {
        for (const to of ${JSON.stringify(targets)}) {
          const query = new URLSearchParams({ status: 302, to, steps: 0 });
          await fetch("http://127.0.0.1:${port}/?" + query).then((r) => r.text().then(console.log), (e) => console.log(e.message));
        }
      })();`;
    const network = { connect: [`127.0.0.1:${port}`] };
    const { stdout, stderr } = await runGuest(program, { driver: { permissions: { network } } });
    expect([stdout, stderr]).toEqual(["fetch failed\n".repeat(targets.length), ""]);
  });

  it("reaches the canary where it is allowed, so that its silence means something", async () => {
    const network = { connect: [`127.0.0.1:${port}`, `127.0.0.1:${canary.port}`] };
    const program = `${FOLLOWERS}
      const query = new URLSearchParams({ status: 307, to: "http://127.0.0.1:${canary.port}/", steps: 3 });
      Promise.allSettled(Object.values(followers).map((follow) => follow("http://127.0.0.1:${port}/?" + query, "POST")))
        .then((all) => console.log(all.map(({ reason }) => reason.code).join()));`;
    const { stdout } = await runGuest(program, { driver: { permissions: { network } } });
    expect(stdout).toMatch(/^(UND_ERR_SOCKET|ECONNRESET),\1?/);
    expect(canary.alarms).toBe(3);
    canary.alarms = 0;
  });
});
