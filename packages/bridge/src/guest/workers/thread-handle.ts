import { type AsyncResource, asyncObjects } from "../bindings/async-object.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { jsonStringify, objectKeys, SafeMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { askFor, numbersOf } from "./figures.ts";
import { Kind } from "./frames.ts";
import type { Link } from "./link.ts";
import { effectiveLimits } from "./resource-limits.ts";
import type { ThreadOptions } from "./thread-options.ts";
import { threadsOf } from "./threads.ts";

const SIGABRT = 6;
/** Exit code of a thread that did not end by itself. */
const GENERIC_USER_ERROR = 1;

/** What a thread is started with. */
export interface ThreadSettings extends ThreadOptions {
  readonly env: Readonly<Record<string, string>>;
  /** MiB, -1 for none. */
  readonly resourceLimits: readonly number[];
  readonly name: string;
}

type OnExit = (code: number, customError: string | null, reason: string | null) => void;

/** The inner side of a `Worker` handle (src/node_worker.cc): a cell, and the connection with it. */
export class Thread {
  readonly id: number;
  readonly port: object;
  readonly #realm: Realm;
  readonly #target: object;
  readonly #settings: ThreadSettings;
  readonly #link: Link;
  readonly #resource: AsyncResource;
  readonly #questions = new SafeMap<number, (numbers: readonly unknown[]) => void>();
  #lastQuestion = 0;
  #child = 0;
  #isRunning = false;
  #isReferenced = true;
  #isStopped = false;
  #isGone = false;
  #isLinked = true;
  /** Exit code and signal, once the cell is gone. */
  #ending: readonly number[] | undefined;

  constructor(realm: Realm, target: object, settings: ThreadSettings) {
    this.#realm = realm;
    this.#target = target;
    this.#settings = settings;
    this.id = realm.sys.worker.nextId();
    const threads = threadsOf(realm);
    this.#link = threads.link(
      true,
      (isBroken) => this.#unlinked(isBroken),
      (id, answer) => this.#answered(id, answer),
    );
    this.port = threads.ports.attach(this.#link.first());
    threads.addStarter(this.port);
    this.#resource = asyncObjects(realm).begin(target, "WORKER");
  }

  start(): void {
    const { env, execArgv, name, options, resourceLimits } = this.#settings;
    const settings: (string | number)[] = [this.id, this.#realm.cwd, name, jsonStringify(options)];
    for (let i = 0; i < resourceLimits.length; i++) append(settings, resourceLimits[i] as number);
    const variables: string[] = [];
    const names = objectKeys(env);
    for (let i = 0; i < names.length; i++)
      append(variables, `${names[i] as string}=${env[names[i] as string] as string}`);
    let started: readonly number[];
    try {
      started = this.#realm.sys.worker.start(settings, variables, execArgv);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#fails(error.code);
      return;
    }
    this.#child = started[0] as number;
    this.#isRunning = true;
    if (this.#isReferenced) this.#realm.loop.ref();
    this.#link.attach(started[2] as number);
    this.#realm.start("childProcess.wait", (failure, ending) => this.#ended(failure, ending), this.#child);
  }

  /** What keeps a thread from running is told as what ends it is. */
  #fails(code: string): void {
    this.#link.close();
    this.#realm.loop.complete(() => this.#exit(GENERIC_USER_ERROR, "ERR_WORKER_INIT_FAILED", code));
  }

  stop(): void {
    if (!this.#isRunning || this.#isStopped) return;
    this.#isStopped = true;
    this.#realm.sys.worker.stop(this.#child);
  }

  setReferenced(referenced: boolean): void {
    if (referenced === this.#isReferenced) return;
    this.#isReferenced = referenced;
    if (!this.#isRunning) return;
    if (referenced) this.#realm.loop.ref();
    else this.#realm.loop.unref();
  }

  /** Nothing once the thread has ended. */
  get isReferenced(): boolean | undefined {
    return this.#isGone ? undefined : this.#isReferenced;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get resourceLimits(): Float64Array {
    return effectiveLimits(this.#realm, this.#settings.resourceLimits);
  }

  /** Asks the thread for figures of its own; nobody is told when it ends before it answers. */
  ask(figure: string, tell: (numbers: readonly unknown[]) => void): void {
    this.#lastQuestion += 1;
    this.#questions.set(this.#lastQuestion, tell);
    this.#link.send(this.#lastQuestion, Kind.query, askFor(figure));
  }

  #answered(id: number, answer: Uint8Array): void {
    const tell = this.#questions.get(id);
    this.#questions.delete(id);
    const numbers = numbersOf(answer);
    if (tell) this.#realm.loop.complete(() => tell(numbers));
  }

  /** A thread that sends what is no frame is ended. */
  #unlinked(isBroken: boolean): void {
    this.#isLinked = false;
    if (isBroken) this.stop();
    this.#finish();
  }

  #ended(failure: SyscallError | undefined, ending: unknown): void {
    this.#ending = failure ? [GENERIC_USER_ERROR, 0] : (ending as readonly number[]);
    this.#finish();
  }

  /** The end is told when the cell is gone and what it had written has been read. */
  #finish(): void {
    if (!this.#isRunning || this.#isLinked || !this.#ending) return;
    const { 0: exitCode, 1: signal } = this.#ending;
    this.#isRunning = false;
    if (this.#isReferenced) this.#realm.loop.unref();
    const code = signal === 0 ? (exitCode as number) : GENERIC_USER_ERROR;
    const isOutOfMemory = signal === SIGABRT && !this.#isStopped;
    // After what its ports have to hand out.
    this.#realm.loop.complete(() => {
      if (isOutOfMemory) this.#exit(code, "ERR_WORKER_OUT_OF_MEMORY", "JS heap out of memory");
      else this.#exit(code, null, null);
    });
  }

  #exit(code: number, customError: string | null, reason: string | null): void {
    const { onexit } = this.#target as { onexit?: OnExit | null };
    try {
      if (onexit) this.#resource.call(onexit, [code, customError, reason]);
    } finally {
      this.#isGone = true;
      this.#resource.destroy();
    }
  }
}
