import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCryptoHandlers } from "../handlers.ts";
import { engineErrorOf, failureOf } from "../harness.ts";
import { keyCaps } from "./caps.ts";
import { integer, octets, oid, pem, sequence, tlv } from "./der-writer.ts";

const make = () => createCryptoHandlers().handlers.keys;
const exact = (bytes: Uint8Array | string): Uint8Array => new Uint8Array(Buffer.from(bytes));
const refusal = (run: () => unknown): string => {
  const { code, detail } = failureOf(run);
  expect(code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
  return detail ?? "";
};

const PBES2 = "2a864886f70d01050d";
const PBKDF2 = "2a864886f70d01050c";
const SCRYPT = "2b06010401da47040b";
const AES_256_CBC = sequence(oid("60864801650304012a"), octets(randomBytes(16)));
const PBES1_MD5_DES = "2a864886f70d010503";
const PKCS12_3DES = "2a864886f70d010c0103";

const encrypted = (algorithm: Uint8Array): Buffer => sequence(algorithm, octets(randomBytes(64)));
const pbes2 = (derivation: Uint8Array): Buffer => encrypted(sequence(oid(PBES2), sequence(derivation, AES_256_CBC)));
const pbkdf2 = (iterations: number | Uint8Array): Buffer =>
  pbes2(sequence(oid(PBKDF2), sequence(octets(randomBytes(8)), integer(iterations))));
const scrypt = (N: number, r: number, p: number): Buffer =>
  pbes2(sequence(oid(SCRYPT), sequence(octets(randomBytes(8)), integer(N), integer(r), integer(p))));
const older = (scheme: string, iterations: number): Buffer =>
  encrypted(sequence(oid(scheme), sequence(octets(randomBytes(8)), integer(iterations))));

const asDer = (der: Uint8Array) => make().createPrivate([], [exact(der), "der", "pkcs8", exact("passphrase")]);
const asPem = (der: Uint8Array, label = "ENCRYPTED PRIVATE KEY") =>
  make().createPrivate([], [exact(pem(label, der)), "pem", undefined, exact("passphrase")]);

const COSTLY = 2 ** 31 - 1;

describe("a passphrase whose key derivation the data prices", () => {
  it.each([
    ["PBKDF2", pbkdf2(COSTLY), "iterations"],
    ["PBKDF2 with a number of no size", pbkdf2(Buffer.concat([Buffer.from([1]), randomBytes(20)])), "iterations"],
    ["PBES1", older(PBES1_MD5_DES, COSTLY), "iterations"],
    ["PKCS 12", older(PKCS12_3DES, COSTLY), "iterations"],
    ["scrypt, memory", scrypt(2 ** 20, 8, 1), "memory"],
    ["scrypt, steps", scrypt(2 ** 14, 1, 2 ** 12), "steps"],
  ])("%s over the cap is refused before it is tried, as DER and as PEM", (_name, der, unit) => {
    expect(refusal(() => asDer(der))).toContain(unit);
    expect(refusal(() => asPem(der))).toContain(unit);
    expect(refusal(() => asPem(Buffer.from(der), "PRIVATE KEY"))).toContain(unit);
  });

  it("within the caps is tried", () => {
    for (const der of [pbkdf2(1000), older(PBES1_MD5_DES, 10), scrypt(1024, 8, 1)])
      expect(engineErrorOf(() => asDer(der))[1]).not.toMatch(/[Pp]assphrase/);
  });

  it("in anything but strict DER keeps the engine from the passphrase", () => {
    const der = pbkdf2(COSTLY);
    // The outer length in a longer form, then an indefinite one: BER, which OpenSSL reads.
    const body = der.subarray(der[1] === 0x81 || der[1] === 0x82 ? 2 + ((der[1] as number) & 0x7f) : 2);
    const size = body.length;
    const long = Buffer.concat([Buffer.from([0x30, 0x84, 0, 0, size >> 8, size & 0xff]), body]);
    const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), body, Buffer.from([0, 0])]);
    const trailed = Buffer.concat([der, Buffer.from([0])]);
    for (const bytes of [long, indefinite, trailed]) {
      const error = engineErrorOf(() => asDer(bytes));
      expect(error[1]).toMatch(/Passphrase required|asn1|DECODER|unsupported/);
      engineErrorOf(() => asPem(bytes));
    }
  });

  it("cannot hide behind old PEM encryption, other blocks, or a certificate's label", () => {
    const der = pbkdf2(COSTLY);
    const headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n";
    const wrapped = pem("ENCRYPTED PRIVATE KEY", der).replace("\n", `\n${headers}`);
    engineErrorOf(() => make().createPrivate([], [exact(wrapped), "pem", undefined, exact("p")]));
    const second = pem("EC PARAMETERS", Buffer.from([5, 0])) + pem("ENCRYPTED PRIVATE KEY", der);
    expect(refusal(() => make().createPrivate([], [exact(second), "pem", undefined, exact("p")]))).toContain(
      "iterations",
    );
    expect(refusal(() => asPem(der, "CERTIFICATE"))).toContain("iterations");
    const nested = pem("ENCRYPTED PRIVATE KEY", der).replace("-----BEGIN", "-----BEGIN X-----\n-----BEGIN");
    expect(refusal(() => make().createPrivate([], [exact(nested), "pem", undefined, exact("p")]))).toContain(
      "iterations",
    );
    expect(
      refusal(() =>
        createCryptoHandlers().handlers.signature.signOneShot(
          [],
          "sha1",
          exact("x"),
          [exact(der), "der", "pkcs8", exact("p")],
          [],
          false,
        ),
      ),
    ).toContain("iterations");
  });
});

describe("keys whose size prices the work", () => {
  const huge = (bytes: number): Buffer =>
    Buffer.concat([Buffer.from([0x7f]), randomBytes(bytes - 2), Buffer.from([1])]);

  it("are refused by their size before they are read", () => {
    const zero = integer(0);
    const rsa = sequence(zero, integer(huge(keyCaps.derBytes)), integer(3), integer(3), zero, zero, zero, zero, zero);
    const dsa = sequence(
      zero,
      sequence(oid("2a8648ce380401"), sequence(integer(huge(4000)), integer(huge(32)), integer(2))),
      octets(integer(huge(4000))),
    );
    for (const der of [rsa, dsa, randomBytes(100_000)]) {
      for (const type of ["pkcs1", "pkcs8", "sec1"])
        expect(refusal(() => make().createPrivate([], [exact(der), "der", type, undefined]))).toContain("a key");
      expect(
        refusal(() => make().createPrivate([], [exact(pem("PRIVATE KEY", der)), "pem", undefined, undefined])),
      ).toContain("a key");
      expect(refusal(() => make().createPublic([], [exact(der), "der", "spki", undefined]))).toContain("a key");
    }
    const jwk = JSON.stringify({ kty: "RSA", n: huge(40_000).toString("base64url"), e: "AQAB" });
    expect(refusal(() => make().fromJwk([], false, jwk))).toContain("a JWK");
    expect(refusal(() => make().createPrivate([], [new Uint8Array(2 ** 21), "pem", undefined, undefined]))).toContain(
      "PEM",
    );
  });

  it("RSA is bounded by its modulus, also where it is used without being kept", () => {
    const bits = keyCaps.rsaBits + 64;
    const der = sequence(integer(huge(bits / 8)), integer(3));
    const { keys, signature } = createCryptoHandlers().handlers;
    expect(refusal(() => keys.createPublic([], [exact(der), "der", "pkcs1", undefined]))).toContain("an RSA key");
    expect(
      refusal(() =>
        signature.verifyOneShot([], "sha1", exact("x"), [exact(der), "der", "pkcs1"], [], exact("y"), false),
      ),
    ).toContain("an RSA key");
    const jwk = JSON.stringify({ kty: "RSA", n: huge(bits / 8).toString("base64url"), e: "AQAB" });
    expect(refusal(() => keys.fromJwk([], false, jwk))).toContain("an RSA key");
  });
});

describe("malformed keys", () => {
  it("at every length, and bent at every byte, are the engine's errors or keys", () => {
    const { createPrivate, createPublic } = make();
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const forms = [
      [createPrivate, privateKey.export({ type: "pkcs8", format: "der" }), "pkcs8"],
      [createPrivate, privateKey.export({ type: "sec1", format: "der" }), "sec1"],
      [createPublic, publicKey.export({ type: "spki", format: "der" }), "spki"],
      [
        createPrivate,
        privateKey.export({ type: "pkcs8", format: "der", cipher: "aes-128-cbc", passphrase: "p" }),
        "pkcs8",
      ],
    ] as const;
    for (const [create, der, type] of forms) {
      for (let end = 0; end < der.length; end++)
        engineErrorOf(() => create([], [exact(der.subarray(0, end)), "der", type, exact("p")]));
      for (let at = 0; at < der.length; at++) {
        const bent = exact(der);
        bent[at] = (bent[at] as number) ^ 0xff;
        try {
          create([], [bent, "der", type, exact("p")]);
        } catch {
          expect(["ERR_CRYPTO_ENGINE", "ERR_SANDBOX_BUDGET_EXCEEDED"]).toContain(
            failureOf(() => create([], [bent, "der", type, exact("p")])).code,
          );
        }
      }
    }
  });

  it("of the wrong kinds of values are refused", () => {
    const { createPrivate, createPublic, fromJwk, fromRaw } = make();
    for (const wire of [[], [null], ["text", "pem"], [exact("x")], [exact("x"), "jwk"], [exact("x"), 1], [true]])
      for (const create of [createPrivate, createPublic])
        expect(failureOf(() => create([], wire as never)).code, JSON.stringify(wire)).toBe("EINVAL");
    for (const text of ["", "null", "[1]", "1", '{"kty":1}', '{"kty":{"a":1}}', "{"])
      expect(failureOf(() => fromJwk([], false, text)).code).toBe("EINVAL");
    for (const curve of ["nope", "__proto__", "toString", "P-256"])
      expect(failureOf(() => fromRaw([], curve, exact("x"), false)).code).toBe("EINVAL");
    expect(fromRaw([], "prime256v1", exact("x"), false)).toEqual([]);
    expect(fromRaw([], "Ed25519", exact("x"), true)).toEqual([]);
  });
});

describe("tlv", () => {
  it("writes what OpenSSL reads", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const raw = Buffer.from(privateKey.export({ format: "jwk" }).d as string, "base64url");
    const der = sequence(integer(0), sequence(oid("2b6570")), octets(tlv(0x04, raw)));
    expect(createPrivateKey({ key: der, format: "der", type: "pkcs8" }).equals(privateKey)).toBe(true);
  });
});
