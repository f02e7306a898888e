import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Differential } from "../differential/differential.ts";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

const program = (name: string) => ({
  file: fileURLToPath(new URL(`../differential/programs/http2/${name}`, import.meta.url)),
});

describe("an HTTP/2 session under attack", () => {
  const differential = new Differential({ compat: "full", nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["answers some fifty broken and odd frames with Node's own", "frames.cjs", "SETTINGS: too many setting entries"],
    [
      "ends floods, bombs and stalls where Node does, with Node's errors",
      "hostile.cjs",
      "ERR_HTTP2_TOO_MANY_INVALID_FRAMES",
    ],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
    expect(host.stderr).toBe("");
  });
});

/** A server, and a peer of it that never stops and never reads. `make(i)` is what it sends next. */
const endless = (make: string, options = "{}") => `
  const http2 = require("node:http2");
  const net = require("node:net");
  const frame = (type, flags, id, payload = Buffer.alloc(0)) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(id, 5);
    return Buffer.concat([head, payload]);
  };
  const GET = Buffer.from("828684410161", "hex");
  const make = ${make};
  const server = http2.createServer(${options});
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    stream.respond();
    stream.end("x".repeat(1000));
  });
  server.on("session", (session) => session.on("error", (error) => console.log(error.code)));
  server.listen(0, () => {
    const peer = net.connect(server.address().port);
    peer.on("error", () => {});
    peer.on("close", () => server.close(() => console.log("over")));
    peer.write("PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n");
    peer.write(frame(4, 0, 0));
    let i = 0;
    const flood = () => {
      if (peer.destroyed) return;
      const parts = [];
      for (let n = 0; n < 200; n++) parts.push(make(i++));
      if (peer.write(Buffer.concat(parts))) setImmediate(flood);
      else peer.once("drain", flood);
    };
    flood();
  });`;

describe("an endless HTTP/2 peer inside", () => {
  it.each([
    ["pings", "() => frame(6, 0, 0, Buffer.alloc(8))"],
    ["settings", "() => frame(4, 0, 0)"],
    ["resets", "(i) => Buffer.concat([frame(1, 5, 2 * i + 1, GET), frame(3, 0, 2 * i + 1, Buffer.alloc(4))])"],
    ["window updates", "() => frame(8, 0, 0, Buffer.from([0, 0, 255, 255]))"],
    ["unknown frames", "() => frame(99, 0, 0, Buffer.alloc(100))"],
  ])("of %s ends by the session's limits or the run's, and leaves the embedder alone", async (_what, make) => {
    const { result, stdout } = await attack(endless(make), { compat: "full" });
    if (result.outcome === "exit") expect(stdout).toMatch(/ERR_HTTP2_\w+\n/);
    else expect(["timeout", "memory"]).toContain(result.outcome);
  });
});
