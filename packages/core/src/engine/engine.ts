import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import v8 from "node:v8";
import { type Library, libraryDirectory } from "@vivarium/bridge/library";
import ivm from "isolated-vm";
import { Handing } from "./handing.ts";
import { type HostHelper, type LeasingHost, loadHostHelper } from "./host-helper.ts";
import { GuestIsolate } from "./isolate.ts";
import { buildSnapshot } from "./snapshot.ts";

const DEFAULT_MEMORY_MIB = 128;

/**
 * How much a heap grows between two whole collections, per cent of what lives. On its own V8 lets one that is limited to
 * some hundred MiB grow by a third, and a body that streams through is collected every 8 MiB; a heap of Node's size may
 * grow fourfold. A half more than that is what it takes for a body to be collected by the young generation's sweeps for the
 * most part (measured); the peak stays where it was. `limits.memoryMiB` holds as before.
 */
const HEAP_GROWING_PERCENT = 450;

/**
 * A snapshot fits exactly one V8 build with the same flags; V8 ends the process over any other. The name says which.
 * Only the package's own build writes these files, so they deserve the same trust as its code (ADR 0004).
 */
export const snapshotName = (): string =>
  `snapshot-${process.version}-${process.platform}-${process.arch}${process.execArgv.includes("--no-node-snapshot") ? "-bare" : ""}.bin`;

/** The native helper, built where a compiler was there when the workspace was built (native/helper.cc). */
export const helperName = (): string => `helper-${process.version}-${process.platform}-${process.arch}.node`;

/** Makes guests, each from the same snapshot. */
export class Engine {
  readonly library: Library;
  readonly #snapshot: ivm.ExternalCopy<ArrayBuffer>;
  readonly cache = new Map<string, ivm.ExternalCopy<ArrayBuffer>>();
  readonly #host: HostHelper | undefined;
  readonly #helper: ivm.NativeModule | undefined;
  #warm: GuestIsolate | undefined;

  constructor(library: Library) {
    this.library = library;
    const helper = path.join(libraryDirectory, helperName());
    const hasHelper = existsSync(helper);
    this.#helper = hasHelper ? new ivm.NativeModule(helper) : undefined;
    this.#host = hasHelper ? loadHostHelper(helper) : undefined;
    this.#snapshot = new ivm.ExternalCopy(loadSnapshot(library, this.#host), { transferOut: true });
  }

  /** Whether the kernel ends this process with its parent: the helper asks Linux for that when it is loaded. */
  get diesWithParent(): boolean {
    return this.#helper !== undefined && process.platform === "linux";
  }

  /**
   * Lets heaps grow further between two whole collections, or as V8 has it. Code caches are good only under the flags they
   * were made with, so that a start is a quarter longer where this is on (measured): it is for runs that are under way.
   */
  letHeapsGrow(further: boolean): void {
    v8.setFlagsFromString(`--heap-growing-percent=${further ? HEAP_GROWING_PERCENT : 0}`);
  }

  /** Gives back the memory that booting has left unused; nothing without the helper. */
  shrink(): void {
    this.#host?.shrink();
  }

  /** What hands memory to one guest; in patch mode, nothing is handed over. */
  handing(memoryMiB: number, withoutHelper: boolean): Handing {
    return new Handing(withoutHelper ? undefined : this.#host, memoryMiB);
  }

  /** What lets one guest write to sockets itself; nothing in patch mode. */
  leasing(withoutHelper: boolean): LeasingHost | undefined {
    return withoutHelper ? undefined : this.#host;
  }

  /** Makes a guest ahead of time, for the next run with the default memory limit. */
  warm(): void {
    this.#warm ??= GuestIsolate.fromSnapshot(DEFAULT_MEMORY_MIB, this.#snapshot);
  }

  /** What the helper gives one guest, to be passed into it; nothing where there is no helper. */
  helperOf(guest: GuestIsolate): unknown {
    return this.#helper?.createSync(guest.context).derefInto({ release: true });
  }

  /**
   * @param flags V8's flags, by name. They are the process's from then on, and show in contexts made after; the snapshot
   * is as good with them.
   */
  create(memoryMiB: number, flags: readonly string[] = []): GuestIsolate {
    const warm = this.#warm;
    this.#warm = undefined;
    if (warm && memoryMiB === DEFAULT_MEMORY_MIB && flags.length === 0) return warm;
    warm?.[Symbol.dispose]();
    for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
    return GuestIsolate.fromSnapshot(memoryMiB, this.#snapshot);
  }
}

/** V8 reads a snapshot as long as isolates are made from it. Mapped, its memory is one for all cells of the machine. */
function loadSnapshot(library: Library, host: HostHelper | undefined): ArrayBuffer {
  const file = path.join(libraryDirectory, snapshotName());
  if (!existsSync(file)) return buildSnapshot(library);
  const mapped = host?.mapFile(file);
  if (mapped) return mapped;
  const bytes = readFileSync(file);
  // So large a file has a buffer of its own: another copy would cost time and stay in memory beside V8's.
  if (bytes.byteLength === bytes.buffer.byteLength) return bytes.buffer as ArrayBuffer;
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
