import { createPrivateKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { inSandbox, onNode } from "../compare.ts";
import { programOf } from "../differential-programs.ts";
import { KEY_PROGRAMS } from "./differential-programs.ts";
import { makeHostKeys } from "./host-keys.ts";
import { makeSpkac } from "./spkac.ts";

const K = makeHostKeys();
const rsa = K.rsa as (typeof K)[string];
const encryption = { cipher: "aes-256-cbc", passphrase: "secret" } as const;
const key = createPrivateKey(rsa.pem);
const E = {
  pem: key.export({ type: "pkcs8", format: "pem", ...encryption }),
  oldPem: key.export({ type: "pkcs1", format: "pem", ...encryption }),
  der: key.export({ type: "pkcs8", format: "der", ...encryption }).toString("base64"),
};
const keys = `const K = ${JSON.stringify(K)}, E = ${JSON.stringify(E)}, SPKAC = ${JSON.stringify(makeSpkac(rsa.pem, "a challenge"))};\n`;

describe("the same program with keys on Node and in a sandbox", () => {
  for (const [fact, source] of KEY_PROGRAMS) {
    it(`prints the same for ${fact}`, async () => {
      const program = programOf(keys + source);
      const expected = onNode(program);
      expect(expected.length).toBeGreaterThan(500);
      expect(await inSandbox(program)).toBe(expected);
    });
  }
});

describe("what a sandbox makes", () => {
  it("is right for the host: signatures by its keys, keys it generated", async () => {
    const printed = await inSandbox(`${keys}
      const c = require("crypto");
      const data = Buffer.from("from inside");
      const made = Object.entries(K).flatMap(([name, { pem }]) => { try { return [[name, c.sign(name.startsWith("ed") ? null : "sha256", data, pem).toString("base64")]]; } catch { return []; } });
      const { publicKey, privateKey } = c.generateKeyPairSync("rsa", { modulusLength: 1024, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
      console.log(JSON.stringify({ made, own: [publicKey, c.sign("sha256", data, privateKey).toString("base64")] }));`);
    const { made, own } = JSON.parse(printed) as { made: [string, string][]; own: [string, string] };
    expect(made.map(([name]) => name)).toEqual(["rsa", "pss", "dsa", "ec", "p521", "explicit", "ed25519", "ed448"]);
    const check = (digest: string | null, pem: string, signature: string) =>
      verify(digest, Buffer.from("from inside"), pem, Buffer.from(signature, "base64"));
    for (const [name, signature] of made)
      expect(check(name.startsWith("ed") ? null : "sha256", K[name]?.publicPem ?? "", signature), name).toBe(true);
    expect(check("sha256", ...own)).toBe(true);
  });
});

describe("jobs", () => {
  it("run beside the program, more of them than there is room for, each with its own answer", async () => {
    const printed = await inSandbox(`${keys}
      const c = require("crypto");
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      const signed = Array.from({ length: 300 }, (_, i) => new Promise((resolve) =>
        c.sign("sha256", Buffer.from("x" + i), K.rsa.pem, (error, made) => resolve(!error && c.verify("sha256", Buffer.from("x" + i), K.rsa.publicPem, made)))));
      const pairs = Array.from({ length: 12 }, () => new Promise((resolve) => c.generateKeyPair("rsa", { modulusLength: 1024 }, (error, a) => resolve(a.type))));
      Promise.all([...signed, ...pairs]).then((all) => { clearInterval(timer); console.log(all.length, new Set(all), ticks > 0); });`);
    expect(printed).toBe("312 Set(2) { true, 'public' } true\n");
  });

  it("an async form reports what is wrong with its arguments at once, and other failures to the callback", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const { AsyncLocalStorage } = require("async_hooks");
      const storage = new AsyncLocalStorage();
      try { c.generateKeyPair("ec", { namedCurve: "nope" }, () => console.log("called")); } catch (e) { console.log(e.code); }
      storage.run("store", () => c.generateKeyPair("rsa", { modulusLength: 1 }, (e, ...r) => console.log(e.message, r.length, storage.getStore())));
      console.log("after");`);
    expect(printed.split("\n")).toEqual([
      "ERR_CRYPTO_INVALID_CURVE",
      "after",
      expect.stringMatching(/key size too small 0 store$/),
      "",
    ]);
  });
});

describe("key objects", () => {
  it("that are let go of make room for others", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const pem = c.generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      let made = 0;
      const step = () => {
        for (let i = 0; i < 500; i++, made++) c.createPrivateKey(pem);
        if (made < 10_000) setTimeout(step);
        else console.log(made, c.createPrivateKey(pem).type);
      };
      step();`);
    expect(printed).toBe("10000 private\n");
  });

  it("too many at once are an error of the call", async () => {
    const printed = await inSandbox(`
      const c = require("crypto");
      const pem = c.generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      const kept = [];
      try { for (;;) kept.push(c.createPrivateKey(pem)); } catch (e) { console.log(e.code, kept.length > 4000, kept[0].equals(kept[1])); }`);
    expect(printed).toBe("ERR_SANDBOX_BUDGET_EXCEEDED true true\n");
  });
});

describe("compat: baseline", () => {
  it("leaves asymmetric keys and subtle out, and what packages use of crypto in", async () => {
    const printed = await inSandbox(
      `const c = require("crypto");
      for (const api of ["createSign", "sign", "createPrivateKey", "createPublicKey", "generateKeyPairSync", "createECDH", "createDiffieHellman", "publicEncrypt", "generatePrimeSync"])
        try { c[api]("x"); console.log(api, "did not throw"); } catch (e) { console.log(e.message, e.code, e.module); }
      console.log(c.createHmac("sha1", c.createSecretKey(Buffer.from("k"))).update("x").digest("hex"), c.randomUUID().length, c.createCipheriv("aes-128-ecb", Buffer.alloc(16), null).final("hex"));`,
      "baseline",
    );
    const lines = printed.trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    for (const line of lines.slice(0, 9))
      expect(line).toMatch(/^crypto\.\w+ is not supported in sandbox ERR_SANDBOX_CRYPTO_UNSUPPORTED crypto$/);
    expect(lines[9]).toMatch(/^[0-9a-f]{40} 36 [0-9a-f]{32}$/);
  });
});
