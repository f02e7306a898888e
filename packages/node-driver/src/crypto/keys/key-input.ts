import type { KeyObject } from "node:crypto";
import type { Scalar } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../../late.ts";
import { checkRsaBits } from "./caps.ts";
import { checkKeyData } from "./key-data.ts";
import type { KeyRun } from "./run.ts";

interface KeyData {
  readonly key: Buffer;
  readonly format: "pem" | "der";
  /** Node's own check says what it may be. */
  readonly type?: never;
  readonly passphrase?: Buffer;
}

/** Bytes as a Buffer over the same memory: Node's options know no other form for some. */
export const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A key as data that may be read: its cost was looked at. What else is wrong with it, Node's own checks say. */
function readable([data, format, type, passphrase]: readonly Scalar[]): KeyData {
  if (!(data instanceof Uint8Array) || (format !== "pem" && format !== "der")) throw new SyscallFailure("EINVAL");
  const options: Record<string, unknown> = { key: buffer(data), format };
  if (type !== undefined) options.type = type;
  if (checkKeyData(data, format) && passphrase instanceof Uint8Array) options.passphrase = buffer(passphrase);
  // Of `type` and of what goes with what, Node's own check says what it may be.
  return options as unknown as KeyData;
}

/** A key is kept and used only when the work it makes is bounded. */
export function acceptKey(key: KeyObject): KeyObject {
  const type = key.asymmetricKeyType;
  if (type === "rsa" || type === "rsa-pss") checkRsaBits(key.asymmetricKeyDetails?.modulusLength ?? 0);
  return key;
}

const known = (run: KeyRun, wire: readonly Scalar[]): KeyObject | undefined => {
  const id = wire[0];
  return typeof id === "number" ? run.keys.get(id) : undefined;
};

/** The private key that an argument names or holds. */
export const privateKeyOf = (run: KeyRun, wire: readonly Scalar[]): KeyObject =>
  known(run, wire) ?? acceptKey(late.crypto.createPrivateKey(readable(wire)));

/** The public key of it, or, where it is named by number, the key itself: a private key serves as a public one. */
export const publicKeyOf = (run: KeyRun, wire: readonly Scalar[]): KeyObject =>
  known(run, wire) ?? acceptKey(late.crypto.createPublicKey(readable(wire)));

/** A key as it crosses: its number, type and asymmetric type. */
export const described = (run: KeyRun, key: KeyObject): readonly Scalar[] => [
  run.keys.open(() => acceptKey(key)),
  key.type,
  key.asymmetricKeyType,
];
