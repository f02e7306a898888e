import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { oid, sequence, tlv } from "./der-writer.ts";

const SHA256_WITH_RSA = sequence(oid("2a864886f70d01010b"), tlv(0x05));
const IA5_STRING = 0x16;
const BIT_STRING = 0x03;

/** A signed public key and challenge, as `<keygen>` of HTML made them, in base64. */
export function makeSpkac(pem: string, challenge: string): string {
  const key = createPrivateKey(pem);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const content = sequence(spki, tlv(IA5_STRING, Buffer.from(challenge)));
  const signature = sign("sha256", content, key);
  return sequence(content, SHA256_WITH_RSA, tlv(BIT_STRING, Buffer.from([0]), signature)).toString("base64");
}
