import type { Codec, Decoded, DecodedAll, Flat } from "./codec.ts";

/** What the guest wants to do to a file, as permission rules and functions see it. */
export type FsOp =
  | "read"
  | "write"
  | "stat"
  | "readdir"
  | "mkdir"
  | "rm"
  | "rename"
  | "link"
  | "symlink"
  | "readlink"
  | "copy"
  | "chmod"
  | "chown"
  | "utimes"
  | "truncate";

/** One path a syscall touches. `follow` says whether a link at its end is followed (false for lstat, unlink, ...). */
export interface FsNeed {
  readonly domain: "fs";
  readonly op: FsOp;
  readonly path: string;
  readonly follow: boolean;
  /** Whether everything under the path is touched too; where it is left out, it is if the path is a directory. */
  readonly subtree?: boolean;
}

/** A module file the loader wants: free under the overlay, otherwise a quiet `fs.read`. */
export interface ModuleNeed {
  readonly domain: "module";
  readonly path: string;
  readonly follow: boolean;
}

export interface CommandNeed {
  readonly domain: "childProcess";
  readonly command: string;
  readonly args: readonly string[];
}

/** One step towards a connection: a name to look up, an address to connect to or to listen on. */
export interface NetworkNeed {
  readonly domain: "network";
  readonly op: "lookup" | "connect" | "listen";
  /** `dns` for a look-up. */
  readonly protocol: "tcp" | "udp" | "dns";
  readonly hostname: string;
  readonly port: number;
}

export type Need = FsNeed | ModuleNeed | CommandNeed | NetworkNeed;

/**
 * One syscall, declared once. Both sides' types, run-time decoding, permission, budget and documentation derive
 * from it; there is no second list of names.
 */
export interface Declaration<
  A extends readonly Codec[] = readonly Codec[],
  R extends Flat = Flat,
  M extends "sync" | "async" = "sync" | "async",
> {
  readonly args: A;
  readonly result: Codec<R>;
  /** `async` syscalls answer later through an event that carries the call's token. */
  readonly mode: M;
  /** What must be granted before the handler runs; one grant per need, in order. */
  readonly needs?: (...args: DecodedAll<A>) => readonly Need[];
  /** What a denied need answers, where a denial must look like "nothing there". */
  readonly denied?: R;
  /** Units charged against the call budget (1 = a plain call). */
  readonly cost: number;
  /** Waits for somebody else, one call per object, and is no work under way: `pendingCalls` does not count it. */
  readonly waits: boolean;
}

interface Options<A extends readonly Codec[], R> {
  readonly needs?: (...args: DecodedAll<A>) => readonly Need[];
  readonly denied?: R;
  readonly cost?: number;
  readonly waits?: boolean;
}

const declare =
  <M extends "sync" | "async">(mode: M) =>
  <const A extends readonly Codec[], C extends Codec>(
    args: A,
    result: C,
    options: Options<A, Decoded<C>> = {},
  ): Declaration<A, Decoded<C>, M> & { readonly result: C } => ({
    args,
    // A codec is the codec of what it decodes; TypeScript does not see that through the type parameter.
    result: result as C & Codec<Decoded<C>>,
    mode,
    cost: options.cost ?? 1,
    waits: options.waits ?? false,
    ...(options.needs ? { needs: options.needs } : {}),
    ...("denied" in options ? { denied: options.denied } : {}),
  });

/** Declares a syscall that returns its result. */
export const sync = declare("sync");
/** Declares a syscall that answers with an event; its first wire argument is a token the guest chose. */
export const async = declare("async");

const follow = (op: FsOp, path: string): FsNeed => ({ domain: "fs", op, path, follow: true });
const noFollow = (op: FsOp, path: string): FsNeed => ({ domain: "fs", op, path, follow: false });

/** Shorthands for `needs`. */
export const need = { follow, noFollow } as const;
