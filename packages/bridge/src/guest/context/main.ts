import { kindPrototypes } from "../lib/brands.ts";
import { dataDescriptor } from "../lib/define.ts";
import { type Dress, FollowedPromises, type PromiseFollower } from "../lib/followed-promises.ts";
import {
  objectFreeze,
  reflectDefineProperty,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
} from "../primordials.ts";
import { captureBuiltIns, type QuietBuiltIns } from "../quiet/built-ins.ts";
import { forbidStrings, forbidWasm } from "./code-generation.ts";
import { Reactions } from "./reactions.ts";
import { begin, end, type Names, settle, showGlobal } from "./runs.ts";
import { installScope } from "./scope.ts";
import { makeShown } from "./shown-global.ts";
import { sweep } from "./sweep.ts";
import { newWorld, outward, type Shown } from "./world.ts";

/** The lexical variables every context has for us: what `this` of a script is, and what steps of a script call. */
export interface Slots {
  setThis(value: unknown): void;
  setStep(step: (index: unknown) => unknown): void;
}

/** What a context needs of the library outside. */
export interface Outside {
  /** What `Error.prepareStackTrace` does. */
  format(error: unknown, sites: unknown): unknown;
  /** Runs a step of the script that runs right now. */
  step(index: unknown): unknown;
  readonly global: Shown;
  /** Whether the code of the main context that runs right now is strict. */
  isStrictCode(): boolean;
}

/** A context of `vm` in patch mode as the library outside has it. */
export interface InnerContext {
  readonly global: object;
  readonly WebAssembly: unknown;
  readonly Function: unknown;
  readonly errorPrototype: object;
  /** As `kindPrototypes` has them. */
  readonly kinds: readonly object[];
  readonly builtIns: QuietBuiltIns;
  /** Connects the context with the object it is made of. */
  connect(target: object | undefined, outside: Outside): void;
  forbidStrings(): void;
  forbidWasm(): void;
  /** Its microtasks, once it is asked to keep them apart. */
  ownMicrotasks(details: ConstructorParameters<typeof Reactions>[0]): Reactions;
  /** Its promises, as somebody hears of them. */
  followPromises(follower: PromiseFollower, dress: Dress): FollowedPromises;
  begin(names: Names): void;
  end(): void;
  settle(): void;
  evaluate(source: string): unknown;
}

/** Sweeps the context this runs in and gives what the library outside drives it with; nothing where that failed. */
export function enterContext(slots: Slots): InnerContext | undefined {
  const raw = globalThis;
  if (!sweep(raw)) return undefined;
  const { eval: evaluate, Error: InnerError } = raw;
  const world = newWorld(raw, reflectGetPrototypeOf(raw));
  world.shown = makeShown(world);
  showGlobal(world);
  const keys = reflectOwnKeys(raw);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "string") world.builtins.set(key, reflectGetOwnPropertyDescriptor(raw, key)?.value);
  }
  slots.setThis(world.shown);
  return objectFreeze({
    global: world.shown,
    WebAssembly: (raw as { WebAssembly?: unknown }).WebAssembly,
    Function: raw.Function,
    errorPrototype: InnerError.prototype,
    kinds: kindPrototypes(),
    builtIns: captureBuiltIns(raw),
    connect(target, outside) {
      world.target = target === outside.global.raw ? outside.global.shown : target;
      world.outer = outside.global;
      world.isStrictCode = () => outside.isStrictCode();
      installScope(world);
      slots.setStep((index) => outside.step(index));
      // V8 takes no bound function here.
      const prepareStackTrace = (error: unknown, sites: unknown): unknown => outside.format(error, sites);
      reflectDefineProperty(InnerError, "prepareStackTrace", dataDescriptor(prepareStackTrace, false));
    },
    forbidStrings: () => forbidStrings(raw),
    forbidWasm: () => forbidWasm((raw as { WebAssembly?: never }).WebAssembly),
    ownMicrotasks: (details) => new Reactions(details),
    followPromises: (follower, dress) => new FollowedPromises(follower, dress),
    begin: (names) => begin(world, names),
    end: () => end(world),
    settle: () => settle(world),
    evaluate: (source) => outward(world, evaluate(source)),
  } satisfies InnerContext);
}
