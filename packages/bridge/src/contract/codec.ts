/** Largest string or byte array that may cross in one argument or result, in characters or bytes. */
export const MAX_PAYLOAD = 64 * 1024 * 1024;
/** Longest path a syscall accepts, in characters (Linux's PATH_MAX is 4096 bytes). */
export const MAX_PATH = 16 * 1024;

/** A value that may cross the boundary: a primitive, an exact-size byte array, or a flat array of those. */
export type Scalar = undefined | null | boolean | number | string | Uint8Array;
export type Flat = Scalar | readonly Scalar[];

/** Decodes one untrusted value; the host runs it on every argument, so it must not touch getters or prototypes. */
export interface Codec<T extends Flat = Flat> {
  readonly name: string;
  decode(value: unknown): T;
}

export type Decoded<C> = C extends Codec<infer T> ? T : never;
export type DecodedAll<A extends readonly Codec[]> = { readonly [K in keyof A]: Decoded<A[K]> };

/** An argument that does not fit its declaration. */
export class ContractError extends Error {
  readonly code: "ERR_SANDBOX_CONTRACT" | "ERR_SANDBOX_PAYLOAD_TOO_LARGE";
  constructor(code: ContractError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const misfit = (name: string): never => {
  throw new ContractError("ERR_SANDBOX_CONTRACT", `expected ${name}`);
};

const tooLarge = (name: string): never => {
  throw new ContractError("ERR_SANDBOX_PAYLOAD_TOO_LARGE", `${name} exceeds ${MAX_PAYLOAD} bytes`);
};

/** A whole number that a double carries exactly. */
export const int: Codec<number> = {
  name: "int",
  decode: (value) => (Number.isSafeInteger(value) ? (value as number) : misfit("int")),
};

/** Any number except NaN. */
export const num: Codec<number> = {
  name: "num",
  decode: (value) => (typeof value === "number" && !Number.isNaN(value) ? value : misfit("num")),
};

export const bool: Codec<boolean> = {
  name: "bool",
  decode: (value) => (typeof value === "boolean" ? value : misfit("bool")),
};

export const str: Codec<string> = {
  name: "str",
  decode(value) {
    if (typeof value !== "string") return misfit("str");
    return value.length > MAX_PAYLOAD ? tooLarge("string") : value;
  },
};

/** A guest path: absolute or not, no NUL. */
export const path: Codec<string> = {
  name: "path",
  decode(value) {
    if (typeof value !== "string" || value.includes("\0")) return misfit("path");
    return value.length > MAX_PATH ? misfit(`path of at most ${MAX_PATH} characters`) : value;
  },
};

/** Bytes whose backing store is exactly their size, so that nothing rides along. */
export const bytes: Codec<Uint8Array> = {
  name: "bytes",
  decode(value) {
    if (!(value instanceof Uint8Array)) return misfit("bytes");
    if (value.buffer.byteLength > MAX_PAYLOAD) return tooLarge("byte array");
    return value;
  },
};

export const none: Codec<undefined> = { name: "none", decode: () => undefined };

/** A flat array: names, numbers, or pairs laid end to end. */
export const list: Codec<readonly Scalar[]> = {
  name: "list",
  decode(value) {
    if (!Array.isArray(value)) return misfit("list");
    for (const item of value)
      if (typeof item === "object" && item !== null && !(item instanceof Uint8Array)) misfit("scalar");
    return value as readonly Scalar[];
  },
};

/**
 * Numbers only, as a result. They cross as text: to isolated-vm a string is a quarter of the work of an array.
 */
export const numbers: Codec<readonly number[]> & { readonly packed: true } = {
  name: "numbers",
  packed: true,
  decode: () => misfit("nothing"),
};

/** The value or nothing. */
export const optional = <T extends Flat>(codec: Codec<T>): Codec<T | undefined> => ({
  name: `${codec.name}?`,
  decode: (value) => (value === undefined ? undefined : codec.decode(value)),
});

/** A guest function, module or context that only the engine hands out: never decoded, never an argument. */
export const handle: Codec<never> & { readonly opaque: true } = {
  name: "handle",
  opaque: true,
  decode: () => misfit("nothing"),
};
