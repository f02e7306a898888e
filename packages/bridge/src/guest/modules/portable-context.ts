import { THIS } from "../../contract/index.ts";
import type { InnerContext, Outside } from "../context/main.ts";
import type { Reactions, Turn } from "../context/reactions.ts";
import { addRelatives } from "../lib/brands.ts";
import { captureSites } from "../lib/callsites.ts";
import type { FollowedPromises } from "../lib/followed-promises.ts";
import { visibleSites } from "../lib/frames.ts";
import { NativeArray, NativeError } from "../lib/intrinsics.ts";
import { dressNative } from "../lib/promise-follower.ts";
import { promiseFollower } from "../lib/promise-hooks.ts";
import { standIn } from "../lib/proxies.ts";
import { runtimeFunctions } from "../lib/runtime-functions.ts";
import { installWebAssemblyIn } from "../lib/wasm-limits.ts";
import { mathCeil, mathMax, reflectApply, SafeWeakMap } from "../primordials.ts";
import type { QuietBuiltIns } from "../quiet/built-ins.ts";
import type { Realm } from "../realm.ts";
import type { ContextRules } from "./contexts.ts";
import { mainGlobal } from "./main-global.ts";
import { announceContext, type InspectedContext } from "./portable-inspector.ts";
import { callInTime, OutOfTime, type Stage, stepper } from "./script-runner.ts";
import { NOTHING, replaceAt, type Shape, shapeOf } from "./script-shape.ts";

/** Enough for the frames of ours on top. */
const STRICT_FRAMES = 12;

/** A context of `vm` without the native helper. */
export class PortableContext implements Stage, InspectedContext {
  readonly id: number;
  readonly inner: InnerContext;
  readonly scopes: readonly object[];
  /** Its own microtasks, if it has any. */
  reactions: Reactions | undefined;
  promises: FollowedPromises | undefined;
  readonly #realm: Realm;

  constructor(realm: Realm, id: number, inner: InnerContext, target: object | undefined) {
    this.#realm = realm;
    this.id = id;
    this.inner = inner;
    this.scopes = target ? [target, inner.global] : [inner.global];
  }

  get global(): object {
    return this.inner.global;
  }

  get builtIns(): QuietBuiltIns {
    return this.inner.builtIns;
  }

  /** What the inspector evaluates. */
  run(source: string): unknown {
    const shape = shapeOf(this.#realm, source);
    const text = shape ? replaceAt(source, shape.receivers, THIS) : source;
    return this.around(shape ?? NOTHING, 0, () => this.evaluate(text));
  }

  evaluate(source: string): unknown {
    return this.inner.evaluate(source);
  }

  settle(): void {
    this.inner.settle();
  }

  /** Runs something in the context with what it will declare made ready. */
  around<T>({ declared, deleted, strict }: Shape, timeout: number, run: () => T): T {
    this.inner.begin({ declared, deleted, strict });
    try {
      return this.inTurn(timeout, run);
    } finally {
      this.inner.end();
    }
  }

  /** Runs something of the context's as one run of it, and the microtasks that belong to it. */
  inTurn<T>(timeout: number, run: () => T): T {
    const { reactions } = this;
    if (!reactions) return run();
    const { turn: outer } = reactions;
    const turn: Turn = { isOver: false };
    reactions.turn = turn;
    const realm = this.#realm;
    const begun = realm.now();
    try {
      const value = run();
      if (!outer && !reactions.isEmpty)
        this.#drain(reactions, timeout > 0 ? mathMax(1, mathCeil(timeout - (realm.now() - begun))) : 0);
      return value;
    } catch (error) {
      if (error instanceof OutOfTime) {
        turn.isOver = true;
        reactions.forget();
      }
      throw error;
    } finally {
      reactions.turn = outer;
    }
  }

  #drain(reactions: Reactions, timeout: number): void {
    if (timeout === 0) reactions.drain();
    else callInTime(this.#realm, this, () => reactions.drain(), timeout);
  }
}

const contexts = new SafeWeakMap<object, PortableContext>();
let lastId = 0;

/** The context a global belongs to. */
export const portableContext = (global: object): PortableContext | undefined => contexts.get(global);

/** Words of stack that the making of a context and a first script in it take. */
const STACK_ROOM = 8192;
const nothing = (): void => {};

/**
 * A context takes a while to make, so a program that tries again and again at the end of its stack is told before it is made.
 * @throws RangeError
 */
const needStack = (): void => reflectApply(nothing, undefined, new NativeArray(STACK_ROOM) as []);

/** Makes a context out of an object, or one with a global of its own. @returns its global; nothing where that failed */
export function makePortableContext(
  realm: Realm,
  target: object | undefined,
  { strings, wasm, ownMicrotasks }: ContextRules,
): object | undefined {
  needStack();
  const id = ++lastId;
  const inner = realm.sys.engine.makeContext(id) as InnerContext | undefined;
  if (!inner) return undefined;
  inner.connect(target, outsideOf(realm));
  if (!strings) inner.forbidStrings();
  if (!wasm) inner.forbidWasm();
  installWebAssemblyIn(realm, { WebAssembly: inner.WebAssembly, Function: inner.Function });
  addRelatives(inner.kinds);
  const context = new PortableContext(realm, id, inner, target);
  const { promiseDetails } = runtimeFunctions;
  if (ownMicrotasks && promiseDetails) context.reactions = inner.ownMicrotasks(promiseDetails);
  context.promises = inner.followPromises(promiseFollower(realm), dressNative);
  contexts.set(standIn(inner.global), context);
  announceContext(realm, context);
  return inner.global;
}

const outsides = new SafeWeakMap<Realm, Outside>();

function outsideOf(realm: Realm): Outside {
  let outside = outsides.get(realm);
  if (!outside) {
    const global = { raw: realm.global, shown: mainGlobal(realm.global) };
    outside = { format: formatStack, step: stepper(realm), global, isStrictCode };
    outsides.set(realm, outside);
  }
  return outside;
}

/** Whether the innermost function of the program's is strict: V8 tells nobody what such a function is. */
function isStrictCode(): boolean {
  const site = visibleSites(captureSites(STRICT_FRAMES))[0];
  return site !== undefined && site.getFunction() === undefined;
}

/** Errors print alike in every context. */
function formatStack(error: unknown, sites: unknown): unknown {
  const { prepareStackTrace } = NativeError as unknown as {
    prepareStackTrace?: (error: unknown, sites: unknown) => unknown;
  };
  return typeof prepareStackTrace === "function"
    ? reflectApply(prepareStackTrace, NativeError, [error, sites])
    : undefined;
}
