import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { hostileServer } from "../testing/hostile-server.ts";
import { runGuest } from "../testing/run-guest.ts";

afterAll(closePool);

/** Line breaks as they are, as URLs write them, and as characters whose low byte is one. */
const BREAKS = [
  "\\r\\nx-injected: 1",
  "\\nx-injected: 1",
  "\\rx-injected: 1",
  "\\u010d\\u010ax-injected: 1",
  "\\0",
  "\\u2028",
];

/** Each speaks to `url`, or throws. `B` is something that breaks a line. */
const ATTEMPTS: readonly string[] = [
  ...BREAKS.flatMap((text) => {
    const b = `"${text}"`;
    return [
      `fetch(url, { headers: { x: "a" + ${b} } })`,
      `fetch(url, { headers: { ["x" + ${b}]: "a" } })`,
      `fetch(url, { headers: [["cookie", "a" + ${b}]] })`,
      `fetch(url, { method: "GET" + ${b} })`,
      `fetch(url + "path" + ${b})`,
      `fetch(url + "path?" + ${b} + "#" + ${b})`,
      `fetch(url + encodeURI(${b}))`,
      `fetch(url, { referrer: url + ${b} })`,
      `fetch(url, { method: "POST", body: new Blob(["b"], { type: "text/plain" + ${b} }) })`,
      `fetch(url, { method: "POST", body: (() => { const f = new FormData(); f.append("a" + ${b}, new File(["b"], "name" + ${b})); return f; })() }).then((r) => r.text())`,
      `ask({ headers: { x: "a" + ${b} } })`,
      `ask({ headers: { ["x" + ${b}]: "a" } })`,
      `ask({ headers: { host: "a" + ${b} } })`,
      `ask({ headers: ["x", "a" + ${b}] })`,
      `ask({ headers: { x: ["a", ${b}] } })`,
      `ask({ method: "GET" + ${b} })`,
      `ask({ path: "/p" + ${b} })`,
      `ask({ path: "/p" + encodeURI(${b}) })`,
      `ask({ auth: "user" + ${b} })`,
      `ask({ host: "127.0.0.1" + ${b} })`,
      `ask({ method: "POST", headers: { trailer: "t", "transfer-encoding": "chunked" } }, (r) => r.addTrailers({ t: "a" + ${b} }))`,
      `new Promise((done, fail) => { const s = new WebSocket(url.replace("http", "ws"), "p" + ${b}); s.onerror = () => fail(Error("ws")); })`,
    ];
  }),
  // Where one message ends and the next one begins.
  // Node's client waits for ever here.
  `fetch(url, { method: "POST", body: "0123456789", headers: { "content-length": "2" }, signal: AbortSignal.timeout(300) })`,
  `fetch(url, { method: "POST", body: "01", headers: { "content-length": "20" } })`,
  `fetch(url, { method: "POST", body: "01", headers: { "content-length": "2, 2" } })`,
  `fetch(url, { method: "POST", body: "01", headers: { "transfer-encoding": "chunked" } })`,
  `fetch(url, { method: "POST", body: "01", headers: { connection: "transfer-encoding", te: "trailers", upgrade: "x", expect: "100-continue" } })`,
  `ask({ method: "POST", headers: { "content-length": 2, "transfer-encoding": "chunked" } }, (r) => r.write("GET /smuggled HTTP/1.1\\r\\n\\r\\n"))`,
  `ask({ method: "POST", headers: { "transfer-encoding": "identity" } }, (r) => r.write("01"))`,
  `ask({ method: "POST", headers: { "transfer-encoding": "chunked, chunked" } }, (r) => r.write("01"))`,
  `ask({ method: "POST", headers: { "content-length": "x" } }, (r) => r.write("01"))`,
  `ask({ method: "POST", headers: { "content-length": ["2", "3"] } }, (r) => r.write("01"))`,
  `ask({ method: "GET" }, (r) => r.write("GET /smuggled HTTP/1.1\\r\\n\\r\\n"))`,
  `ask({ method: "HEAD" }, (r) => r.write("body"))`,
];

const program = (port: number) => `
  const http = require("http"), url = "http://127.0.0.1:${port}/";
  const ask = (options, use = () => {}) => new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: ${port}, agent: false, ...options }, (response) => response.resume().on("close", resolve));
    request.on("error", reject);
    use(request);
    request.end();
  });
  const attempts = [${ATTEMPTS.map((one) => `() => ${one}`).join(",\n")}];
  (async () => {
    for (const [index, attempt] of attempts.entries()) {
      let said;
      try { await attempt(); said = "sent"; } catch (error) {
        const { name, code, message, cause } = error;
        said = [name, code, message, cause?.code, cause?.message].join(" | ");
      }
      console.log(index, JSON.stringify(said).replaceAll("${port}", "PORT"));
    }
    process.exit();
  })();`;

/** What a program says, and what of it reached a server that answers each message and hangs up. */
async function trace(run: (code: string, port: number) => Promise<string>) {
  await using server = await hostileServer((socket) => {
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  const said = await run(program(server.port), server.port);
  const received = server.received().replaceAll(String(server.port), "PORT");
  // Boundaries of forms and keys of WebSockets are random.
  const plain = received
    .replaceAll(/formdata-undici-\d+/g, "BOUNDARY")
    .replaceAll(/(sec-websocket-key: ).*/gi, "$1KEY");
  return { said, received: plain };
}

describe("a program that breaks lines where none belong", () => {
  it("sends what it sends on Node, byte for byte, and fails where it fails there", async () => {
    const host = await trace(async (code) => {
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { encoding: "utf8" });
      return stdout;
    });
    const guest = await trace(async (code, port) => {
      const permissions = { network: { connect: [`127.0.0.1:${port}`], dns: ["*"] } };
      const { stdout, stderr } = await runGuest(code, { driver: { permissions } });
      expect(stderr).toBe("");
      return stdout;
    });
    expect(guest.said.split("\n")).toEqual(host.said.split("\n"));
    expect(guest.received).toBe(host.received);
    // Nothing of it became a line of a header, and nothing a message of its own.
    expect(guest.received).not.toMatch(/^x-injected/im);
    expect(guest.said.trimEnd().split("\n")).toHaveLength(ATTEMPTS.length);
    expect(guest.received).toContain("POST / HTTP/1.1\r\n");
  });
});
