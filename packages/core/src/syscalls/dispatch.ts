import {
  type Codec,
  ContractError,
  type Declaration,
  entries,
  int,
  type Need,
  STACK_OVERFLOW,
  type WireFailure,
} from "@vivarium/bridge/contract";
import { give } from "../engine/given.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { Granted } from "../permissions/granted.ts";

/** What dispatch needs of the permission engine and the budget. */
export interface Powers {
  /** Decides the needs of one syscall, in order. */
  grantAll(needs: readonly Need[]): readonly Granted[];
  charge(calls: number, bytes: number): void;
  /**
   * Starts a call that answers later, if there is room for one more under way; the answer is delivered with the token.
   * What `start` throws is the call's own answer.
   * @param waits it needs no room: see `Declaration.waits`
   */
  later(token: number, start: () => Promise<unknown>, waits: boolean): void;
  /** A handler threw what it should not: logged, and a bare EIO for the guest. */
  bug(name: string, error: unknown): void;
}

type Handler = (grants: readonly Granted[], ...args: readonly unknown[]) => unknown;
/** Handlers by group and name, as the driver and the cell bring them. */
export type HandlerTable = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Copies bytes so that their backing store is exactly their size: a pooled Buffer would take its pool along. */
export function exactBytes(value: Uint8Array): Uint8Array {
  const exact = value.byteLength === value.buffer.byteLength;
  if (exact) return Buffer.isBuffer(value) ? new Uint8Array(value.buffer) : value;
  return give(value);
}

function encode(value: unknown): unknown {
  if (value instanceof Uint8Array) return exactBytes(value);
  if (Array.isArray(value)) return value.map((item: unknown) => (item instanceof Uint8Array ? exactBytes(item) : item));
  return value;
}

const sizeOf = (value: unknown): number => {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.buffer.byteLength;
  if (!Array.isArray(value)) return 0;
  let size = 0;
  for (const item of value) size += sizeOf(item);
  return size;
};

const pack = (values: readonly number[]): string => `[${values.join()}]`;

const isOpaque = (codec: Codec): boolean => "opaque" in codec;

/** Decides needs. A module file that is denied is not there: nothing, or ENOENT where the syscall has no word for it. */
function decide(needs: readonly Need[], powers: Powers, canBeAbsent: boolean): readonly Granted[] | undefined {
  try {
    return powers.grantAll(needs);
  } catch (error) {
    if (needs[0]?.domain !== "module" || !(error instanceof SyscallFailure)) throw error;
    if (canBeAbsent) return undefined;
    throw new SyscallFailure("ENOENT");
  }
}

/** One syscall, ready to run: decode, charge, authorize, handle, encode. */
function makeCall(declaration: Declaration, handler: Handler, powers: Powers): (args: readonly unknown[]) => unknown {
  const { args: codecs, needs, cost, mode, waits } = declaration;
  const isAsync = mode === "async";
  const offset = isAsync ? 1 : 0;
  const opaque = isOpaque(declaration.result);
  const packed = "packed" in declaration.result;
  const canBeAbsent = "denied" in declaration;
  const none: readonly Granted[] = [];
  return (wire) => {
    const args: unknown[] = new Array(codecs.length);
    let bytes = 0;
    for (let i = 0; i < codecs.length; i++) {
      const value = (codecs[i] as Codec).decode(wire[i + offset]);
      bytes += sizeOf(value);
      args[i] = value;
    }
    powers.charge(cost, bytes);
    let grants = none;
    if (needs) {
      // Its codecs made the arguments: they are of the declaration's own types, which are not known here.
      const granted = decide(needs(...(args as never[])), powers, canBeAbsent);
      if (!granted) return declaration.denied;
      grants = granted;
    }
    if (isAsync) {
      powers.later(int.decode(wire[0]), async () => encode(await handler(grants, ...args)), waits);
      return undefined;
    }
    const answer = handler(grants, ...args);
    if (opaque) return answer;
    const encoded = packed ? pack(answer as readonly number[]) : encode(answer);
    powers.charge(0, sizeOf(encoded));
    return encoded;
  };
}

/** V8's text for a stack that is used up. The guest's recursion goes on in the host's frames: there is one stack. */
const OVERFLOW_TEXT = "Maximum call stack size exceeded";
/** Made beforehand: where it is needed there is no room for a call. */
const OVERFLOW: WireFailure = Object.freeze([null, STACK_OVERFLOW, undefined, undefined] as const);

/** Makes the host's end of the contract. A declaration without a handler is a mistake of ours and throws here. */
export function makeDispatch(
  handlers: HandlerTable,
  powers: Powers,
): (number: number, args: readonly unknown[]) => unknown {
  const calls = entries.map(({ name, group, key, declaration }) => {
    const handler = handlers[group]?.[key];
    if (typeof handler !== "function") throw new Error(`no handler for ${name}`);
    return makeCall(declaration, handler as Handler, powers);
  });
  return (number, args) => {
    // A number from the guest may be anything: no property of the array but its elements may answer.
    const call = typeof number === "number" ? calls[number] : undefined;
    try {
      if (!call) return new SyscallFailure("ENOSYS").toWire();
      return call(args);
    } catch (error) {
      if (error instanceof RangeError && error.message === OVERFLOW_TEXT) return OVERFLOW;
      if (error instanceof SyscallFailure) return error.toWire();
      if (error instanceof ContractError)
        return new SyscallFailure("EINVAL", { sandboxCode: error.code, detail: error.message }).toWire();
      powers.bug(entries[number]?.name ?? "?", error);
      return new SyscallFailure("EIO").toWire();
    }
  };
}
