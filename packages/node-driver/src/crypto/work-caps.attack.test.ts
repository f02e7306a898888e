import { pbkdf2Sync, scryptSync } from "node:crypto";
import { MAX_CRYPTO_STATES, MAX_RANDOM_BYTES } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { caps } from "./caps.ts";
import { createCryptoHandlers } from "./handlers.ts";
import { engineErrorOf, failureOf, hex, utf8 } from "./harness.ts";

const make = () => createCryptoHandlers().handlers.crypto;
const only = (parts: readonly unknown[]): Uint8Array => parts[0] as Uint8Array;
const none = new Uint8Array(0);
const HUGE = 2 ** 53 - 1;

/** The text of a refusal for being over a cap. */
function refusal(run: () => unknown): string {
  const { code, sandboxCode, detail } = failureOf(run);
  expect([code, sandboxCode]).toEqual(["ERR_SANDBOX_BUDGET_EXCEEDED", "ERR_SANDBOX_BUDGET_EXCEEDED"]);
  return detail ?? "";
}

describe("work a guest may ask of the host", () => {
  it("pbkdf2 is capped by iterations times output blocks", () => {
    const { pbkdf2 } = make();
    expect(refusal(() => pbkdf2([], none, none, caps.pbkdf2Rounds + 1, 20, "sha1", false))).toContain(
      String(caps.pbkdf2Rounds),
    );
    expect(refusal(() => pbkdf2([], none, none, caps.pbkdf2Rounds / 2, 41, "sha1", false))).toContain("rounds");
    expect(hex(only(pbkdf2([], utf8("p"), utf8("s"), 1000, 41, "sha1", false)))).toBe(
      pbkdf2Sync("p", "s", 1000, 41, "sha1").toString("hex"),
    );
  });

  it("pbkdf2 cannot hide its work in a long salt or a long key", () => {
    const { pbkdf2 } = make();
    const salt = new Uint8Array(4 * 1024 * 1024);
    expect(refusal(() => pbkdf2([], none, salt, 1, 1024 * 1024, "sha1", false))).toContain("rounds");
    expect(refusal(() => pbkdf2([], none, none, 1, caps.outputBytes + 1, "sha1", false))).toContain("pbkdf2 key");
  });

  it("scrypt is capped by memory whatever maxmem says", () => {
    const { scrypt } = make();
    expect(refusal(() => scrypt([], none, none, [2 ** 17, 8, 1, HUGE, 32], false))).toContain("memory");
    expect(refusal(() => scrypt([], none, none, [2, 2 ** 16, 2 ** 13, HUGE, 32], false))).toContain("memory");
    expect(hex(only(scrypt([], utf8("p"), utf8("s"), [2 ** 16, 8, 1, HUGE, 32], false)))).toBe(
      scryptSync("p", "s", 32, { N: 2 ** 16, r: 8, p: 1, maxmem: HUGE }).toString("hex"),
    );
  });

  it("scrypt is capped by steps and by the length of what it derives", () => {
    const { scrypt } = make();
    expect(refusal(() => scrypt([], none, none, [2 ** 14, 8, 64, HUGE, 32], false))).toContain("steps");
    expect(refusal(() => scrypt([], none, none, [2, 1024, 256, HUGE, 8 * 1024 * 1024], false))).toContain("rounds");
  });

  it("the same caps bind work on threads", () => {
    const { pbkdf2, scrypt } = make();
    expect(refusal(() => pbkdf2([], none, none, caps.pbkdf2Rounds + 1, 20, "sha1", true))).toContain("rounds");
    expect(refusal(() => scrypt([], none, none, [2 ** 17, 8, 1, HUGE, 32], true))).toContain("memory");
  });

  it("scrypt over its own maxmem gets the engine's error, not the cap's", () => {
    const { scrypt } = make();
    const error = engineErrorOf(() => scrypt([], none, none, [2 ** 20, 8, 1, 32 * 1024 * 1024, 32], false));
    expect(error).toContain("ERR_CRYPTO_INVALID_SCRYPT_PARAMS");
  });

  it("numbers that are no counts are refused before the engine sees them", () => {
    const { scrypt } = make();
    for (const bad of [-1, 1.5, Number.NaN, "16384", null]) {
      expect(failureOf(() => scrypt([], none, none, [bad, 8, 1, HUGE, 32], false)).code).toBe("EINVAL");
    }
  });

  it("a digest of any length cannot take the host's memory", () => {
    const { checkHash, hashOnce, hashOpen, hashCopy } = make();
    const length = 2 ** 32 - 1;
    expect(refusal(() => checkHash([], "shake128", length))).toContain("a digest");
    expect(refusal(() => hashOnce([], "shake256", none, length))).toContain("a digest");
    const id = hashOpen([], "shake128", undefined);
    expect(refusal(() => hashCopy([], id, length))).toContain("a digest");
  });

  it("random bytes are capped per call", () => {
    const { random } = make();
    expect(random([], MAX_RANDOM_BYTES).byteLength).toBe(MAX_RANDOM_BYTES);
    expect(failureOf(() => random([], MAX_RANDOM_BYTES + 1)).code).toBe("EINVAL");
    expect(failureOf(() => random([], -1)).code).toBe("EINVAL");
  });

  it("states that are never ended stop at the cap, and closing makes room", () => {
    const { hashOpen, hashCopy, cipherOpen, close } = make();
    const ids = Array.from({ length: MAX_CRYPTO_STATES }, () => hashOpen([], "md5", undefined));
    expect(refusal(() => hashOpen([], "md5", undefined))).toContain(String(MAX_CRYPTO_STATES));
    expect(refusal(() => hashCopy([], ids[0] as number, undefined))).toContain("open at once");
    expect(refusal(() => cipherOpen([], "aes-128-cbc", new Uint8Array(16), new Uint8Array(16), true, -1))).toContain(
      "open",
    );
    close([], ids[0] as number);
    close([], ids[0] as number);
    expect(hashOpen([], "md5", undefined)).toBeGreaterThan(ids.at(-1) as number);
    expect(refusal(() => hashOpen([], "md5", undefined))).toContain("open at once");
  });

  it("a refused state leaves no room taken", () => {
    const { hashOpen, hashCopy } = make();
    const id = hashOpen([], "sha256", undefined);
    for (let i = 0; i < MAX_CRYPTO_STATES + 10; i++) engineErrorOf(() => hashCopy([], id, 7));
    expect(hashOpen([], "sha256", undefined)).toBe(id + 1);
  });
});
