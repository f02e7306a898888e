import { append } from "../lib/define.ts";
import { NativePromise } from "../lib/intrinsics.ts";
import { PromiseProto, reflectDefineProperty, reflectGetPrototypeOf } from "../primordials.ts";

/** One run of a script or module. */
export interface Turn {
  /** A time limit ended it. */
  isOver: boolean;
}

/** State as `v8::Promise::PromiseState`, and what it was settled with; nothing for what is no promise. */
type Details = (value: unknown) => readonly [state: number, result?: unknown] | undefined;
type Callback = (value: unknown) => unknown;

const PENDING = 0;
const FULFILLED = 1;

interface Reaction {
  readonly promise: Promise<unknown>;
  isDone: boolean;
  settle(state: number, value: unknown): void;
}

/**
 * The microtasks of a context with `microtaskMode: "afterEvaluate"`. V8's one queue belongs to the whole program, so what
 * `then` is given during a run stands here, too: it is called when the run is through, and no more once its time is over.
 * What `await` queues, and a promise that takes the state of another, are out of reach: they go with the program's.
 */
export class Reactions {
  turn: Turn | undefined;
  #waiting: Reaction[] = [];
  readonly #details: Details;

  constructor(details: Details) {
    this.#details = details;
    const react = (promise: Promise<unknown>, onFulfilled: unknown, onRejected: unknown): Promise<unknown> =>
      this.#react(promise, onFulfilled, onRejected);
    const { then } = {
      // biome-ignore lint/suspicious/noThenProperty: it takes the place of V8's own
      then(this: Promise<unknown>, onFulfilled: unknown, onRejected: unknown): unknown {
        return react(this, onFulfilled, onRejected);
      },
    };
    reflectDefineProperty(NativePromise.prototype, "then", { value: then, writable: true, configurable: true });
  }

  #react(promise: Promise<unknown>, onFulfilled: unknown, onRejected: unknown): Promise<unknown> {
    const { turn } = this;
    const isPlain = turn && this.#details(promise) && reflectGetPrototypeOf(promise) === NativePromise.prototype;
    if (!isPlain) return PromiseProto.then(promise, onFulfilled as Callback, onRejected as Callback);
    let resolve: Callback = () => {};
    let reject: Callback = () => {};
    const result = new NativePromise<unknown>((fulfill, fail) => {
      resolve = fulfill;
      reject = fail;
    });
    const reaction: Reaction = {
      promise,
      isDone: false,
      settle(state, value) {
        if (this.isDone || turn.isOver) return;
        this.isDone = true;
        const callback = state === FULFILLED ? onFulfilled : onRejected;
        try {
          if (typeof callback === "function") resolve((callback as Callback)(value));
          else (state === FULFILLED ? resolve : reject)(value);
        } catch (error) {
          reject(error);
        }
      },
    };
    PromiseProto.then(
      promise,
      (value) => reaction.settle(FULFILLED, value),
      (error: unknown) => reaction.settle(FULFILLED + 1, error),
    );
    append(this.#waiting, reaction);
    return result;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Calls what can be called. The rest follows in the program's own turns. */
  drain(): void {
    let hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (let i = 0; i < waiting.length; i++) {
        const reaction = waiting[i] as Reaction;
        const details = this.#details(reaction.promise);
        const state = details ? details[0] : PENDING;
        if (reaction.isDone) continue;
        if (state === PENDING) append(this.#waiting, reaction);
        else {
          hasMoved = true;
          reaction.settle(state, details?.[1]);
        }
      }
    }
    this.forget();
  }

  forget(): void {
    this.#waiting = [];
  }
}
