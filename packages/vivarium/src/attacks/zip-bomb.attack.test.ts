import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

afterAll(closePool);

const limits = { cpuTimeMs: 8000, wallTimeMs: 15_000, memoryMiB: 64 };
/** A gibibyte of zeros in a mebibyte, as 64 members. */
const BOMB = `
const zlib = require("zlib");
const c = zlib.constants;
const bomb = Buffer.concat(Array(64).fill(zlib.gzipSync(Buffer.alloc(2 ** 24))));`;

describe("a gibibyte of zeros that comes out of a mebibyte", () => {
  it.each([
    ["gunzipSync", "zlib.gunzipSync(bomb);"],
    ["gunzipSync in large chunks", "zlib.gunzipSync(bomb, { chunkSize: 2 ** 25 });"],
    ["gunzip with a callback", "zlib.gunzip(bomb, () => {});"],
    [
      "a stream whose chunks are kept",
      "const kept = []; zlib.createGunzip().on('data', (x) => kept.push(x)).end(bomb);",
    ],
    [
      "brotli",
      "const b = zlib.brotliCompressSync(Buffer.alloc(2 ** 23), { params: { [c.BROTLI_PARAM_QUALITY]: 1 } }); const all = []; for (;;) all.push(zlib.brotliDecompressSync(b));",
    ],
    [
      "zstd",
      "const z = zlib.zstdCompressSync(Buffer.alloc(2 ** 23)); const all = []; for (;;) all.push(zlib.zstdDecompressSync(z));",
    ],
  ])("takes the guest's memory and nobody else's: %s", async (_name, code) => {
    const { result } = await attack(BOMB + code, { limits });
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else
      expect(result).toMatchObject(
        outcomes.uncaught({ name: "RangeError", message: "Array buffer allocation failed" }),
      );
  });

  it("may be read as a stream that keeps nothing, several times the memory limit", async () => {
    const code =
      "let n = 0; zlib.createGunzip().on('data', (x) => { n += x.length; }).on('end', () => console.log(n)).end(bomb.subarray(0, bomb.length / 4));";
    const { result, stdout } = await attack(BOMB + code, { limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe(`${2 ** 28}\n`);
  });

  it("counts against limits.transferBytes", async () => {
    const code = "zlib.createGunzip().on('data', () => {}).on('end', () => console.log('all of it')).end(bomb);";
    const { result, stdout } = await attack(BOMB + code, { limits: { ...limits, transferBytes: 2 ** 27 } });
    expect([result.outcome, result.code, stdout]).toEqual(["exit", 1, ""]);
  });
});

describe("work of the host's engines", () => {
  it("is CPU time of the run, within one call too", async () => {
    const code = `
      const text = Buffer.from(Array.from({ length: 20000 }, (_, i) => "line " + i * 7919).join(""));
      const input = Buffer.concat(Array(30).fill(text));
      for (;;) require("zlib").brotliCompressSync(input, { chunkSize: 2 ** 20 });`;
    const { result } = await attack(code, { limits: { cpuTimeMs: 1000, wallTimeMs: 10_000, memoryMiB: 64 } });
    expect(result).toMatchObject(outcomes.cpu);
  });

  it("takes memory of the run: streams that are kept open", async () => {
    const code = `
      const zlib = require("zlib");
      const c = zlib.constants;
      const input = require("crypto").randomBytes(2 ** 19);
      const params = { [c.BROTLI_PARAM_LGWIN]: 24, [c.BROTLI_PARAM_QUALITY]: 3 };
      const kept = [];
      const more = () => {
        const stream = zlib.createBrotliCompress({ params });
        kept.push(stream);
        stream.resume();
        stream.write(input, more);
      };
      more();`;
    const { result } = await attack(code, { limits });
    expect(result).toMatchObject(outcomes.memory);
  });

  it("takes memory of the run: one stream with the largest window", async () => {
    const code = `
      const zlib = require("zlib");
      const c = zlib.constants;
      const params = { [c.ZSTD_c_windowLog]: 31, [c.ZSTD_c_hashLog]: 30, [c.ZSTD_c_chainLog]: 30, [c.ZSTD_c_compressionLevel]: 22 };
      const stream = zlib.createZstdCompress({ params });
      const input = Buffer.alloc(2 ** 16, "ab");
      const more = () => stream.write(input, more);
      stream.resume();
      more();`;
    const { result } = await attack(code, { limits });
    expect(["memory", "exit"]).toContain(result.outcome);
    if (result.outcome === "memory") expect(result).toMatchObject(outcomes.memory);
    else expect(result.error).toMatchObject({ code: "ERR_ZLIB_INITIALIZATION_FAILED" });
  });

  it("is not asked of more than 1024 streams at once", async () => {
    const code = `
      const zlib = require("zlib");
      const kept = [];
      const failed = (error) => { console.log(kept.length, error.code, error.message); process.exit(0); };
      const more = () => {
        const stream = zlib.createInflateRaw({ chunkSize: 64 });
        kept.push(stream);
        stream.on("error", failed).write("x", more);
      };
      more();`;
    const { result, stdout } = await attack(code, { limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toMatch(/^1025 ERR_SANDBOX_BUDGET_EXCEEDED 1024 compression streams are open at once/);
  });

  it("is given back for streams that were abandoned and collected", async () => {
    const code = `
      const zlib = require("zlib");
      let count = 0;
      const more = () => {
        if (++count < 4000) zlib.createInflateRaw().on("error", (error) => { throw error; }).write("x", more);
        else console.log(count);
      };
      more();`;
    const { result, stdout } = await attack(code, { limits: { ...limits, cpuTimeMs: 14_000 } });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe("4000\n");
  });
});
