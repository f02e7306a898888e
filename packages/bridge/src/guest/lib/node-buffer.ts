import { reflectSetPrototypeOf } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Bytes as a Node `Buffer` over the same memory. */
export function asNodeBuffer(realm: Realm, bytes: Uint8Array): Uint8Array {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { prototype: object } }>("buffer");
  reflectSetPrototypeOf(bytes, Buffer.prototype);
  return bytes;
}
