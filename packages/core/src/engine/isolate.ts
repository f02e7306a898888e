import ivm from "isolated-vm";
import { isGiven } from "./given.ts";

/** A guest's one entry: an operation number and its arguments in, a number out. */
export type Enter = (operation: number, args: readonly unknown[]) => number;

/** Answers a syscall. What it returns crosses into the guest by copy. */
export type HostCall = (number: number, args: readonly unknown[]) => unknown;

const ENTRY = "__vivarium";
/** From this size on, bytes cross several times faster by one plain copy than by V8's serialiser (measured). */
const LARGE_BYTES = 64 * 1024;

/** A V8 isolate with one context in which a guest was booted. */
export class GuestIsolate implements Disposable {
  readonly isolate: ivm.Isolate;
  readonly context: ivm.Context;
  readonly #enter: ivm.Reference<(...args: unknown[]) => number>;

  private constructor(isolate: ivm.Isolate, context: ivm.Context) {
    this.isolate = isolate;
    this.context = context;
    this.#enter = context.global.getSync(ENTRY, { reference: true });
    context.global.deleteSync(ENTRY);
  }

  /**
   * @param memoryMiB limit of the V8 heap; a guideline, the supervisor watches the process
   * @param snapshot a heap in which the guest is booted already
   */
  static fromSnapshot(memoryMiB: number, snapshot: ivm.ExternalCopy<ArrayBuffer>): GuestIsolate {
    const isolate = new ivm.Isolate({ memoryLimit: memoryMiB, snapshot });
    return new GuestIsolate(isolate, isolate.createContextSync());
  }

  /** Boots without a snapshot: `load` answers the modules the bootstrap asks for. */
  static fromSources(
    memoryMiB: number,
    script: string,
    load: (isolate: ivm.Isolate, context: ivm.Context) => ivm.Callback,
  ): GuestIsolate {
    const isolate = new ivm.Isolate({ memoryLimit: memoryMiB });
    const context = isolate.createContextSync();
    context.global.setSync("__load", load(isolate, context));
    isolate.compileScriptSync(script, { filename: "vivarium:boot" }).runSync(context);
    return new GuestIsolate(isolate, context);
  }

  /**
   * Runs an operation of the guest. Throws what V8 throws: a disposed isolate, a rejection's copy. What may be an
   * argument is `Enter`'s to say; the types of isolated-vm do not know.
   */
  enter: Enter = (operation, args) => this.#enter.applySync(undefined, [operation, ...(args as never[])]) as number;

  /** Wraps the host's side of a syscall. Nothing but this function is ever visible to the guest's library. */
  static hostFunction(call: HostCall): ivm.Callback {
    return new ivm.Callback((number: number, ...args: unknown[]) => {
      const result = call(number, args);
      return result instanceof Uint8Array && result.byteLength >= LARGE_BYTES ? GuestIsolate.copy(result) : result;
    });
  }

  /** Copies a value the host holds into the guest's next call; bytes that were given away move. */
  static copy(value: unknown): unknown {
    return new ivm.ExternalCopy(value, { transferOut: isGiven(value) }).copyInto({ release: true, transferIn: true });
  }

  get disposed(): boolean {
    return this.isolate.isDisposed;
  }

  /** Stops the guest at once, also from inside one of its own syscalls. */
  [Symbol.dispose](): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }
}
