import { createCipheriv, createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCryptoHandlers } from "./handlers.ts";
import { engineErrorOf, failureOf, hex, utf8 } from "./harness.ts";

const make = () => createCryptoHandlers().handlers.crypto;
const key = new Uint8Array(16).fill(7);
const iv = new Uint8Array(12).fill(9);

describe("digests and MACs", () => {
  it("a digest in one call, and fed in pieces, is Node's", () => {
    const { hashOnce, hashOpen, update, digest } = make();
    const expected = createHash("sha256").update("abc").digest("hex");
    expect(hex(hashOnce([], "sha256", utf8("abc"), undefined))).toBe(expected);
    const id = hashOpen([], "sha256", undefined);
    update([], id, utf8("ab"));
    update([], id, utf8("c"));
    expect(hex(digest([], id))).toBe(expected);
  });

  it("a copy goes on by itself, with an output length of its own", () => {
    const { hashOpen, hashCopy, update, digest } = make();
    const first = hashOpen([], "shake128", undefined);
    update([], first, utf8("x"));
    const second = hashCopy([], first, 5);
    update([], first, utf8("y"));
    const shake = (text: string, outputLength: number) =>
      createHash("shake128", { outputLength }).update(text).digest("hex");
    expect(hex(digest([], second))).toBe(shake("x", 5));
    expect(hex(digest([], first))).toBe(shake("xy", 16));
  });

  it("a MAC takes any key, the empty one too", () => {
    const { hmacOnce, hmacOpen, update, digest } = make();
    for (const secret of ["", "k", "k".repeat(500)]) {
      const expected = createHmac("sha512", secret).update("m").digest("hex");
      expect(hex(hmacOnce([], "sha512", utf8(secret), utf8("m")))).toBe(expected);
      const id = hmacOpen([], "sha512", utf8(secret));
      update([], id, utf8("m"));
      expect(hex(digest([], id))).toBe(expected);
    }
  });

  it("an id is closed by its digest and is never used again", () => {
    const { hashOpen, update, digest } = make();
    const first = hashOpen([], "md5", undefined);
    digest([], first);
    const second = hashOpen([], "md5", undefined);
    expect(second).not.toBe(first);
    expect(failureOf(() => update([], first, utf8("x"))).code).toBe("EBADF");
    expect(failureOf(() => digest([], first)).code).toBe("EBADF");
  });

  it("reset() closes what a run left open", () => {
    const {
      handlers: { crypto: handlers },
      reset,
    } = createCryptoHandlers();
    const id = handlers.hashOpen([], "md5", undefined);
    reset();
    expect(failureOf(() => handlers.update([], id, utf8("x"))).code).toBe("EBADF");
  });

  it("ids of digests do not pass for ciphers, nor the reverse", () => {
    const { hashOpen, cipherOpen, cipherUpdate, update, hmacOpen, hashCopy } = make();
    const hash = hashOpen([], "md5", undefined);
    const cipher = cipherOpen([], "aes-128-gcm", key, iv, true, -1);
    expect(failureOf(() => cipherUpdate([], hash, utf8("x"))).code).toBe("EBADF");
    expect(failureOf(() => update([], cipher, utf8("x"))).code).toBe("EBADF");
    expect(failureOf(() => hashCopy([], hmacOpen([], "md5", key), undefined)).code).toBe("EBADF");
  });
});

describe("errors of the engine", () => {
  it("carry class, message and properties, and nothing of the host", () => {
    const { checkHash, hashOneShot, checkHmac, cipherOpen } = make();
    expect(engineErrorOf(() => checkHash([], "nope", undefined))).toEqual(["Error", "Digest method not supported"]);
    expect(engineErrorOf(() => hashOneShot([], "nope", utf8("")))).toEqual([
      "Error",
      "Digest method nope is not supported",
    ]);
    expect(engineErrorOf(() => checkHmac([], "nope"))).toEqual([
      "TypeError",
      "Invalid digest: nope",
      "code",
      "ERR_CRYPTO_INVALID_DIGEST",
    ]);
    const [kind, message, ...properties] = engineErrorOf(() => checkHash([], "sha256", 20));
    expect([kind, message]).toEqual(["Error", "error:030000B2:digital envelope routines::not XOF or invalid length"]);
    expect(properties).toEqual([
      "library",
      "digital envelope routines",
      "reason",
      "not XOF or invalid length",
      "code",
      "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH",
    ]);
    expect(engineErrorOf(() => cipherOpen([], "aes-128-gcm", iv, iv, true, -1))[0]).toBe("RangeError");
  });
});

describe("ciphers", () => {
  it("an authenticated encryption gives its tag with its end, and a decryption checks it", () => {
    const { cipherOpen, cipherUpdate, cipherFinal, cipherTag, cipherAdditional } = make();
    const id = cipherOpen([], "aes-128-gcm", key, iv, true, -1);
    expect(cipherAdditional([], id, utf8("aad"), -1)).toBe(true);
    const text = cipherUpdate([], id, utf8("secret"));
    const [rest, tag] = cipherFinal([], id) as readonly Uint8Array[];
    const reference = createCipheriv("aes-128-gcm", key, iv).setAAD(utf8("aad"));
    expect(hex(text)).toBe(reference.update("secret", "utf8", "hex"));
    reference.final();
    expect([rest?.byteLength, hex(tag as Uint8Array)]).toEqual([0, reference.getAuthTag().toString("hex")]);

    const back = cipherOpen([], "aes-128-gcm", key, iv, false, -1);
    cipherAdditional([], back, utf8("aad"), -1);
    expect(cipherTag([], back, new Uint8Array(16))).toBe(true);
    expect(Buffer.from(cipherUpdate([], back, text)).toString()).toBe("secret");
    expect(engineErrorOf(() => cipherFinal([], back))[1]).toBe("Unsupported state or unable to authenticate data");
    expect(failureOf(() => cipherUpdate([], back, text)).code).toBe("EBADF");
  });

  it("an operation the state does not allow answers false", () => {
    const { cipherOpen, cipherTag, cipherFinal } = make();
    const id = cipherOpen([], "aes-128-cbc", key, new Uint8Array(16), true, -1);
    expect(cipherTag([], id, new Uint8Array(16))).toBe(false);
    expect(cipherFinal([], id)).toHaveLength(1);
  });

  it("describes a cipher by name and by number", () => {
    const { cipherInfo } = make();
    const info = cipherInfo([], ["aes-128-cbc", undefined, undefined]);
    expect(info).toContain("aes-128-cbc");
    expect(cipherInfo([], [419])).toEqual(info);
    expect(cipherInfo([], ["nope"])).toEqual([]);
    expect(failureOf(() => cipherInfo([], [true])).code).toBe("EINVAL");
  });
});

describe("randomness", () => {
  it("fills memory of exactly the asked size", () => {
    const { random } = make();
    const bytes = random([], 64);
    expect([bytes.byteLength, bytes.buffer.byteLength]).toEqual([64, 64]);
    expect(new Set([hex(bytes), hex(random([], 64)), "00".repeat(64)]).size).toBe(3);
    expect(random([], 0).byteLength).toBe(0);
  });
});
