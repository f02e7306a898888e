import { getterOf, reflectGetPrototypeOf, SafeWeakMap } from "../primordials.ts";

/** V8's classes of WebAssembly objects, as far as it has them. */
const KINDS = ["Module", "Instance", "Memory", "Table", "Global", "Tag", "Exception"] as const;

type Namespace = Readonly<Partial<Record<(typeof KINDS)[number], { readonly prototype: object }>>>;

let bufferOf: ((memory: unknown) => ArrayBufferLike) | undefined;
const prototypes = new SafeWeakMap<object, string>();

/** Notes the classes before a program runs; V8 adds them to a context only after the snapshot. */
export function captureWasmKinds(wasm: unknown): void {
  for (let i = 0; i < KINDS.length; i++) {
    const kind = KINDS[i] as (typeof KINDS)[number];
    const made = (wasm as Namespace)[kind];
    if (made) prototypes.set(made.prototype, kind);
    if (made && kind === "Memory") bufferOf = getterOf<ArrayBufferLike>(made.prototype, "buffer");
  }
}

/** The buffer of a WebAssembly.Memory, of any context; nothing for another value. */
export function wasmMemoryBuffer(value: unknown): ArrayBufferLike | undefined {
  try {
    return bufferOf?.(value);
  } catch {
    return undefined;
  }
}

/** What kind of WebAssembly object this is; nothing where it is none. */
export function wasmKind(object: object): string | undefined {
  const prototype = reflectGetPrototypeOf(object);
  return prototype === null ? undefined : prototypes.get(prototype);
}
