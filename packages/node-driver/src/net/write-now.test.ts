import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { HostStream } from "./host-stream.ts";
import { writeNow } from "./write-now.ts";

/** Two ends of a connection; the near one as a stream of a cell's too. */
async function connection() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let near!: Socket;
  const stream = new HostStream((onread) => {
    near = createConnection({ port, host: "127.0.0.1", onread });
    return near;
  });
  const [far] = (await once(server, "connection")) as [Socket];
  if (near.connecting) await once(near, "connect");
  server.close();
  return { stream, near, far };
}

async function all(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe("bytes that are lent for a write", () => {
  it("go at once, past the socket's own machinery", async () => {
    const { near, far } = await connection();
    expect([writeNow(near, Buffer.from("hello")), near.writableLength, near.bytesWritten]).toEqual([5, 0, 0]);
    near.end();
    expect(String(await all(far))).toBe("hello");
  });

  it("are the socket's to write while others wait there, and before and after it is open", async () => {
    const { near, far } = await connection();
    const lent = Buffer.alloc(100_000);
    while (near.writableLength === 0) near.write(Buffer.from(lent));
    expect(writeNow(near, lent)).toBe(undefined);
    const early = createConnection({ port: 9, host: "127.0.0.1" }).on("error", () => undefined);
    expect(writeNow(early, lent)).toBe(undefined);
    early.destroy();
    near.destroy();
    expect(writeNow(near, lent)).toBe(undefined);
    far.destroy();
  });

  it("arrive as they were where nobody reads yet, as many as were taken, on several streams at once", async () => {
    const connections = await Promise.all([connection(), connection(), connection()]);
    const sent: Buffer[][] = [[], [], []];
    const lent = Buffer.alloc(200_001);
    let refused = 0;
    for (let i = 0; i < 120; i++) {
      lent.fill(i + 1);
      const taken = connections[i % 3]?.stream.lendNow(lent) ?? 0;
      if (taken < lent.length) refused += 1;
      sent[i % 3]?.push(Buffer.from(lent.subarray(0, taken)));
      lent.fill(0);
    }
    // The system takes less than this, and a stream keeps no more than a little.
    expect(refused).toBeGreaterThan(0);
    for (const [i, { near, far }] of connections.entries()) {
      near.end();
      expect((await all(far)).equals(Buffer.concat(sent[i] ?? []))).toBe(true);
    }
  });

  it("fail once the other end is gone", async () => {
    const { stream, near, far } = await connection();
    stream.listen({ data: () => undefined, fail: () => undefined });
    far.resetAndDestroy();
    await new Promise((resolve) => near.on("close", resolve));
    expect(() => stream.lendNow(Buffer.from("x"))).toThrow("ECONNRESET");
  });
});
