import type { KeyObject } from "node:crypto";
import type { Scalar } from "@vivarium/bridge/contract";
import { buffer } from "./key-input.ts";

type Encoding = Record<string, unknown>;

/** Options of an export from their parts: format, encoding, cipher, passphrase. */
export function encodingOf([format, type, cipher, passphrase]: readonly Scalar[]): Encoding {
  const encoding: Encoding = {};
  if (format !== undefined) encoding.format = format;
  if (type !== undefined) encoding.type = type;
  if (cipher !== undefined) encoding.cipher = cipher;
  if (passphrase !== undefined)
    encoding.passphrase = passphrase instanceof Uint8Array ? buffer(passphrase) : passphrase;
  return encoding;
}

/** A key as text or bytes. @throws Node's errors for options that do not fit */
export const exported = (key: KeyObject, encoding: readonly Scalar[]): string | Buffer =>
  key.export(encodingOf(encoding) as { format: "pem"; type: "spki" });
