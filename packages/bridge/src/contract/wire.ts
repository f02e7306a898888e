import { mathMin, typedArrayByteLength } from "../guest/primordials.ts";
import { WireDecoder } from "./wire-decode.ts";
import { WireEncoder } from "./wire-encode.ts";
import { MAX_WIRE_DEPTH, WireError } from "./wire-format.ts";

export { MAX_WIRE_DEPTH, WireError, type WireErrorCode } from "./wire-format.ts";

/**
 * The bytes of a value that crosses through `bindings` or `run()`'s exports: primitives, bigint, Date, RegExp, Map,
 * Set, arrays with holes, objects by their own enumerable string keys, ArrayBuffer and views (their bytes only), errors
 * by name, message, code, stack, cause and errors; shared and circular references stay what they are.
 * @param limitBytes most bytes of the result
 * @param root what the value is called in error texts
 * @throws WireError ERR_SANDBOX_UNCLONEABLE names the part that cannot cross, ERR_SANDBOX_PAYLOAD_TOO_LARGE past
 *   `limitBytes` or 1000 levels; and whatever a getter of the value throws
 */
export const encodeWire = (value: unknown, limitBytes: number, root = "exports"): Uint8Array<ArrayBuffer> =>
  new WireEncoder(limitBytes, root).encode(value);

/** Bounds of `decodeWire`. */
export interface WireLimits {
  /** Levels of nesting, at most and by default 1000. */
  readonly depth?: number;
  /** Bytes of input. */
  readonly limit?: number;
}

/**
 * Reads what `encodeWire` wrote. The bytes may be hostile: nothing is allocated on a count's word, no setter or getter
 * runs, `__proto__` is a key like any other.
 * @throws WireError ERR_SANDBOX_CONTRACT for bytes of no value, ERR_SANDBOX_PAYLOAD_TOO_LARGE past a bound
 */
export function decodeWire(bytes: Uint8Array, limits: WireLimits = {}): unknown {
  const { depth = MAX_WIRE_DEPTH, limit } = limits;
  if (limit !== undefined && typedArrayByteLength(bytes) > limit) {
    throw new WireError("ERR_SANDBOX_PAYLOAD_TOO_LARGE", `value exceeds ${limit} bytes`);
  }
  return new WireDecoder(bytes, mathMin(depth, MAX_WIRE_DEPTH)).decode();
}
