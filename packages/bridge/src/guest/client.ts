import { type Client, type Entry, entries, isWireFailure, STACK_OVERFLOW } from "../contract/index.ts";
import { append } from "./lib/define.ts";
import { NativeRangeError } from "./lib/intrinsics.ts";
import {
  arrayBufferByteLength,
  arrayIsArray,
  jsonParse,
  objectCreate,
  reflectApply,
  SafeMap,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
} from "./primordials.ts";

/** The one function of the host: a syscall number and its arguments in, data out. */
export type HostFunction = (number: number, ...args: unknown[]) => unknown;

/** A syscall the host refused or could not do. Bindings turn it into the error Node would throw. */
export class SyscallError {
  readonly code: string;
  readonly sandboxCode: string | undefined;
  readonly message: string | undefined;
  constructor(code: string, sandboxCode: string | undefined, message: string | undefined) {
    this.code = code;
    this.sandboxCode = sandboxCode;
    this.message = message;
  }
}

/** The answer of an async syscall: a failure, or a result. */
export type Settle = (failure: SyscallError | undefined, result: unknown) => void;

/** Nothing may ride along with a byte array: what crosses has a backing store of its own size. */
function exact(value: unknown): unknown {
  if (typeof value !== "object" || value === null || arrayIsArray(value)) return value;
  const view = value as Uint8Array;
  const size = typedArrayByteLength(view);
  const backing = typedArrayBuffer(view);
  let whole = -1;
  try {
    whole = arrayBufferByteLength(backing);
  } catch {
    // A SharedArrayBuffer: copied below, never shared with the host.
  }
  return whole === size ? view : TypedArrayProto.slice(view);
}

type Method = (...args: unknown[]) => unknown;

/** The numbers of a packed result. */
const unpacking =
  (method: Method): Method =>
  (a, b, c, d, e, f) =>
    jsonParse(method(a, b, c, d, e, f) as string) as unknown;

/** The guest's end of the contract, made from the declarations. */
export class Syscalls {
  #host: HostFunction | undefined;
  #token = 0;
  readonly #pending = new SafeMap<number, Settle>();
  /** By negative tokens: those of `#pending` are positive. */
  readonly #listeners = new SafeMap<number, Settle>();
  readonly client: Client = this.#makeClient();

  /** Connects the host. Before that every syscall throws. */
  connect(host: HostFunction): void {
    this.#host = host;
  }

  get pending(): number {
    return this.#pending.size;
  }

  #invoke(number: number, args: unknown[]): unknown {
    if (!this.#host) throw new Error("a syscall was made while the snapshot was built");
    for (let i = 1; i < args.length; i++) args[i] = exact(args[i]);
    args[0] = number;
    const answer = reflectApply(this.#host, undefined, args);
    if (!isWireFailure(answer)) return answer;
    if (answer[1] === STACK_OVERFLOW) throw new NativeRangeError("Maximum call stack size exceeded");
    throw new SyscallError(answer[1], answer[2], answer[3]);
  }

  /** Starts an async syscall; `settle` runs when the cell delivers the answer. */
  start(name: string, settle: Settle, args: readonly unknown[]): void {
    const entry = byName[name] as Entry;
    const token = ++this.#token;
    this.#pending.set(token, settle);
    try {
      const all: unknown[] = [0, token];
      for (let i = 0; i < args.length; i++) append(all, args[i]);
      this.#invoke(entry.number, all);
    } catch (error) {
      this.#pending.delete(token);
      throw error;
    }
  }

  /** -> a token for something that answers as often as it has news, until `unlisten` */
  listen(settle: Settle): number {
    const token = -++this.#token;
    this.#listeners.set(token, settle);
    return token;
  }

  unlisten(token: number): void {
    this.#listeners.delete(token);
  }

  /** The listener of a token, or the settler of a call that was answered, which is over with it. */
  take(token: number): Settle | undefined {
    if (token < 0) return this.#listeners.get(token);
    const settle = this.#pending.get(token);
    this.#pending.delete(token);
    return settle;
  }

  #makeClient(): Client {
    const client = objectCreate(null) as Record<string, Record<string, unknown>>;
    for (const { group, key, number, declaration } of entries) {
      client[group] ??= objectCreate(null) as Record<string, unknown>;
      if (declaration.mode !== "sync") continue;
      const method = this.#method(number, declaration.args.length);
      client[group][key] = "packed" in declaration.result ? unpacking(method) : method;
    }
    return client as unknown as Client;
  }

  /** A function of the declared arity, so that nothing is collected where nothing is variable. */
  #method(number: number, arity: number): Method {
    switch (arity) {
      case 0:
        return () => this.#invoke(number, [0]);
      case 1:
        return (a: unknown) => this.#invoke(number, [0, a]);
      case 2:
        return (a: unknown, b: unknown) => this.#invoke(number, [0, a, b]);
      case 3:
        return (a: unknown, b: unknown, c: unknown) => this.#invoke(number, [0, a, b, c]);
      default:
        return (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown) => {
          const args = [0, a, b, c, d, e, f];
          args.length = arity + 1;
          return this.#invoke(number, args);
        };
    }
  }
}

const byName: Readonly<Record<string, Entry>> = (() => {
  const table = objectCreate(null) as Record<string, Entry>;
  for (const entry of entries) table[entry.name] = entry;
  return table;
})();
