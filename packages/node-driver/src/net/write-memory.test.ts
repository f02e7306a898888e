import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { writeCopy } from "./write-memory.ts";

/** Two ends of a connection. */
async function connection() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const near = createConnection({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  const [far] = (await once(server, "connection")) as [Socket];
  server.close();
  return { near, far };
}

async function all(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe("bytes that are lent for a write", () => {
  it.each([1, 4096, 4097, 256 * 1024, 256 * 1024 + 1])("arrive as they were, %i of them", async (size) => {
    const { near, far } = await connection();
    const lent = Buffer.alloc(size, "a");
    writeCopy(near, lent);
    lent.fill("b");
    writeCopy(near, lent);
    lent.fill("c");
    near.end();
    const expected = Buffer.concat([Buffer.alloc(size, "a"), Buffer.alloc(size, "b")]);
    expect((await all(far)).equals(expected)).toBe(true);
  });

  it("arrive as they were where nobody reads yet, on several sockets at once", async () => {
    const connections = await Promise.all([connection(), connection(), connection()]);
    const sent: Buffer[][] = [[], [], []];
    const lent = Buffer.alloc(200_000);
    for (let i = 0; i < 60; i++) {
      lent.fill(i + 1);
      writeCopy((connections[i % 3] as { near: Socket }).near, lent);
      sent[i % 3]?.push(Buffer.from(lent));
    }
    // The system takes less than what was written: some of it waits in the process.
    expect(connections.some(({ near }) => near.writableLength > 0)).toBe(true);
    for (const [i, { near, far }] of connections.entries()) {
      near.end();
      expect((await all(far)).equals(Buffer.concat(sent[i] ?? []))).toBe(true);
    }
  });
});
