import { bindingError } from "../lib/binding-error.ts";
import { append, putOwn } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { looksNative } from "../lib/proxies.ts";
import { arrayIsArray, objectKeys, reflectApply } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { Figure } from "../workers/figures.ts";
import { answer, awaitAnswer, withAnswer } from "../workers/thread-answers.ts";
import { Thread } from "../workers/thread-handle.ts";
import { threadOptions } from "../workers/thread-options.ts";
import { threadsOf } from "../workers/threads.ts";
import { asyncObjects } from "./async-object.ts";

type Env = Record<string, string>;

const NOT_KNOWN = -1;

/** Who is waiting for what a thread was asked for. */
interface Taker {
  ondone?: (...args: unknown[]) => void;
}

const unsupported = (api: string): Error =>
  bindingError("Error", "ERR_SANDBOX_WORKER_THREADS_UNSUPPORTED", `worker_threads.${api} is not supported in sandbox`);

/** What `v8.getHeapStatistics()` names, in the order of the host's figures; what it does not know is 0. */
const HEAP_STATISTICS = [
  "total_heap_size",
  "total_heap_size_executable",
  "total_physical_size",
  "total_available_size",
  "used_heap_size",
  "heap_size_limit",
  "malloced_memory",
  "peak_malloced_memory",
  "does_zap_garbage",
  "external_memory",
  "number_of_native_contexts",
  "number_of_detached_contexts",
  "total_global_handles_size",
  "used_global_handles_size",
] as const;

function copied(env: Env): Env {
  const copy: Env = {};
  const names = objectKeys(env);
  for (let i = 0; i < names.length; i++) copy[names[i] as string] = env[names[i] as string] as string;
  return copy;
}

function listOf<T>(values: ArrayLike<T>): T[] {
  const list: T[] = [];
  for (let i = 0; i < values.length; i++) append(list, values[i] as T);
  return list;
}

/** `internalBinding('worker')` (src/node_worker.cc): a thread is a cell of its own. */
export const install: InstallBinding = (binding, realm) => {
  implement(binding, {
    getEnvMessagePort: () => (realm.config.thread ? threadsOf(realm).port : undefined),
    // For `postMessageToThread` (library/patches.ts).
    awaitAnswer: (timeout: number | undefined) => awaitAnswer(realm, timeout),
    withAnswer,
    answer: (port: object, result: number) => answer(realm, port, result),
  });
  binding["Worker"] = looksNative(workerClass(realm), "Worker");
};

function workerClass(realm: Realm): object {
  const { AsyncWrap } = asyncObjects(realm);
  class Worker extends AsyncWrap {
    readonly #thread: Thread | undefined;

    constructor(
      _url: unknown,
      env: Env | null | undefined,
      execArgv: unknown,
      resourceLimits: Float64Array,
      _trackUnmanagedFds: boolean,
      isInternal: boolean,
      name: string,
    ) {
      super();
      // Loader threads and those they serve wait for each other in shared memory, which cells do not have.
      if (isInternal) throw unsupported("Worker");
      const own = copied((realm.process as { env: Env }).env);
      const given = env ?? undefined;
      const args = arrayIsArray(execArgv) ? listOf(execArgv as string[]) : undefined;
      const chosen = threadOptions(realm, given, own, args);
      // The library looks at these, and throws what they say.
      if (chosen.invalidNodeOptions) putOwn(this, "invalidNodeOptions", chosen.invalidNodeOptions);
      if (chosen.invalidExecArgv) putOwn(this, "invalidExecArgv", chosen.invalidExecArgv);
      if (chosen.invalidNodeOptions || chosen.invalidExecArgv) return;
      // Without shared memory an environment cannot be shared either: SHARE_ENV makes a copy.
      const settings = { ...chosen, env: given ?? own, resourceLimits: listOf(resourceLimits), name };
      this.#thread = new Thread(realm, this, settings);
      putOwn(this, "messagePort", this.#thread.port);
      putOwn(this, "threadId", this.#thread.id);
      putOwn(this, "threadName", name);
    }

    startThread(): void {
      this.#thread?.start();
    }

    stopThread(): void {
      this.#thread?.stop();
    }

    hasRef(): boolean | undefined {
      return this.#thread?.isReferenced;
    }

    ref(): void {
      this.#thread?.setReferenced(true);
    }

    unref(): void {
      this.#thread?.setReferenced(false);
    }

    getResourceLimits(): Float64Array | undefined {
      return this.#thread?.resourceLimits;
    }

    /** @throws ERR_SANDBOX_WORKER_THREADS_UNSUPPORTED */
    takeHeapSnapshot(): never {
      throw unsupported("Worker.getHeapSnapshot");
    }

    startCpuProfile(): never {
      throw unsupported("Worker.startCpuProfile");
    }

    stopCpuProfile(): never {
      throw unsupported("Worker.startCpuProfile");
    }

    getHeapStatistics(): Taker | undefined {
      return this.#ask(Figure.heapStatistics, (numbers) => [heapStatistics(numbers)]);
    }

    cpuUsage(): Taker | undefined {
      return this.#ask(Figure.cpuUsage, (numbers) => [null, { user: numbers[0], system: numbers[1] }]);
    }

    /** What a thread's loop has done is not known outside it before it is asked. */
    loopIdleTime(): number {
      return 0;
    }

    loopStartTime(): number {
      return NOT_KNOWN;
    }

    #ask(figure: string, answer: (numbers: readonly unknown[]) => unknown[]): Taker | undefined {
      if (!this.#thread?.isRunning) return undefined;
      const taker: Taker = {};
      this.#thread.ask(figure, (numbers) => {
        if (taker.ondone) reflectApply(taker.ondone, taker, answer(numbers));
      });
      return taker;
    }
  }
  return Worker;
}

function heapStatistics(numbers: readonly unknown[]): Record<string, unknown> {
  const statistics: Record<string, unknown> = {};
  for (let i = 0; i < HEAP_STATISTICS.length; i++) statistics[HEAP_STATISTICS[i] as string] = numbers[i] ?? 0;
  return statistics;
}
