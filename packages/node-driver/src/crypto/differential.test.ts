import { describe, expect, it } from "vitest";
import { inSandbox, onNode } from "./compare.ts";
import { PROGRAMS, programOf } from "./differential-programs.ts";

describe("the same program on Node and in a sandbox", () => {
  for (const [fact, source] of PROGRAMS) {
    it(`prints the same for ${fact}`, async () => {
      const program = programOf(source);
      expect(await inSandbox(program)).toBe(onNode(program));
    });
  }
});

describe("in a sandbox", () => {
  it("work over a cap is an error of the call, and the program goes on", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const attempt = (run) => { try { run(); } catch (e) { console.log(e.code, e.message); } };
      attempt(() => c.scryptSync("p", "s", 32, { N: 2 ** 20, r: 8, maxmem: 2 ** 40 }));
      attempt(() => c.createHash("shake128", { outputLength: 2 ** 31 }));
      c.pbkdf2("p", "s", 2 ** 31 - 1, 32, "sha256", (e) => console.log(e.code, c.createHash("md5").digest("hex")));`);
    expect(printed.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "ERR_SANDBOX_BUDGET_EXCEEDED",
      "ERR_SANDBOX_BUDGET_EXCEEDED",
      "ERR_SANDBOX_BUDGET_EXCEEDED",
      "",
    ]);
  });

  it("many digests that are never ended do not use up the host's states when they are small", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const kept = Array.from({ length: 6000 }, () => c.createHash("sha256").update("x"));
      console.log(new Set(kept.map((hash) => hash.digest("hex"))).size);`);
    expect(printed).toBe("1\n");
  });

  it("digests and ciphers that were abandoned make room for others once they are collected", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const big = Buffer.alloc(70_000);
      let made = 0;
      let garbage;
      const step = () => {
        for (let i = 0; i < 250; i++, made += 2) {
          c.createHash("sha1").update(big);
          c.createCipheriv("aes-128-cbc", big.subarray(0, 16), big.subarray(0, 16));
        }
        for (let i = 0; i < 30; i++) garbage = Array.from({ length: 100_000 }, (_, n) => ({ n }));
        if (made < 6000) setTimeout(step);
        else console.log(made, garbage.length);
      };
      step();`);
    expect(printed).toBe("6000 100000\n");
  });

  it("a program that changes the prototypes changes no digest and sees no key", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const secret = c.createSecretKey(new Uint8Array([71, 72, 73]));
      const expected = [c.createHash("sha256").update("abc").digest("hex"), c.createHmac("sha256", secret).update("x").digest("hex")];
      const { apply } = Reflect;
      let seen = 0, holdsKey = false;
      const isKey = (value) => value instanceof Uint8Array && value[0] === 71 && value[1] === 72 && value.length === 3;
      const TypedArray = Object.getPrototypeOf(Uint8Array);
      for (const proto of [Uint8Array.prototype, TypedArray.prototype, Array.prototype, Map.prototype, WeakMap.prototype, WeakRef.prototype])
        for (const key of Object.getOwnPropertyNames(proto)) {
          const { value: method, configurable } = Object.getOwnPropertyDescriptor(proto, key);
          if (typeof method !== "function" || !configurable || key === "constructor") continue;
          proto[key] = function (...args) {
            seen++;
            holdsKey ||= isKey(this) || isKey(args[0]) || isKey(args[1]);
            return apply(method, this, args);
          };
        }
      const actual = [c.createHash("sha256").update("abc").digest("hex"), c.createHmac("sha256", secret).update("x").digest("hex")];
      [1].map(String);
      console.log(actual[0] === expected[0], actual[1] === expected[1], holdsKey, seen > 0);`);
    expect(printed).toBe("true true false true\n");
  });
});
