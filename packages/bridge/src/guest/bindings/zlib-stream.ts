import { indexOutOfRange, notABuffer } from "../lib/binding-error.ts";
import { bytesOf, part } from "../lib/bytes.ts";
import { dataDescriptor } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import {
  reflectApply,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGetOwnPropertyDescriptor,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { engine as throwing } from "./crypto-error.ts";
import { requestsOf } from "./fs-request.ts";
import { HostEngine, noBytes, type Report, type Setup } from "./zlib-engine.ts";

export type ProcessCallback = (this: object) => void;
type OnError = (this: object, ...report: Report) => void;

/** What `init` of a class was called with. */
export interface Init {
  readonly setup: Setup;
  /** The engine's state is made with the first write, as zlib's is; else at once, and then it may refuse. */
  readonly lazy: boolean;
  /** [room left in the output, bytes left of the input] after each write */
  readonly state: Uint32Array;
  readonly callback: ProcessCallback;
}

/** The part of lib/internal/async_hooks.js that MakeCallback of src/async_wrap.cc stands for. */
interface AsyncHooks {
  getDefaultTriggerAsyncId(): number;
  emitBefore(asyncId: number, triggerId: number, resource: object): void;
  emitAfter(asyncId: number): void;
}

/** A view's bytes. Node's C++ ends the process where these are none, or offsets are outside. */
function viewed(view: unknown, offset: number, size: number): Uint8Array {
  const bytes = bytesOf(view);
  if (bytes === undefined) throw notABuffer();
  if (!(offset >= 0 && size >= 0 && offset + size <= typedArrayByteLength(bytes))) throw indexOutOfRange();
  return bytes;
}

/** Frames of ours between the library and its `onerror`: the function of the binding and `emit`. */
const OWN_FRAMES = 2;

const setLimit = (value: unknown): boolean =>
  reflectDefineProperty(NativeError, "stackTraceLimit", dataDescriptor(value));

/** Calls `onerror`, which makes an error; frames of ours, though hidden, must not use up its `stackTraceLimit`. */
function emit(handle: object, report: Report): void {
  const { onerror } = handle as { readonly onerror?: unknown };
  if (typeof onerror !== "function") return;
  const limit: unknown = reflectGetOwnPropertyDescriptor(NativeError, "stackTraceLimit")?.value;
  const raised = typeof limit === "number" && setLimit(limit + OWN_FRAMES);
  try {
    reflectApply(onerror as OnError, handle, [report[0], report[1], report[2]]);
  } finally {
    if (raised) setLimit(limit);
  }
}

/** What the binding's classes are made from. */
export interface Streams {
  /** `CompressionStream<Context>` of src/node_zlib.cc. */
  readonly CompressionStream: new () => object;
  /** The rest of a class's `init`; `from` is that method, which an error is seen from. */
  begin(stream: object, init: Init, from: (...args: never[]) => unknown): void;
}

export function compressionStreams(realm: Realm, leftovers: Leftovers): Streams {
  const { AsyncWrap } = requestsOf(realm);
  const { hooks } = realm.loop;
  const asyncHooks = realm.requireBuiltin<AsyncHooks>("internal/async_hooks");

  class CompressionStream extends AsyncWrap {
    readonly #triggerId = asyncHooks.getDefaultTriggerAsyncId();
    /** Callbacks run in the context the handle was made in. */
    readonly #frame = hooks.getFrame();
    #init: Init | undefined;
    #engine: HostEngine | undefined;
    #busy = false;

    constructor() {
      super("ZLIB");
    }

    static begin(stream: object, init: Init, from: (...args: never[]) => unknown): void {
      const self = stream as CompressionStream;
      self.#engine?.close();
      const engine = new HostEngine(realm, leftovers, self, init.setup);
      if (!init.lazy) throwing(from, () => engine.open());
      self.#init = init;
      self.#engine = engine;
    }

    write(...args: unknown[]): void {
      const engine = this.#opened();
      const report = this.#work(engine, args);
      this.#busy = true;
      realm.loop.complete(() => {
        this.#busy = false;
        const { callback } = this.#init as Init;
        hooks.setFrame(this.#frame);
        asyncHooks.emitBefore(this.getAsyncId(), this.#triggerId, this);
        if (report) emit(this, report);
        else {
          this.#count(engine);
          reflectApply(callback, this, []);
        }
        asyncHooks.emitAfter(this.getAsyncId());
      });
    }

    writeSync(...args: unknown[]): void {
      const engine = this.#opened();
      const report = this.#work(engine, args);
      if (report) emit(this, report);
      else this.#count(engine);
    }

    params(level: number, strategy: number): void {
      const engine = this.#opened();
      // Only zlib's own formats have them.
      const report = this.#init?.lazy === true ? engine.params(level, strategy) : undefined;
      if (report) emit(this, report);
    }

    reset(): void {
      const report = this.#opened().reset();
      if (report) emit(this, report);
    }

    /** A write under way still calls back. */
    close(): void {
      this.#engine?.close();
      this.#engine = undefined;
    }

    #opened(): HostEngine {
      if (this.#engine === undefined) throw new NativeError("zlib binding closed");
      return this.#engine;
    }

    /** (flush, in, in_off, in_len, out, out_off, out_len) */
    #work(engine: HostEngine, args: readonly unknown[]): Report | undefined {
      if (this.#busy) throw new NativeError("write already in progress");
      const flush = args[0] as number;
      const start = args[2] as number;
      const size = args[3] as number;
      const from = args[5] as number;
      const room = args[6] as number;
      const output = part(viewed(args[4], from, room), from, from + room);
      if (args[1] === null) return engine.write(flush, noBytes(), 0, 0, output);
      return engine.write(flush, viewed(args[1], start, size), start, size, output);
    }

    #count(engine: HostEngine): void {
      const { state } = this.#init as Init;
      state[0] = engine.roomLeft;
      state[1] = engine.inputLeft;
    }
  }
  const { begin } = CompressionStream;
  reflectDeleteProperty(CompressionStream, "begin");
  return { CompressionStream, begin };
}
