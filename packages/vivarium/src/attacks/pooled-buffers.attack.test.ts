import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { runGuest } from "../testing/run-guest.ts";

afterAll(closePool);

const SECRET = randomBytes(12).toString("hex");
/** Small buffers share a pool of host memory; these put the secret all around whatever is made between them. */
const plant = (): Buffer[] => Array.from({ length: 200 }, () => Buffer.from(SECRET));
const planted = plant();

/** Guest code: the whole backing store of a value, as latin1 text. */
const STORE = `
const sizes = [];
let whole = "";
const look = (value) => {
  const view = typeof value === "object" && ArrayBuffer.isView(value) ? value : new Uint8Array(value);
  sizes.push([view.byteLength, view.buffer.byteLength]);
  whole += Buffer.from(view.buffer).latin1Slice();
};`;

interface Seen {
  readonly sizes: readonly (readonly [number, number])[];
  readonly whole: string;
}

const fs = { permissions: { fs: { read: ["/**"], write: ["/**"] } } };

describe("bytes from the host come alone, without the memory around them", () => {
  it("as answers of bindings", async () => {
    const bindings = {
      t: {
        buffer: async () => {
          planted.push(...plant());
          return Buffer.from("12345");
        },
        view: async () => new Uint8Array(Buffer.from(`${SECRET}abc`).buffer, 0, 0),
        slice: async () => Buffer.from(`${SECRET}abc${SECRET}`).subarray(24, 27),
        nested: async () => ({ list: [Buffer.from("x"), new Map([["k", Buffer.from("yy")]])] }),
        words: async () => new Uint16Array(Buffer.alloc(64, SECRET).buffer, 8, 2),
      },
    };
    const { result } = await runGuest(
      `${STORE}
      (async () => {
        look(await t.buffer()); look(await t.view()); look(await t.slice()); look(await t.words());
        const { list } = await t.nested();
        look(list[0]); look(list[1].get("k"));
        module.exports = { sizes, whole };
      })();`,
      { bindings },
    );
    const { sizes, whole } = result.exports as Seen;
    expect(sizes.map(([length]) => length)).toEqual([5, 0, 3, 4, 1, 2]);
    for (const [length, backing] of sizes) expect(backing).toBe(length);
    // `words` is the embedder's own choice of bytes; the rest must not hold the secret.
    expect(whole).not.toContain(SECRET);
  });

  it("as standard input, of which only a part was read", async () => {
    const stdin = `${"a".repeat(10)}${SECRET}`;
    const { result } = await runGuest(
      `${STORE}
      const fs = require("fs");
      const first = Buffer.alloc(4);
      fs.readSync(0, first, 0, 4, null);
      look(first);
      module.exports = { sizes, whole };`,
      { stdin },
    );
    const { whole } = result.exports as Seen;
    expect(whole).not.toContain(SECRET);
  });

  it("as standard input that arrives in pieces through events", async () => {
    async function* pieces() {
      for (let i = 0; i < 5; i++) {
        planted.push(...plant());
        yield Buffer.from(`piece${i}`);
        await new Promise(setImmediate);
      }
    }
    const { result } = await runGuest(
      `${STORE}
      process.stdin.on("data", look);
      process.stdin.on("end", () => { module.exports = { sizes, whole }; });`,
      { stdin: pieces() },
    );
    const { sizes, whole } = result.exports as Seen;
    expect(sizes.length).toBeGreaterThan(0);
    expect(whole).toContain("piece0");
    expect(whole).not.toContain(SECRET);
    expect(whole).not.toMatch(/"type":"(run|stdin|prepare)"/);
  });

  it("as files, random bytes, digests, encodings and clones", async () => {
    const { result } = await runGuest(
      `${STORE}
      const fs = require("fs"), crypto = require("crypto");
      fs.writeFileSync("/tmp/a", "hello");
      const digest = crypto.createHash("sha256").update("x").digest();
      const files = [fs.readFileSync("/tmp/a"), digest, crypto.randomBytes(16), new TextEncoder().encode("x"), structuredClone(new Uint8Array(3)), crypto.createHmac("sha1", "k").update("x").digest()];
      for (const value of files) look(value);
      const all = [Buffer.from("y"), Buffer.allocUnsafe(100), Buffer.allocUnsafeSlow(5000), Buffer.concat([Buffer.from("z")])];
      for (const value of all) whole += Buffer.from(value.buffer).latin1Slice();
      module.exports = { sizes, whole };`,
      { driver: fs },
    );
    const { sizes, whole } = result.exports as Seen;
    expect(sizes.length).toBe(6);
    expect(whole).not.toContain(SECRET);
    expect(whole).not.toContain("isolated-vm");
    expect(whole).not.toMatch(/"type":"(run|stdin|prepare)"/);
  });

  it("fresh memory of the guest is zero", async () => {
    const { result } = await runGuest(
      "module.exports = [new Uint8Array(1e6), Buffer.allocUnsafeSlow(1e6), new Uint8Array(new SharedArrayBuffer(1e6)), new Uint8Array(new WebAssembly.Memory({ initial: 4 }).buffer)].map((b) => b.every((x) => x === 0));",
    );
    expect(result.exports).toEqual([true, true, true, true]);
  });
});
