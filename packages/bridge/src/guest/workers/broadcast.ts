import { decodeWire, encodeWire } from "../../contract/wire.ts";
import { arrayIsArray, typedArrayTag } from "../primordials.ts";
import { MAX_FRAME_BYTES } from "./frames.ts";

/** A message to everybody who listens to a name. */
export interface Broadcast {
  readonly name: string;
  /** As `encodeMessage` wrote it. */
  readonly message: Uint8Array;
}

export const encodeBroadcast = (name: string, message: Uint8Array): Uint8Array =>
  encodeWire([name, message], MAX_FRAME_BYTES);

/** @returns nothing for bytes that are none */
export function decodeBroadcast(payload: Uint8Array): Broadcast | undefined {
  let value: unknown;
  try {
    value = decodeWire(payload);
  } catch {
    return undefined;
  }
  if (!arrayIsArray(value)) return undefined;
  const { 0: name, 1: message } = value as unknown[];
  if (typeof name !== "string" || typedArrayTag(message) !== "Uint8Array") return undefined;
  return { name, message: message as Uint8Array };
}
