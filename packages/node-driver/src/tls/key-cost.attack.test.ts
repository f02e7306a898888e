import { generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { failureOf, utf8 } from "../crypto/harness.ts";
import { integer, octets, oid, pem, sequence } from "../crypto/keys/der-writer.ts";
import { createTlsHandlers } from "./handlers.ts";
import { x509Handlers } from "./x509.ts";

/** A private key whose passphrase takes so many iterations of PBKDF2. */
function encryptedKey(iterations: number): Uint8Array {
  const derivation = sequence(oid("2a864886f70d01050c"), sequence(octets(randomBytes(8)), integer(iterations)));
  const cipher = sequence(oid("60864801650304012a"), octets(randomBytes(16)));
  const algorithm = sequence(oid("2a864886f70d01050d"), sequence(derivation, cipher));
  return sequence(algorithm, octets(randomBytes(64)));
}

describe("keys of TLS", () => {
  it("are decrypted only where their passphrase's work is within the cap", () => {
    const { handlers } = createTlsHandlers();
    const id = handlers.contextOpen([], "TLS_method", 0, 0);
    const costly = utf8(pem("ENCRYPTED PRIVATE KEY", encryptedKey(2 ** 31 - 1)));
    const { code, detail } = failureOf(() => handlers.contextKey([], id, costly, "passphrase"));
    expect(code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    expect(detail).toContain("iterations");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const encoding = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "passphrase" } as const;
    handlers.contextKey([], id, utf8(privateKey.export(encoding) as string), "passphrase");
  });

  it("that belong to certificates are bounded by their size", () => {
    const key = new Uint8Array(1024 * 1024);
    expect(failureOf(() => x509Handlers.hasPrivateKey([], utf8("x"), key)).code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
  });
});
