import type { Scalar } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { buffer } from "./key-input.ts";

/**
 * An object of options from pairs of names and values. Only names that the call knows come in; values are primitives
 * and bytes, which Node's own checks go over.
 */
export function optionsOf(pairs: readonly Scalar[], names: ReadonlySet<string>): Record<string, Scalar> {
  const options: Record<string, Scalar> = {};
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = pairs[i];
    const value = pairs[i + 1];
    if (typeof name !== "string" || !names.has(name)) throw new SyscallFailure("EINVAL");
    if (value !== undefined) options[name] = value instanceof Uint8Array ? buffer(value) : value;
  }
  return options;
}

/** Text or bytes of one part; `undefined` where there is nothing. */
export const optionalBytes = (bytes: Uint8Array | undefined): Buffer | undefined => bytes && buffer(bytes);
