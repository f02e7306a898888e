import { MAX_ZLIB_OUTPUT } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { type EngineHandle, makeEngine, type Setup } from "./engine.ts";

/** What the engine reports: message, errno, code. */
export type EngineReport = readonly [message: string, errno: number, code: string];

const none = new Uint8Array(0);

/**
 * Where engines put their output before it is copied out. It is never freed: an engine keeps the address of its last
 * output, and `params` may write there.
 */
const scratch = new Uint8Array(MAX_ZLIB_OUTPUT);

const INT32 = 2 ** 31;
const isInt32 = (value: number): boolean => value >= -INT32 && value < INT32;

/** One open stream. */
export class Stream implements Disposable {
  readonly #handle: EngineHandle;
  readonly #state: Uint32Array;
  readonly #maxFlush: number;
  /** Kept while the engine has not taken all of it: the engine keeps its address too. */
  #input: Uint8Array = none;
  #offset = 0;
  #report: EngineReport | undefined;

  constructor(setup: Setup) {
    const { engine, maxFlush } = makeEngine(setup);
    this.#handle = engine._handle;
    this.#state = engine._writeState;
    this.#maxFlush = maxFlush;
    this.#handle.onerror = (message, errno, code) => {
      this.#report = [message, errno, code];
    };
  }

  /** One step of the engine. -> output, bytes left of the input, a report if there is one */
  write(flush: number, input: Uint8Array | undefined, room: number): (Uint8Array | number | string)[] {
    if (flush < 0 || flush > this.#maxFlush || room < 0 || room > MAX_ZLIB_OUTPUT) throw new SyscallFailure("EINVAL");
    if (input) {
      this.#input = input;
      this.#offset = 0;
    }
    const available = this.#input.byteLength - this.#offset;
    const report = this.#reported(() =>
      this.#handle.writeSync(flush, this.#input, this.#offset, available, scratch, 0, room),
    );
    if (report.length > 0) return [none, available, ...report];
    const [roomLeft = 0, inputLeft = 0] = this.#state;
    this.#offset += available - inputLeft;
    if (inputLeft === 0) {
      this.#input = none;
      this.#offset = 0;
    }
    return [scratch.slice(0, room - roomLeft), inputLeft];
  }

  params(level: number, strategy: number): EngineReport | readonly [] {
    if (!isInt32(level) || !isInt32(strategy)) throw new SyscallFailure("EINVAL");
    return this.#reported(() => this.#handle.params(level, strategy));
  }

  reset(): EngineReport | readonly [] {
    return this.#reported(() => this.#handle.reset());
  }

  #reported(run: () => void): EngineReport | readonly [] {
    this.#report = undefined;
    run();
    return this.#report ?? [];
  }

  [Symbol.dispose](): void {
    this.#handle.close();
    this.#input = none;
  }
}
