import { JOB } from "../../contract/keys.ts";
import { putHidden } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { ErrorProto, reflectApply, StringProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { AsyncResource } from "./async-object.ts";
import { putClass } from "./crypto-class.ts";
import { cryptoError, seenFrom } from "./crypto-error.ts";

type Outcome = readonly [error: unknown, result: unknown];

/** What a job came to: its result, or the number of work that goes on on a thread of the host. */
type Begun = Outcome | number;

/** A job's work on the host: the syscall, and what becomes of its answer. */
export interface HostWork {
  /** @param later whether the answer may come later */
  begin(later: boolean): readonly unknown[];
  finish(answer: readonly unknown[]): unknown;
}

/**
 * Errors Node's jobs throw when they are made, for sync and async ones alike; the others are a job's outcome. The
 * engine's errors have a code when arguments were looked at, and none while it works.
 */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string" || code === "ERR_CRYPTO_OPERATION_FAILED") return false;
  return !StringProto.startsWith(code, "ERR_SANDBOX_");
}

/** An error that Node makes when no JavaScript runs: its stack is its first line. */
function withoutFrames(error: unknown): unknown {
  if (error instanceof NativeError) putHidden(error, "stack", ErrorProto.toString(error));
  return error;
}

/** Makes the class of a kind of job (`src/crypto/crypto_util.h`, CryptoJob). */
function installJobClass(
  binding: Binding,
  realm: Realm,
  name: string,
  provider: string,
  work: (isAsync: boolean, args: unknown[]) => { readonly begun: Begun; finish?(answer: readonly unknown[]): unknown },
): void {
  class Job {
    readonly #resource: AsyncResource;
    readonly #begun: Begun;
    readonly #finish: ((answer: readonly unknown[]) => unknown) | undefined;
    readonly #isAsync: boolean;

    /** The work begins here; without a thread it is done, and an async job's result waits for the poll phase. */
    constructor(mode: number, ...args: unknown[]) {
      this.#isAsync = mode === binding.kCryptoJobAsync;
      this.#resource = new AsyncResource(realm, this, provider);
      let begun: Begun;
      try {
        const started = work(this.#isAsync, args);
        begun = started.begun;
        this.#finish = started.finish;
      } catch (failure) {
        const error = cryptoError(failure);
        if (isRefusal(error)) throw seenFrom(error, Job);
        begun = [error, undefined];
      }
      this.#begun = begun;
    }

    run(): Outcome | undefined {
      const begun = this.#begun;
      if (typeof begun === "number") {
        realm.loop.ref();
        realm.start("keys.job", (failure, answer) => this.#end(failure, answer as readonly unknown[]), begun);
        return undefined;
      }
      const { 0: error, 1: result } = begun;
      if (!this.#isAsync) return [seenFrom(error, run), result];
      realm.loop.complete(() => this.#done(error, result));
      return undefined;
    }

    #end(failure: unknown, answer: readonly unknown[]): void {
      realm.loop.unref();
      if (failure !== undefined) this.#done(cryptoError(failure), undefined);
      else this.#done(undefined, this.#finish?.(answer));
    }

    #done(error: unknown, result: unknown): void {
      const { ondone } = this as { ondone?: unknown };
      if (typeof ondone === "function") this.#resource.call(ondone, [withoutFrames(error), result]);
      this.#resource.destroy();
    }
  }
  const { run } = Job.prototype;
  putClass(binding, name, Job);
}

/** A job whose work is done when it is made. */
export function installJob(
  binding: Binding,
  realm: Realm,
  name: string,
  provider: string,
  work: (...args: never[]) => unknown,
): void {
  installJobClass(binding, realm, name, provider, (_isAsync, args) => ({
    begun: [undefined, reflectApply(work, undefined, args as never[])],
  }));
}

/** A job whose work goes to a thread of the host when it is async. */
export function installThreadJob(
  binding: Binding,
  realm: Realm,
  name: string,
  provider: string,
  prepare: (...args: never[]) => HostWork,
): void {
  installJobClass(binding, realm, name, provider, (isAsync, args) => {
    const work = reflectApply(prepare, undefined, args as never[]);
    const answer = work.begin(isAsync);
    const finish = (parts: readonly unknown[]): unknown => work.finish(parts);
    return { begun: answer[0] === JOB ? (answer[1] as number) : [undefined, finish(answer)], finish };
  });
}
