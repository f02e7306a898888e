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

describe("an end", () => {
  it("needs no waiting where nothing waits to be written, and comes after what was", async () => {
    const { stream, far } = await connection();
    stream.lendNow(Buffer.from("before"));
    expect(stream.shutdownNow()).toBe(true);
    expect(String(await all(far))).toBe("before");
    expect(() => stream.lendNow(Buffer.from("after"))).toThrow("EPIPE");
    stream.close();
  });

  it("waits for what does, and is not to be had of what has failed", async () => {
    const { stream, near, far } = await connection();
    while (near.writableLength === 0) near.write(Buffer.alloc(100_000));
    expect([stream.shutdownNow(), near.writableEnded]).toEqual([false, false]);
    stream.close();
    expect(stream.shutdownNow()).toBe(false);
    far.destroy();
  });
});

describe("a descriptor that is lent", () => {
  /** Lends the stream's; -> it, and how often the lessee was told to end. */
  const lend = (stream: HostStream) => {
    const lent = { descriptor: -1, ends: 0 };
    stream.lease(1000, (descriptor, ended) => {
      lent.descriptor = descriptor;
      return {
        end() {
          lent.ends += 1;
          ended(0);
        },
        hasWritten: () => false,
      };
    });
    return lent;
  };

  it("is the socket's, and is not lent while bytes wait that are to go first", async () => {
    const { stream, near, far } = await connection();
    const lent = lend(stream);
    expect(lent).toEqual({ descriptor: (near as unknown as { _handle: { fd: number } })._handle.fd, ends: 0 });
    while (near.writableLength === 0) near.write(Buffer.alloc(100_000));
    expect(lend(stream).descriptor).toBe(-1);
    stream.close();
    far.destroy();
  });

  it.each([
    ["closes", (stream: HostStream) => stream.close()],
    ["breaks off", (stream: HostStream) => stream.reset()],
    ["ends", (stream: HostStream) => void stream.shutdown()],
    ["ends at once", (stream: HostStream) => void stream.shutdownNow()],
    ["writes", (stream: HostStream) => void stream.write(Buffer.from("x"))],
    ["writes at once", (stream: HostStream) => void stream.writeNow(Buffer.from("x"))],
    ["is lent again", (stream: HostStream) => void lend(stream)],
  ])("is given back before the stream %s, once", async (_how, act) => {
    const { stream, far } = await connection();
    const lent = lend(stream);
    act(stream);
    expect(lent.ends).toBe(1);
    stream.close();
    expect(lent.ends).toBe(1);
    far.destroy();
  });

  it("stays lent while what is written beside it goes at once, and is given back when some has to wait", async () => {
    const { stream, near, far } = await connection();
    const lent = lend(stream);
    stream.lendNow(Buffer.from("at once"));
    expect(lent.ends).toBe(0);
    while (near.writableLength === 0) stream.lendNow(Buffer.alloc(200_000));
    expect(lent.ends).toBe(1);
    stream.close();
    far.destroy();
  });

  it("is given back when the other end breaks off", async () => {
    const { stream, near, far } = await connection();
    const lent = lend(stream);
    stream.listen({ data: () => undefined, fail: () => undefined });
    far.resetAndDestroy();
    await new Promise((resolve) => near.on("close", resolve));
    expect(lent.ends).toBe(1);
    expect(() => lend(stream)).toThrow("ECONNRESET");
  });
});
