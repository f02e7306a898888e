import { describe, expect, it } from "vitest";
import { utf8 } from "../crypto/harness.ts";
import { type DerValue, inSequence, readDer } from "../crypto/keys/der.ts";
import { openSealed } from "./archive-ciphers.ts";
import { ARCHIVES } from "./sample-archives.ts";

const first = (value: DerValue | undefined): DerValue | undefined => readDer(value?.content ?? new Uint8Array(0))?.[0];

/** The one sealed part of an archive that openssl made: its algorithm, and what is sealed. */
function sealedPart(archive: Uint8Array): readonly [algorithm: readonly DerValue[], data: Uint8Array] {
  const authSafe = inSequence(inSequence(readDer(archive)?.[0])?.[1]);
  const parts = inSequence(readDer(first(authSafe?.[1])?.content ?? archive)?.[0]);
  const encrypted = inSequence(first(inSequence(parts?.[0])?.[1]))?.[1];
  const [, algorithm, data] = inSequence(encrypted) ?? [];
  return [inSequence(algorithm) ?? [], data?.content ?? new Uint8Array(0)];
}

const CERTIFICATE_BAG = Buffer.from("2a864886f70d010c0a0103", "hex");

describe("openSealed()", () => {
  it.each(ARCHIVES)("opens what openssl sealed: $what", ({ passphrase, data }) => {
    const [algorithm, sealed] = sealedPart(data);
    const opened = openSealed(algorithm, sealed, utf8(passphrase)) ?? [];
    expect(opened.some((plain) => Buffer.from(plain).includes(CERTIFICATE_BAG))).toBe(true);
    for (const plain of openSealed(algorithm, sealed, utf8("another")) ?? [])
      expect(Buffer.from(plain).includes(CERTIFICATE_BAG)).toBe(false);
  });

  it("knows what it does not know", () => {
    const [[, parameters] = [], sealed] = sealedPart(ARCHIVES[0].data);
    const odd = { tag: 0x06, content: Buffer.from("2a864886f70d01050d", "hex") };
    const nothing = { tag: 0x30, content: new Uint8Array(0) };
    expect(openSealed([odd, nothing], sealed, utf8("secret"))).toBeUndefined();
    expect(
      openSealed(
        [{ ...odd, content: Buffer.from("2a864886f70d010c0106", "hex") }, parameters ?? nothing],
        sealed,
        utf8(""),
      ),
    ).toEqual([]);
  });
});
