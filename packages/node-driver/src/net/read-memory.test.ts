import { once } from "node:events";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { HostStream } from "./host-stream.ts";
import { PIECE_BYTES, ReadMemory } from "./read-memory.ts";

/** Reads so many bytes as a socket would. -> where they were read to, and what became of them */
function read(memory: ReadMemory, size: number) {
  const into = memory.next();
  const [bytes, isGiven] = memory.take(size);
  return { into, bytes, isGiven };
}

describe("the memory a socket reads to", () => {
  it("is everybody's at first", () => {
    const one = read(new ReadMemory(), 10);
    const other = read(new ReadMemory(), 20);
    expect([one.isGiven, one.bytes.byteLength, other.into.buffer]).toEqual([false, 10, one.into.buffer]);
  });

  it("is its own after a piece's worth, and goes with the piece that fills it", () => {
    const memory = new ReadMemory();
    const common = read(memory, PIECE_BYTES).into;
    const first = read(memory, PIECE_BYTES);
    const second = read(memory, PIECE_BYTES);
    expect([first.isGiven, second.isGiven]).toEqual([true, true]);
    expect(first.bytes.byteLength).toBe(first.bytes.buffer.byteLength);
    expect(new Set([common.buffer, first.bytes.buffer, second.bytes.buffer]).size).toBe(3);
    memory.release();
  });

  it("stays where it was not filled, and is everybody's again after a small piece", () => {
    const memory = new ReadMemory();
    const common = read(memory, PIECE_BYTES).into;
    const most = read(memory, PIECE_BYTES - 1);
    const little = read(memory, 1);
    expect([most.isGiven, little.isGiven]).toEqual([false, false]);
    expect(little.into).toBe(most.into);
    expect(most.into.buffer).not.toBe(common.buffer);
    expect(memory.next().buffer).toBe(common.buffer);
  });

  it("is the own one of so many sockets at a time", () => {
    const memories = Array.from({ length: 100 }, () => new ReadMemory());
    const owners = (): number =>
      memories.filter((memory) => {
        read(memory, PIECE_BYTES);
        return memory.next().byteLength === PIECE_BYTES;
      }).length;
    expect(owners()).toBe(64);
    for (const memory of memories) memory.release();
    expect(owners()).toBe(64);
    for (const memory of memories) memory.release();
  });
});

describe("a socket of the host's", () => {
  it("gives the memory it filled to whoever listens, and the bytes are those that were sent", async () => {
    const sent = Buffer.alloc(8 * 1024 * 1024);
    for (let i = 0; i < sent.length; i += 4) sent.writeUInt32LE(Math.imul(i, 2_654_435_761) >>> 0, i);
    const server = createServer((socket) => socket.end(sent)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const stream = new HostStream((onread) => createConnection({ port, host: "127.0.0.1", onread }));
    const pieces: Uint8Array[] = [];
    let given = 0;
    await new Promise<void>((resolve, reject) => {
      stream.listen({
        data: (bytes, isGiven) => {
          if (bytes.byteLength === 0) resolve();
          if (isGiven) given += 1;
          pieces.push(isGiven ? bytes : bytes.slice());
        },
        fail: reject,
      });
    });
    stream.close();
    server.close();
    expect(given).toBeGreaterThan(0);
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
  });
});
