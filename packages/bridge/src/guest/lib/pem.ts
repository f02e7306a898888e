import { StringProto } from "../primordials.ts";
import { append } from "./define.ts";

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** The certificates of a PEM file (RFC 7468), one text each; what is between them is left out. */
export function splitCertificates(text: string): string[] {
  const found: string[] = [];
  let from = StringProto.indexOf(text, BEGIN);
  while (from !== -1) {
    const end = StringProto.indexOf(text, END, from);
    if (end === -1) return found;
    append(found, `${StringProto.slice(text, from, end)}${END}\n`);
    from = StringProto.indexOf(text, BEGIN, end);
  }
  return found;
}
