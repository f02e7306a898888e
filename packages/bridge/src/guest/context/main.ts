import { dataDescriptor } from "../lib/define.ts";
import {
  objectFreeze,
  reflectDefineProperty,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
} from "../primordials.ts";
import { begin, end, type Names, showGlobal } from "./runs.ts";
import { installScope } from "./scope.ts";
import { makeShown } from "./shown-global.ts";
import { sweep } from "./sweep.ts";
import { newWorld, outward } from "./world.ts";

/** The lexical variables every context has for us: what `this` of a script is, and what steps of a script call. */
export interface Slots {
  setThis(value: unknown): void;
  setStep(step: (index: unknown) => unknown): void;
}

/** A context of `vm` in patch mode as the library outside has it. */
export interface InnerContext {
  readonly global: object;
  readonly WebAssembly: unknown;
  readonly Function: unknown;
  readonly errorPrototype: object;
  /** Connects the context with the object it is made of. `format`: what `Error.prepareStackTrace` does. */
  connect(
    target: object | undefined,
    format: (error: unknown, sites: unknown) => unknown,
    step: (index: unknown) => unknown,
  ): void;
  forbid(strings: boolean, wasm: boolean): void;
  begin(names: Names): void;
  end(): void;
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
    connect(target, format, step) {
      world.target = target;
      installScope(world);
      slots.setStep((index) => step(index));
      const prepareStackTrace = (error: unknown, sites: unknown): unknown => format(error, sites);
      reflectDefineProperty(InnerError, "prepareStackTrace", dataDescriptor(prepareStackTrace, false));
    },
    forbid() {},
    begin: (names) => begin(world, names),
    end: () => end(world),
    evaluate: (source) => outward(world, evaluate(source)),
  } satisfies InnerContext);
}
