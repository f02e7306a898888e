import { createRequire } from "node:module";
import type ivm from "isolated-vm";
import { SyscallFailure } from "../errors/failure.ts";
import { seal, unseal } from "./code-cache.ts";
import { type Contexts, SLOT } from "./contexts.ts";
import { Evaluations } from "./evaluations.ts";
import { rewriteImports, STAND_IN } from "./import-rewrite.ts";
import type { GuestIsolate } from "./isolate.ts";

interface Compiled {
  readonly source: string;
  readonly options: { readonly filename: string; readonly lineOffset: number; readonly columnOffset: number };
}

interface Loaded {
  readonly module: ivm.Module;
  /** Gives the guest's half of the module its functions: see `HELPER`. */
  readonly setter: ivm.Reference | undefined;
  readonly helper: ivm.Module | undefined;
  readonly context: ivm.Context;
  /** The source as V8 compiled it, and where it begins. */
  readonly compiled: Compiled;
  targets: readonly number[];
  /** Its evaluation has begun. */
  evaluated: boolean;
}

/** Where the helper of a module of the main context leaves its setter; those of others have `SLOT`. */
const MAIN_SLOT = "__vivarium";
/** Specifier of a module's own helper; no resolver ever sees it. */
const HELPER = "vivarium:helper";
const HELPER_NAMES = [STAND_IN.meta, STAND_IN.import, "$run", "$done"] as const;

const helperSource = (slot: string): string => `export let ${HELPER_NAMES.join(", ")};
${slot} = (a, b, c, d) => { ${HELPER_NAMES.map((name, i) => `${name} = ${"abcd"[i]}`).join("; ")}; };`;

function prepare(source: string, url: string, line: number, column: number, withHelper: boolean): Compiled {
  const prefix = withHelper ? `import {${HELPER_NAMES.join(",")}} from "${HELPER}";` : "";
  const options = { filename: url, lineOffset: line, columnOffset: column - prefix.length };
  return { source: prefix + source, options };
}

/** Specifiers of the two modules that get at a namespace early; no resolver sees them either. */
const EARLY = { target: "vivarium:target", holder: "vivarium:holder", taker: "vivarium:taker" } as const;

/**
 * V8 makes a module's namespace when something that imports it is instantiated, and isolated-vm gives it out when the
 * module has been evaluated. Between the two it can be had like this: the holder imports it, and the taker before that.
 * They import each other, so the taker runs first, calls the holder's function, which is there from the beginning, and
 * throws: neither the holder nor what it imports is evaluated.
 */
const HOLDER = `import "${EARLY.taker}"; import * as namespace from "${EARLY.target}"; export function get() { return namespace; }`;
let signal: string | undefined;
/** What the taker throws: a text no program knows. Few cells need one, and Node's crypto takes long to load. */
const makeSignal = (): string => {
  const { randomUUID } = createRequire(import.meta.url)("node:crypto") as typeof import("node:crypto");
  signal ??= `vivarium:early:${randomUUID()}`;
  return signal;
};
const takerSource = (slot: string): string =>
  `import { get } from "${EARLY.holder}"; ${slot} = get(); throw ${JSON.stringify(makeSignal())};`;

/** A rejection that comes of a namespace got early, and is nobody's failure. */
export const isOwnRejection = (reason: unknown): boolean => signal !== undefined && reason === signal;

/** Turns what V8 says while linking or compiling into data for the guest. */
function syntax<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const placed = /^(.*) \[.*:(\d+):(\d+)\]$/s.exec(error.message);
    const detail = placed ? `${placed[1]}\0${placed[2]}:${placed[3]}` : `${error.message}\u00000:0`;
    throw new SyscallFailure("SyntaxError", { detail });
  }
}

/**
 * The ES modules of one isolate, by number. Node's own loader, in the guest, resolves and links them; here they are
 * compiled, instantiated and evaluated. What a module needs from outside the language (`import.meta`, `import()`) it
 * imports from a helper module of its own, whose bindings the guest sets.
 */
export class Modules {
  readonly #guest: GuestIsolate;
  readonly #contexts: Contexts;
  readonly #loaded: Loaded[] = [];
  readonly #numbers = new Map<ivm.Module, number>();
  readonly #roots = new Set<number>();
  readonly evaluations: Evaluations;

  constructor(guest: GuestIsolate, contexts: Contexts) {
    this.#guest = guest;
    this.#contexts = contexts;
    this.evaluations = new Evaluations(guest);
  }

  /** @returns the module's number, then specifier and attributes (JSON) of each request */
  compile(
    source: string,
    url: string,
    line: number,
    column: number,
    place: number,
    cache: Uint8Array | undefined,
  ): readonly (string | number)[] {
    const context = this.#contexts.getForModule(place);
    const rewritten = rewriteImports(source);
    const needsHelper = rewritten.usesImport || rewritten.usesMeta;
    const compiled = prepare(rewritten.source, url, line, column, needsHelper);
    const module = syntax(() => this.#compile(compiled, cache));
    const id = this.#add(module, compiled, needsHelper, context);
    const requests: (string | number)[] = [id, needsHelper ? 1 : 0];
    for (const specifier of module.dependencySpecifiers) {
      if (specifier === HELPER) continue;
      requests.push(specifier, JSON.stringify(rewritten.attributes.get(specifier) ?? {}));
    }
    return requests;
  }

  /** A module whose exports the guest sets when it is evaluated. */
  synthetic(url: string, names: readonly string[], place: number): number {
    const context = this.#contexts.getForModule(place);
    const locals = names.map((_, i) => `$${i}`);
    const set = locals.map((local, i) => `case ${i}: ${local} = v; break;`).join(" ");
    const source = [
      locals.length > 0 ? `let ${locals.join(", ")};` : "",
      `export { ${names.map((name, i) => `$${i} as ${JSON.stringify(name)}`).join(", ")} };`,
      `$run((i, v) => { switch (i) { ${set} } });`,
    ].join(" ");
    const compiled = prepare(source, url, 0, 0, true);
    return this.#add(this.#compile(compiled), compiled, true, context);
  }

  /** A root that evaluates a module and then says so: the only way to learn that top-level await came to a good end. */
  root(target: number): number {
    const source = `import "vivarium:target"; $done();`;
    const compiled = prepare(source, "vivarium:root", 0, 0, true);
    const id = this.#add(this.#compile(compiled), compiled, true, this.#get(target).context);
    this.link(id, [target]);
    this.#roots.add(id);
    return id;
  }

  setter(id: number): unknown {
    return this.#get(id).setter?.derefInto();
  }

  link(id: number, targets: readonly number[]): undefined {
    this.#get(id).targets = targets;
  }

  instantiate(id: number): undefined {
    const { module, context } = this.#get(id);
    syntax(() =>
      module.instantiateSync(context, (specifier, referrer) => {
        const from = this.#get(this.#numbers.get(referrer) ?? -1);
        if (specifier === HELPER && from.helper) return from.helper;
        const requests = referrer.dependencySpecifiers.filter((request) => request !== HELPER);
        const target = from.targets[requests.indexOf(specifier)];
        return this.#get(target ?? -1).module;
      }),
    );
  }

  /**
   * Runs a module. With top-level await it goes on in later turns; what it throws becomes an unhandled rejection, and that
   * of a root a failed evaluation.
   * @param timeout milliseconds; 0 for none
   */
  evaluate(id: number, timeout: number): undefined {
    // No-op for a module that another one's graph brought along; isolated-vm crashes without it.
    this.instantiate(id);
    this.#markEvaluated(id);
    const { module } = this.#get(id);
    if (this.#roots.has(id)) this.evaluations.begin(id, module);
    try {
      if (timeout > 0) this.#contexts.inTime(timeout, (limit) => module.evaluateSync({ timeout: limit }));
      else module.evaluateSync();
    } catch (error) {
      this.evaluations.end(id);
      throw error;
    }
  }

  #markEvaluated(id: number): void {
    const loaded = this.#get(id);
    if (loaded.evaluated) return;
    loaded.evaluated = true;
    for (const target of loaded.targets) this.#markEvaluated(target);
  }

  /** Of a module that is instantiated at least. */
  namespace(id: number): unknown {
    const { module, context, evaluated } = this.#get(id);
    if (!evaluated) return this.#earlyNamespace(module, context);
    // isolated-vm knows the namespace of a module only after it was asked to instantiate and evaluate that very module,
    // and crashes when the first was left out. V8 does both once.
    this.instantiate(id);
    module.evaluateSync();
    return module.namespace.derefInto();
  }

  #earlyNamespace(target: ivm.Module, context: ivm.Context): unknown {
    const { isolate } = this.#guest;
    const holder = isolate.compileModuleSync(HOLDER, { filename: EARLY.holder });
    const taker = isolate.compileModuleSync(takerSource(this.#slotOf(context)), { filename: EARLY.taker });
    const parts: Record<string, ivm.Module> = {
      [EARLY.target]: target,
      [EARLY.holder]: holder,
      [EARLY.taker]: taker,
    };
    holder.instantiateSync(context, (specifier) => parts[specifier] as ivm.Module);
    try {
      holder.evaluateSync();
    } catch {
      // What the taker throws.
    }
    return this.#take(context).derefInto({ release: true });
  }

  /** A module's code as V8 keeps it, sealed. */
  cache(id: number): Uint8Array {
    const { compiled } = this.#get(id);
    const options = { ...compiled.options, produceCachedData: true };
    const module = this.#guest.isolate.compileModuleSync(compiled.source, options) as ivm.Module & {
      readonly cachedData?: ivm.ExternalCopy<ArrayBuffer>;
    };
    const { cachedData } = module;
    module.release();
    return cachedData ? seal("module", compiled.source, cachedData) : new Uint8Array(0);
  }

  #compile({ source, options }: Compiled, sealed?: Uint8Array): ivm.Module {
    const { isolate } = this.#guest;
    if (!sealed) return isolate.compileModuleSync(source, options);
    const cachedData = unseal("module", source, sealed);
    if (!cachedData) throw new SyscallFailure("ECANCELED");
    const module = isolate.compileModuleSync(source, { ...options, cachedData }) as ivm.Module & {
      readonly cachedDataRejected?: boolean;
    };
    cachedData.release();
    if (module.cachedDataRejected !== false) throw new SyscallFailure("ECANCELED");
    return module;
  }

  #add(module: ivm.Module, compiled: Compiled, withHelper: boolean, context: ivm.Context): number {
    const helper = withHelper ? this.#helper(context) : undefined;
    const ofHelper = { helper: helper?.module, setter: helper?.setter };
    const id = this.#loaded.push({ module, compiled, context, ...ofHelper, targets: [], evaluated: false }) - 1;
    this.#numbers.set(module, id);
    return id;
  }

  #helper(context: ivm.Context): { readonly module: ivm.Module; readonly setter: ivm.Reference } {
    const { isolate } = this.#guest;
    const module = isolate.compileModuleSync(helperSource(this.#slotOf(context)), { filename: HELPER });
    module.instantiateSync(context, () => {
      throw new Error("the helper module imports nothing");
    });
    // Runs alone and at once: no guest code can see the slot.
    module.evaluateSync();
    return { module, setter: this.#take(context) };
  }

  #slotOf(context: ivm.Context): string {
    return context === this.#guest.context ? `globalThis.${MAIN_SLOT}` : SLOT;
  }

  /** What a module has left in its context's slot. */
  #take(context: ivm.Context): ivm.Reference {
    if (context !== this.#guest.context) return context.evalSync(SLOT, { reference: true });
    const left = context.global.getSync(MAIN_SLOT, { reference: true });
    context.global.deleteSync(MAIN_SLOT);
    return left;
  }

  #get(id: number): Loaded {
    const loaded = this.#loaded[id];
    if (!loaded) throw new SyscallFailure("EINVAL", { detail: "no such module" });
    return loaded;
  }
}
