import { childProcess, signal } from "./child-process.ts";
import type { Codec, Decoded, DecodedAll, Flat } from "./codec.ts";
import { crypto } from "./crypto.ts";
import type { Declaration } from "./declare.ts";
import { dns } from "./dns.ts";
import { fs } from "./fs.ts";
import { exchange, keys, signature } from "./keys.ts";
import { engine, modules } from "./modules.ts";
import { datagram, loopback, network } from "./network.ts";
import { stream } from "./stream.ts";
import { bindings, clock, process, result, stdio, text, url } from "./system.ts";
import { tls } from "./tls.ts";
import { worker } from "./worker.ts";
import { x509 } from "./x509.ts";
import { zlib } from "./zlib.ts";

export * from "./codec.ts";
export { ENGINE_ERROR, type EngineError, MAX_CRYPTO_STATES, MAX_RANDOM_BYTES } from "./crypto.ts";
export * from "./declare.ts";
export { MAX_QUESTIONS, RecordType } from "./dns.ts";
export { JOB, KEY_PART, MAX_KEY_STATES, MAX_KEYS } from "./keys.ts";
export { MAILBOX } from "./mailbox.ts";
export { STEP, THIS } from "./modules.ts";
export * from "./operations.ts";
export { installedProgram, UTILITIES } from "./programs.ts";
export {
  MAX_TLS_CONNECTIONS,
  MAX_TLS_CONTEXTS,
  MAX_TLS_KEYING,
  MAX_TLS_MATERIAL,
  MAX_TLS_WRITE,
  TLS_CALLBACKS,
  TLS_EVENT_VALUES,
  TLS_FACTS,
  TLS_MATERIALS,
  TLS_NUMBERS,
  TLS_TEXTS,
  TlsEvent,
} from "./tls.ts";
export type { TreeNode } from "./tree.ts";
export { X509_CHECKS, X509_FACTS } from "./x509.ts";
export { MAX_ZLIB_OUTPUT, MAX_ZLIB_STREAMS } from "./zlib.ts";

/** Every syscall there is. A syscall's number is its place in this order. */
export const contract = {
  fs,
  modules,
  engine,
  stdio,
  process,
  clock,
  url,
  text,
  crypto,
  keys,
  signature,
  exchange,
  zlib,
  tls,
  x509,
  network,
  loopback,
  datagram,
  dns,
  stream,
  childProcess,
  signal,
  worker,
  bindings,
  result,
} as const;

export type Contract = typeof contract;
export type Group = keyof Contract;

/** One syscall with its number and full name (`fs.open`). */
export interface Entry {
  readonly number: number;
  readonly name: string;
  readonly group: Group;
  readonly key: string;
  readonly declaration: Declaration;
}

const enumerate = (): readonly Entry[] => {
  const entries: Entry[] = [];
  for (const group of Object.keys(contract) as Group[]) {
    for (const [key, declaration] of Object.entries(contract[group])) {
      // The declarations' argument types differ; an entry sees them all as their common shape.
      entries.push({
        number: entries.length,
        name: `${group}.${key}`,
        group,
        key,
        declaration: declaration as unknown as Declaration,
      });
    }
  }
  return entries;
};

export const entries: readonly Entry[] = enumerate();

type ArgsOf<D> = D extends Declaration<infer A, Flat> ? (A extends readonly Codec[] ? DecodedAll<A> : never) : never;
type ResultOf<D> = D extends { readonly result: infer C } ? Decoded<C> : never;

/** The guest's view of a syscall: sync ones return, async ones take a callback. */
export type Client = {
  readonly [G in Group]: {
    readonly [K in keyof Contract[G]]: Contract[G][K] extends { readonly result: { readonly opaque: true } }
      ? (...args: ArgsOf<Contract[G][K]>) => unknown
      : (...args: ArgsOf<Contract[G][K]>) => ResultOf<Contract[G][K]>;
  };
};

/** Argument and result types of one syscall, for handlers. */
export type SyscallArgs<G extends Group, K extends keyof Contract[G]> = ArgsOf<Contract[G][K]>;
export type SyscallResult<G extends Group, K extends keyof Contract[G]> = ResultOf<Contract[G][K]>;

/**
 * How a failed call looks on the wire: a flat array that starts with null. `code` is an errno name or a stable
 * ERR_ code; `sandboxCode` and `message` are there where the sandbox, not the system, said no.
 */
export type WireFailure = readonly [null, code: string, sandboxCode: string | undefined, message: string | undefined];

/** The `code` of a call for which the stack had no room: the guest throws it as the RangeError it is. */
export const STACK_OVERFLOW = "ERANGE_STACK";

// Captured: the guest asks too, beside programs that replace what they like.
const { isArray } = Array;
export const isWireFailure = (value: unknown): value is WireFailure => isArray(value) && value[0] === null;

export type { BootConfig, OsInfo, StdioKind, ThreadConfig, TierConfig } from "./boot.ts";
