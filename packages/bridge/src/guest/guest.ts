import { Operation, Turn } from "../contract/operations.ts";
import { promiseRejected } from "./bindings/task-queue.ts";
import type { HostFunction } from "./client.ts";
import { GuestRealm } from "./guest-realm.ts";
import { Incoming } from "./incoming.ts";
import { NativePromise } from "./lib/intrinsics.ts";
import { originalOf } from "./lib/rejected-reason.ts";
import { tellAsThen } from "./lib/remembered-rejections.ts";
import type { Unit } from "./loop-hooks.ts";
import type { Table } from "./main.ts";
import { mainProgram, type StartRequest } from "./main-program.ts";
import { rejectEvaluation } from "./modules/evaluations.ts";
import { jsonParse, PromiseProto, reflectApply } from "./primordials.ts";
import { emitBeforeExit, endProgram } from "./process-end.ts";
import type { Caught, NativeHelper } from "./realm.ts";

/** One guest: the operations the cell calls. */
export class Guest {
  readonly realm: GuestRealm;
  readonly #incoming: Incoming;
  /** The main module, when the embedder wants what it exports. */
  #exportsOf: string | undefined;
  /** The last callback threw, and somebody handled it. */
  #threw = false;

  constructor(table: Table, manifest: Readonly<Record<string, string>>) {
    this.realm = new GuestRealm(table, manifest);
    this.#incoming = new Incoming(this.realm);
  }

  /**
   * The one way in: runs one callback with the ticks it leaves, and answers when to come again. What the guest throws
   * stays here. Written flat, because every frame of ours takes the place of one in the program's stack traces.
   */
  enter(operation: number, ...args: unknown[]): number {
    const { realm } = this;
    const { loop } = realm;
    const { hooks, metrics } = loop;
    loop.passTime();
    metrics.wake();
    let unit: Unit | undefined;
    try {
      unit = this.#unitFor(operation, args);
    } catch (error) {
      realm.fatalException(error, false);
    }
    if (unit) hooks.setFrame(unit.frame);
    if (unit) this.#threw = false;
    let isCallback = unit !== TICKS_ONLY && operation !== Operation.beforeExit;
    let thrown = 0;
    const isTurn = unit !== undefined && operation !== Operation.beforeExit;
    const isOfLoop = operation === Operation.turn || operation === Operation.event || operation === Operation.arrivals;
    // Without the helper one rejection an entry is told: each callback has an entry of its own.
    let room = realm.native && isOfLoop ? MAX_UNITS : 1;
    let rests = false;
    let run = unit?.run;
    while (run !== undefined) {
      let caught: Caught | undefined;
      if (realm.native) {
        caught = realm.native.catch(run, realm.process);
      } else {
        try {
          reflectApply(run, realm.process, []);
        } catch (error) {
          caught = [error, undefined, 0, 0, 0, undefined];
        }
      }
      if (caught) {
        realm.fatalException(caught[0], false, caught);
      }
      loop.passTime();
      hooks.setFrame(undefined);
      // Between callbacks nothing executes: id 0 (the main program has id 1).
      hooks.clearAsyncStack();
      if (caught) {
        // A callback that threw runs no ticks, and no microtasks: the library has queued an immediate for them, other
        // callbacks come first.
        unit = loop.drains && thrown++ < MAX_THROWN ? loop.next() : undefined;
        this.#threw = unit === undefined;
        if (unit === undefined) break;
        hooks.setFrame(unit.frame);
        run = unit.run;
        isCallback = true;
        continue;
      }
      const hadTicks = !isCallback;
      run = (isCallback ? loop.hasScheduledTicks : loop.hasTicks) ? hooks.tick : undefined;
      isCallback = false;
      // Ticks run the microtasks too. Where there were none, microtasks may wait for the control to go back.
      if (run !== undefined || !hadTicks || --room <= 0) continue;
      metrics.onWake?.();
      unit = loop.next();
      rests = unit === undefined;
      if (unit === undefined) break;
      hooks.setFrame(unit.frame);
      run = unit.run;
      isCallback = true;
    }
    this.#incoming.emptyMailbox();
    const failure = realm.native?.takeRejectFailure();
    if (failure) realm.fatal.tell("Exception in PromiseRejectCallback:\n", failure);
    // After `beforeExit` the question is whether its listeners gave the loop more to do.
    return isTurn && !rests ? Turn.again : loop.rest();
  }

  #unitFor(operation: number, args: unknown[]): Unit | undefined {
    const { realm } = this;
    const { loop } = realm;
    switch (operation) {
      case Operation.attach:
        realm.attach(
          args[0] as HostFunction,
          args[1] as string,
          args[2] as NativeHelper | undefined,
          args[3] as SharedArrayBuffer | undefined,
        );
        return undefined;
      case Operation.start:
        return { run: this.#mainProgram(jsonParse(args[0] as string) as StartRequest), frame: undefined };
      case Operation.turn:
        if (this.#threw) return loop.next() ?? (loop.hasTicks ? TICKS_ONLY : undefined);
        return loop.hasTicks ? TICKS_ONLY : loop.next();
      case Operation.arrivals:
        this.#incoming.arrived(args[0] as number);
        return loop.next();
      case Operation.event:
        return this.#incoming.settled(args[0] as number, args[1] as number, args[2]);
      case Operation.rejected:
        return { run: () => this.#rejected(args[0]), frame: undefined };
      case Operation.failed:
        return { run: () => rejectEvaluation(realm, args[0] as number, originalOf(args[1])), frame: undefined };
      case Operation.beforeExit:
        return { run: () => emitBeforeExit(realm), frame: undefined };
      case Operation.exit:
        return { run: () => endProgram(realm, realm.fatal, this.#exportsOf), frame: undefined };
      default:
        return undefined;
    }
  }

  #mainProgram(request: StartRequest): () => void {
    if (request.wantsExports) this.#exportsOf = request.filePath;
    return mainProgram(this.realm, request);
  }

  /** Without the native helper an unhandled rejection is known only afterwards, by a copy of its reason. */
  #rejected(copy: unknown): void {
    const reason = originalOf(copy);
    const tell = (promise: object): void => promiseRejected(this.realm)?.(0, promise, reason);
    if (tellAsThen(this.realm, reason, tell)) return;
    const promise = new NativePromise((_, reject) => reject(reason));
    PromiseProto.then(promise, undefined, () => {});
    tell(promise);
  }
}

/** After so many callbacks in a row that threw, the host's events get their turn. */
const MAX_THROWN = 100;

/** So many callbacks run in one entry at most: between two entries the cell looks at its own events and the run's budget. */
const MAX_UNITS = 16;

/** A turn that has nothing to run but the ticks microtasks left. */
const TICKS_ONLY: Unit = { run() {}, frame: undefined };
