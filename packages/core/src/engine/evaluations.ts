import type ivm from "isolated-vm";
import type { GuestIsolate } from "./isolate.ts";

/** A graph whose evaluation came to an end by what a module threw. */
export interface FailedEvaluation {
  /** Of the root it was evaluated through. */
  readonly id: number;
  /** What was thrown, as isolated-vm copied it. */
  readonly reason: unknown;
}

interface Open {
  readonly root: ivm.Module;
  questions: number;
}

const TARGET = "vivarium:target";
const QUESTION = `import ${JSON.stringify(TARGET)};`;
/** A root that goes on keeps each question it was asked. One that was asked so often is believed to go on for good. */
const MOST_QUESTIONS = 10_000;

/**
 * The evaluations under way. isolated-vm shows nobody the promise of one: a graph that fails is an unhandled rejection
 * among others, of which one an entry is told. So each graph is asked. A module that imports a failed one fails with its
 * error, at once; beside one that goes on it waits, and says nothing.
 */
export class Evaluations {
  readonly #guest: GuestIsolate;
  readonly #open = new Map<number, Open>();

  constructor(guest: GuestIsolate) {
    this.#guest = guest;
  }

  begin(id: number, root: ivm.Module): void {
    this.#open.set(id, { root, questions: 0 });
  }

  end(id: number): undefined {
    this.#open.delete(id);
  }

  /** Those that have failed since the last call. Asked while the guest is not running, after a rejection was told. */
  failed(): readonly FailedEvaluation[] {
    const failed: FailedEvaluation[] = [];
    for (const [id, open] of this.#open) {
      if (open.questions >= MOST_QUESTIONS) continue;
      open.questions += 1;
      try {
        this.#ask(open);
      } catch (reason) {
        if (this.#guest.disposed) throw reason;
        this.#open.delete(id);
        failed.push({ id, reason });
      }
    }
    return failed;
  }

  /** @throws a copy of what the graph has failed with */
  #ask({ root }: Open): void {
    // In the main context, whatever the root's: the host may have let go of that.
    const { isolate, context } = this.#guest;
    const question = isolate.compileModuleSync(QUESTION, { filename: "vivarium:question" });
    question.instantiateSync(context, () => root);
    question.evaluateSync();
    question.release();
  }
}
