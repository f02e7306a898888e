import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { failureOf, utf8 } from "../crypto/harness.ts";
import { integer, octets, oid, sequence, tlv } from "../crypto/keys/der-writer.ts";
import { createTlsHandlers } from "./handlers.ts";
import { ARCHIVES } from "./sample-archives.ts";

const COSTLY = 2 ** 31 - 1;
const DATA = "2a864886f70d010701";
const explicit = (...parts: Uint8Array[]): Buffer => tlv(0xa0, ...parts);
const scheme = (id: string, iterations: number | Buffer): Buffer =>
  sequence(oid(id), sequence(octets(randomBytes(8)), integer(iterations)));
const pbes2 = (derivation: Buffer): Buffer =>
  sequence(
    oid("2a864886f70d01050d"),
    sequence(derivation, sequence(oid("60864801650304012a"), octets(Buffer.alloc(16)))),
  );
const pbkdf2 = (iterations: number, salt: Uint8Array = Buffer.alloc(8)): Buffer =>
  pbes2(sequence(oid("2a864886f70d01050c"), sequence(octets(salt), integer(iterations))));
const scrypt = (N: number, r: number, p: number): Buffer =>
  pbes2(sequence(oid("2b06010401da47040b"), sequence(octets(randomBytes(8)), integer(N), integer(r), integer(p))));
const PKCS12_3DES = "2a864886f70d010c0103";
const PKCS12_RC2 = "2a864886f70d010c0106";

const shrouded = (algorithm: Buffer): Buffer =>
  sequence(oid("2a864886f70d010c0a0102"), explicit(sequence(algorithm, octets(randomBytes(64)))));
const nested = (...bags: Buffer[]): Buffer => sequence(oid("2a864886f70d010c0a0106"), explicit(sequence(...bags)));
const open = (...bags: Buffer[]): Buffer => sequence(oid(DATA), explicit(octets(sequence(...bags))));
const sealed = (algorithm: Buffer, data: Buffer = randomBytes(64)): Buffer =>
  sequence(oid("2a864886f70d010706"), explicit(sequence(integer(0), sequence(oid(DATA), algorithm, tlv(0x80, data)))));
/** Bags that the passphrase opens. */
function sealedFor(passphrase: string, ...bags: Buffer[]): Buffer {
  const key = pbkdf2Sync(passphrase, Buffer.alloc(8), 10, 32, "sha1");
  const cipher = createCipheriv("aes-256-cbc", key, Buffer.alloc(16));
  return sealed(pbkdf2(10), Buffer.concat([cipher.update(sequence(...bags)), cipher.final()]));
}
const mac = (iterations: number): Buffer =>
  sequence(
    sequence(sequence(oid("2b0e03021a"), tlv(0x05)), octets(randomBytes(20))),
    octets(randomBytes(8)),
    integer(iterations),
  );
const archive = (parts: readonly Buffer[], code?: Buffer): Uint8Array =>
  new Uint8Array(
    sequence(integer(3), sequence(oid(DATA), explicit(octets(sequence(...parts)))), ...(code ? [code] : [])),
  );

function load(data: Uint8Array, passphrase?: string): void {
  const { handlers } = createTlsHandlers();
  const id = handlers.contextOpen([], "TLS_method", 0, 0);
  handlers.contextArchive([], id, data, passphrase === undefined ? undefined : utf8(passphrase));
}
const refusal = (data: Uint8Array, passphrase?: string): string => {
  const { code, detail } = failureOf(() => load(data, passphrase));
  expect(code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
  return detail ?? "";
};

describe("a PKCS 12 archive whose opening it prices itself", () => {
  it.each([
    ["its own code", archive([], mac(COSTLY))],
    ["a code and a part that are too much together", archive([sealed(pbkdf2(1_500_000))], mac(600_000))],
    ["a sealed part, PBKDF2", archive([sealed(pbkdf2(COSTLY))])],
    ["a sealed part, triple DES", archive([sealed(scheme(PKCS12_3DES, COSTLY))])],
    ["a sealed part, RC2", archive([sealed(scheme(PKCS12_RC2, COSTLY))])],
    ["a number of no size", archive([sealed(scheme(PKCS12_3DES, Buffer.concat([Buffer.from([1]), randomBytes(20)])))])],
    ["many sealed parts", archive(new Array(20).fill(sealed(scheme(PKCS12_RC2, 200_000))))],
    ["a key", archive([open(shrouded(pbkdf2(COSTLY)))])],
    ["a key of an older scheme", archive([open(shrouded(scheme(PKCS12_3DES, COSTLY)))])],
    ["a key in bags in bags", archive([open(nested(nested(shrouded(pbkdf2(COSTLY)))))])],
    ["a key inside what is sealed", archive([sealedFor("secret", shrouded(pbkdf2(COSTLY)))])],
    ["scrypt again and again", archive(new Array(40).fill(open(shrouded(scrypt(2 ** 14, 8, 8)))))],
  ])("%s: over the cap it is refused before it is tried", (_what, data) => {
    expect(refusal(data, "secret")).toContain("iterations");
  });

  it("by the memory of scrypt", () => {
    expect(refusal(archive([open(shrouded(scrypt(2 ** 20, 8, 1)))]), "secret")).toContain("memory");
  });

  it("in a way that cannot be read is refused: other encodings, unknown ciphers, bags without end", () => {
    const der = Buffer.from(archive([sealed(pbkdf2(COSTLY))]));
    // The outer length becomes an indefinite one: BER, which OpenSSL reads.
    const body = der.subarray(2 + ((der[1] as number) & 0x7f));
    const ber = Buffer.concat([Buffer.from([0x30, 0x80]), body, Buffer.from([0, 0])]);
    const camellia = Buffer.from(pbkdf2(10));
    camellia.write("2a83088c9a4b3d0101", camellia.indexOf(Buffer.from("60864801650304012a", "hex")), "hex");
    let deep = shrouded(pbkdf2(COSTLY));
    for (let i = 0; i < 10; i++) deep = nested(deep);
    for (const data of [new Uint8Array(ber), archive([sealed(camellia)]), archive([open(deep)])])
      expect(refusal(data, "secret")).toContain("cannot be read");
  });

  it("is bounded in its size, and so are its keys", () => {
    expect(refusal(new Uint8Array(2 ** 20 + 1))).toContain("bytes");
    const key = sequence(oid("2a864886f70d010c0a0101"), explicit(sequence(octets(randomBytes(6000)))));
    expect(refusal(archive([open(key)]))).toContain("bytes");
  });

  it("within the caps is opened, whatever OpenSSL makes", () => {
    for (const { passphrase, data } of ARCHIVES) load(data, passphrase);
  });

  it("is opened by its own passphrase alone, and told the engine's errors", () => {
    const [{ data }] = ARCHIVES;
    expect(failureOf(() => load(data, "wrong")).detail).toContain("mac verify failure");
    expect(failureOf(() => load(utf8("no archive"))).detail).toContain("not enough data");
  });
});
