import { JOB, type Scalar } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { engineFailure } from "../failure.ts";
import { keyCaps } from "./caps.ts";

export type Answer = readonly Scalar[];
/** Work that makes keys and primes, and work that takes milliseconds. */
export type Lane = "heavy" | "light";

const ROOM: Readonly<Record<Lane, number>> = { heavy: keyCaps.heavyJobs, light: keyCaps.lightJobs };

/**
 * Work of one run on the engine's threads. There is room for so much that what a run leaves behind at its end is soon
 * over; beyond that, work is done where it is asked for.
 */
export class Jobs {
  readonly #busy: Record<Lane, number> = { heavy: 0, light: 0 };
  readonly #answers = new Map<number, Promise<Answer>>();
  #last = 0;

  /**
   * Starts work on a thread, or does it at once where there is no room or nobody wants to wait.
   * @param later starts Node's asynchronous form; what it throws at once is thrown here, as Node does
   */
  run<T>(
    lane: Lane,
    wantsLater: boolean,
    work: {
      now(): T;
      later(done: (error: Error | null | undefined, result: T) => void): void;
      answer(result: T): Answer;
    },
  ): Answer {
    if (!wantsLater || this.#busy[lane] >= ROOM[lane]) return work.answer(work.now());
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    work.later((error, result) => {
      this.#busy[lane] -= 1;
      try {
        if (error) throw error;
        resolve(work.answer(result));
      } catch (failure) {
        reject(failure instanceof SyscallFailure ? failure : engineFailure(failure as Error));
      }
    });
    this.#busy[lane] += 1;
    // A program may end, or never ask.
    promise.catch(() => {});
    this.#last += 1;
    this.#answers.set(this.#last, promise);
    return [JOB, this.#last];
  }

  /** The answer of a job, which is given once. @throws SyscallFailure EBADF for a number that is none */
  take(id: number): Promise<Answer> {
    const answer = this.#answers.get(id);
    if (!answer) throw new SyscallFailure("EBADF");
    this.#answers.delete(id);
    return answer;
  }
}
