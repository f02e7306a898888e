import { createPublicKey, generateKeyPairSync, getDiffieHellman } from "node:crypto";
import { JOB, MAX_KEY_STATES, MAX_KEYS } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { createCryptoHandlers } from "../handlers.ts";
import { engineErrorOf, failureOf, utf8 } from "../harness.ts";
import { keyCaps } from "./caps.ts";

const make = () => createCryptoHandlers().handlers;
const exact = (bytes: Uint8Array | string): Uint8Array => new Uint8Array(Buffer.from(bytes));
const none: never[] = [];
const refusal = (run: () => unknown): string => {
  const { code, detail } = failureOf(run);
  expect(code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
  return detail ?? "";
};
const pemOf = () => exact(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));

describe("generation", () => {
  it("is capped by the size of what is generated", () => {
    const { generate } = make().keys;
    for (const later of [false, true]) {
      for (const type of ["rsa", "rsa-pss"])
        expect(
          refusal(() => generate([], type, ["modulusLength", keyCaps.rsaGenerateBits + 1], none, later)),
        ).toContain("RSA");
      expect(refusal(() => generate([], "dsa", ["modulusLength", 4096], none, later))).toContain("DSA");
      expect(refusal(() => generate([], "dh", ["primeLength", 2048], none, later))).toContain("Diffie-Hellman");
    }
    expect(refusal(() => generate([], "dh", ["prime", new Uint8Array(100_000)], none, false))).toContain("prime");
    const { open } = make().exchange;
    expect(refusal(() => open([], [2048, 2]))).toContain("Diffie-Hellman");
    expect(refusal(() => open([], [getDiffieHellman("modp18").getPrime(), 2]))).toContain("4096 bits");
    expect(refusal(() => open([], [exact(getDiffieHellman("modp2").getPrime()), new Uint8Array(10_000)]))).toContain(
      "generator",
    );
  });

  it("takes options it knows and values that are plain", () => {
    const { generate } = make().keys;
    for (const pairs of [
      ["nope", 1],
      ["__proto__", 1],
      [1, 1],
      ["publicKeyEncoding", 1],
      ["constructor", "x"],
    ])
      expect(failureOf(() => generate([], "rsa", pairs, none, false)).code).toBe("EINVAL");
    expect(engineErrorOf(() => generate([], "nope", none, none, false))).toContain("ERR_INVALID_ARG_VALUE");
    expect(engineErrorOf(() => generate([], "__proto__", none, none, false))).toContain("ERR_INVALID_ARG_VALUE");
    expect(engineErrorOf(() => generate([], "rsa", ["modulusLength", "2048"], none, false))).toContain(
      "ERR_INVALID_ARG_TYPE",
    );
  });
});

describe("primes", () => {
  it("are capped by their size", () => {
    const { generatePrime, checkPrime } = make().keys;
    expect(refusal(() => generatePrime([], keyCaps.primeBits + 1, false, undefined, undefined, false))).toContain(
      "random prime",
    );
    expect(refusal(() => generatePrime([], 2048, true, undefined, undefined, true))).toContain("safe prime");
    for (const bits of [0, -1, 2 ** 31])
      expect(failureOf(() => generatePrime([], bits, false, undefined, undefined, false)).code).toBe("EINVAL");
    const candidate = exact(getDiffieHellman("modp18").getPrime());
    expect(refusal(() => checkPrime([], candidate, 0, false))).toContain("primality");
    expect(refusal(() => checkPrime([], exact(getDiffieHellman("modp14").getPrime()), 2 ** 31 - 1, true))).toContain(
      "primality",
    );
    expect(failureOf(() => checkPrime([], candidate, -1, false)).code).toBe("EINVAL");
  });

  it("that do not exist are not searched for", () => {
    const { generatePrime } = make().keys;
    const bytes = (n: number) => exact(Buffer.from(n.toString(16).padStart(8, "0"), "hex"));
    for (const [bits, safe, add, rem] of [
      [64, false, 4, 2],
      [64, false, 15, 5],
      [64, false, 6, 0],
      [64, true, 12, 1],
      [64, true, 8, 5],
      [10, false, 1023, 1],
      [16, false, 65_000, 2],
      [8, true, 210, 1],
    ] as const)
      expect(refusal(() => generatePrime([], bits, safe, bytes(add), bytes(rem), false))).toContain("search");
    expect(refusal(() => generatePrime([], 512, false, exact(Buffer.alloc(63, 0xff)), bytes(1), false))).toContain(
      "search",
    );
  });

  it("of every small size and remainder are found or refused", () => {
    const { generatePrime } = make().keys;
    for (let bits = 1; bits <= 6; bits++)
      for (let add = 1; add <= 2 ** bits; add++)
        for (let rem = 0; rem <= add; rem++)
          for (const safe of [false, true])
            try {
              const [prime] = generatePrime([], bits, safe, Uint8Array.of(add), Uint8Array.of(rem), false);
              expect(prime).toBeInstanceOf(Uint8Array);
            } catch {
              // Refused, by either.
            }
  }, 60_000);
});

describe("what a run keeps", () => {
  it("keys stop at the cap, and closing makes room", () => {
    const { createPrivate, createPublic, close, generate } = make().keys;
    const pem = pemOf();
    const ids = Array.from({ length: MAX_KEYS }, () => createPrivate([], [pem, "pem"])[0] as number);
    expect(refusal(() => createPrivate([], [pem, "pem"]))).toContain(String(MAX_KEYS));
    expect(refusal(() => createPublic([], [ids[0] as number]))).toContain("keys");
    expect(refusal(() => generate([], "ed25519", none, none, false))).toContain("keys");
    close([], ids[0] as number);
    expect(createPrivate([], [pem, "pem"])[0]).toBeGreaterThan(ids.at(-1) as number);
  });

  it("signatures and exchanges stop at the cap", () => {
    const { signature, exchange } = make();
    for (let i = 0; i < MAX_KEY_STATES; i += 2) {
      signature.open([], "sha1", i % 4 === 0);
      exchange.openCurve([], "secp256k1");
    }
    expect(refusal(() => signature.open([], "sha1", false))).toContain("open at once");
    expect(refusal(() => exchange.openGroup([], "modp1"))).toContain("open at once");
  });
});

describe("numbers", () => {
  const sandbox = make();
  const [id] = sandbox.keys.createPrivate([], [pemOf(), "pem"]) as [number];

  it("that are nobody's are refused by every syscall", () => {
    const { keys, signature, exchange } = sandbox;
    for (const other of [0, -1, id + 1, 2 ** 53 - 1]) {
      for (const run of [
        () => keys.details([], other),
        () => keys.checkEc([], other),
        () => keys.equal([], id, other),
        () => keys.export([], other, ["der", "pkcs8"]),
        () => keys.exportJwk([], other),
        () => keys.exportRaw([], other),
        () => keys.exportSpki([], other),
        () => keys.createPublic([], [other]),
        () => keys.createPrivate([], [other]),
        () => keys.job([], other),
        () => signature.signOneShot([], undefined, utf8("x"), [other], none, false),
        () => signature.signWhole([], "sha1", utf8("x"), [other], none),
        () => signature.verifyWhole([], "sha1", utf8("x"), [other], none, utf8("y")),
        () => signature.crypt([], "publicEncrypt", [other], utf8("x"), none),
        () => signature.update([], other, utf8("x")),
        () => signature.sign([], other, [id], none),
        () => signature.verify([], other, [id], none, utf8("y")),
        () => exchange.agree([], other, id),
        () => exchange.generateKeys([], other),
        () => exchange.computeSecret([], other, utf8("x")),
        () => exchange.get([], other, "getPrime", undefined),
        () => exchange.set([], other, true, utf8("x")),
      ])
        expect(failureOf(run).code, run.toString()).toBe("EBADF");
      keys.close([], other);
      signature.close([], other);
      exchange.close([], other);
    }
    expect(keys.details([], id)).toEqual([]);
  });

  it("of another sandbox's keys, of keys let go and of the last run's name nothing", () => {
    const { handlers, reset } = createCryptoHandlers();
    const { keys } = handlers;
    expect(failureOf(() => keys.export([], id, ["der", "pkcs8"])).code).toBe("EBADF");
    const [mine] = keys.createPrivate([], [pemOf(), "pem"]) as [number];
    keys.close([], mine);
    expect(failureOf(() => keys.export([], mine, ["der", "pkcs8"])).code).toBe("EBADF");
    const [kept] = keys.createPrivate([], [pemOf(), "pem"]) as [number];
    reset();
    expect(failureOf(() => keys.export([], kept, ["der", "pkcs8"])).code).toBe("EBADF");
  });

  it("of states of one kind are refused where another is meant", () => {
    const { signature, exchange } = make();
    const signing = signature.open([], "sha1", false);
    const verifying = signature.open([], "sha1", true);
    const curve = exchange.openCurve([], "secp256k1");
    const [group] = exchange.openGroup([], "modp1") as [number];
    for (const run of [
      () => signature.sign([], verifying, [pemOf(), "pem"], none),
      () => signature.verify([], signing, [pemOf(), "pem"], none, utf8("x")),
      () => signature.update([], curve, utf8("x")),
      () => exchange.generateKeys([], signing),
      () => exchange.get([], verifying, "getPublicKey", undefined),
    ])
      expect(failureOf(run).code).toBe("EBADF");
    for (const run of [
      () => exchange.get([], curve, "getPrime", undefined),
      () => exchange.get([], group, "constructor", undefined),
      () => exchange.get([], group, "__proto__", undefined),
      () => exchange.get([], curve, "getPublicKey", "nope"),
      () => exchange.set([], group, true, utf8("x")),
      () => exchange.convertPoint([], utf8("x"), "secp256k1", "nope"),
      () => exchange.open([], [utf8("x")]),
      () => exchange.open([], ["x", 2]),
      () => signature.crypt([], "sign", [pemOf(), "pem"], utf8("x"), none),
      () => signature.crypt([], "__proto__", [pemOf(), "pem"], utf8("x"), none),
      () => signature.signOneShot([], "sha1", utf8("x"), [pemOf(), "pem"], ["key", 1], false),
    ])
      expect(failureOf(run).code).toBe("EINVAL");
  });
});

describe("jobs", () => {
  it("have so much room, and beyond it work is done at once", async () => {
    const { keys, signature } = make();
    const pem = pemOf();
    const started = Array.from({ length: keyCaps.lightJobs + 5 }, () =>
      signature.signOneShot([], undefined, utf8("x"), [pem, "pem"], none, true),
    );
    const jobs = started.filter(([kind]) => kind === JOB);
    expect(jobs).toHaveLength(keyCaps.lightJobs);
    const answers = await Promise.all(jobs.map(([, id]) => keys.job([], id as number)));
    expect(new Set(answers.map(([made]) => Buffer.from(made as Uint8Array).toString("hex"))).size).toBe(1);
    expect(failureOf(() => keys.job([], jobs[0]?.[1] as number)).code).toBe("EBADF");
    expect(signature.signOneShot([], undefined, utf8("x"), [pem, "pem"], none, true)[0]).toBe(JOB);
  });

  it("of an ended run leave no key in the next", async () => {
    const { handlers, reset } = createCryptoHandlers();
    const { keys } = handlers;
    const [, job] = keys.generate([], "ec", ["namedCurve", "P-256"], none, true);
    const answer = keys.job([], job as number);
    reset();
    const [, id] = await answer;
    expect(failureOf(() => keys.export([], id as number, ["der", "spki"])).code).toBe("EBADF");
    expect(failureOf(() => keys.job([], job as number)).code).toBe("EBADF");
  });

  it("that nobody asks about end quietly when they fail", async () => {
    const { keys } = make();
    keys.generate([], "rsa", ["modulusLength", 1], none, true);
    const [, job] = keys.generate([], "rsa", ["modulusLength", 1], none, true);
    await expect(keys.job([], job as number)).rejects.toMatchObject({ code: "ERR_CRYPTO_ENGINE" });
  });
});

describe("private keys", () => {
  it("do not come out of what names a public one", () => {
    const { keys } = make();
    const [privateId] = keys.createPrivate([], [pemOf(), "pem"]) as [number];
    const [publicId, kind] = keys.createPublic([], [privateId]) as [number, string];
    expect(kind).toBe("public");
    expect(keys.exportJwk([], publicId)).not.toContain("d");
    engineErrorOf(() => keys.export([], publicId, ["der", "pkcs8"]));
    const spki = Buffer.from(keys.exportSpki([], publicId));
    expect(createPublicKey({ key: spki, format: "der", type: "spki" }).type).toBe("public");
    engineErrorOf(() => keys.exportSpki([], privateId));
  });
});
