import type ivm from "isolated-vm";
import { SyscallFailure } from "../errors/failure.ts";
import { rewriteImports, STAND_IN } from "./import-rewrite.ts";
import type { GuestIsolate } from "./isolate.ts";

interface Loaded {
  readonly module: ivm.Module;
  /** Gives the guest's half of the module its functions: see `HELPER`. */
  readonly setter: ivm.Reference | undefined;
  readonly helper: ivm.Module | undefined;
  targets: readonly number[];
}

const SLOT = "__vivarium";
/** Specifier of a module's own helper; no resolver ever sees it. */
const HELPER = "vivarium:helper";
const HELPER_NAMES = [STAND_IN.meta, STAND_IN.import, "$run", "$done"] as const;

const helperSource = `export let ${HELPER_NAMES.join(", ")};
globalThis.${SLOT} = (a, b, c, d) => { ${HELPER_NAMES.map((name, i) => `${name} = ${"abcd"[i]}`).join("; ")}; };`;

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
  readonly #loaded: Loaded[] = [];
  readonly #numbers = new Map<ivm.Module, number>();

  constructor(guest: GuestIsolate) {
    this.#guest = guest;
  }

  /** @returns the module's number, then specifier and attributes (JSON) of each request */
  compile(source: string, url: string, line: number, column: number): readonly (string | number)[] {
    const rewritten = rewriteImports(source);
    const needsHelper = rewritten.usesImport || rewritten.usesMeta;
    const module = syntax(() => this.#compile(rewritten.source, url, line, column, needsHelper));
    const id = this.#add(module, needsHelper);
    const requests: (string | number)[] = [id, needsHelper ? 1 : 0];
    for (const specifier of module.dependencySpecifiers) {
      if (specifier === HELPER) continue;
      requests.push(specifier, JSON.stringify(rewritten.attributes.get(specifier) ?? {}));
    }
    return requests;
  }

  /** A module whose exports the guest sets when it is evaluated. */
  synthetic(url: string, names: readonly string[]): number {
    const locals = names.map((_, i) => `$${i}`);
    const set = locals.map((local, i) => `case ${i}: ${local} = v; break;`).join(" ");
    const source = [
      locals.length > 0 ? `let ${locals.join(", ")};` : "",
      `export { ${names.map((name, i) => `$${i} as ${JSON.stringify(name)}`).join(", ")} };`,
      `$run((i, v) => { switch (i) { ${set} } });`,
    ].join(" ");
    return this.#add(this.#compile(source, url, 0, 0, true), true);
  }

  /** A root that evaluates a module and then says so: the only way to learn of the end of top-level await. */
  root(target: number): number {
    const source = `import "vivarium:target"; $done();`;
    const id = this.#add(this.#compile(source, "vivarium:root", 0, 0, true), true);
    this.link(id, [target]);
    return id;
  }

  setter(id: number): unknown {
    return this.#get(id).setter?.derefInto();
  }

  link(id: number, targets: readonly number[]): undefined {
    this.#get(id).targets = targets;
  }

  instantiate(id: number): undefined {
    const { module } = this.#get(id);
    syntax(() =>
      module.instantiateSync(this.#guest.context, (specifier, referrer) => {
        const from = this.#get(this.#numbers.get(referrer) ?? -1);
        if (specifier === HELPER && from.helper) return from.helper;
        const requests = referrer.dependencySpecifiers.filter((request) => request !== HELPER);
        const target = from.targets[requests.indexOf(specifier)];
        return this.#get(target ?? -1).module;
      }),
    );
  }

  /** Runs a module. With top-level await it goes on in later turns; what it throws becomes an unhandled rejection. */
  evaluate(id: number): undefined {
    // No-op for a module that another one's graph brought along; isolated-vm crashes without it.
    this.instantiate(id);
    this.#get(id).module.evaluateSync();
  }

  namespace(id: number): unknown {
    const { module } = this.#get(id);
    // isolated-vm knows the namespace of a module only after it was asked to instantiate and evaluate that very module,
    // and crashes when the first was left out. V8 does both once.
    this.instantiate(id);
    module.evaluateSync();
    return module.namespace.derefInto();
  }

  #compile(source: string, url: string, line: number, column: number, withHelper: boolean): ivm.Module {
    const prefix = withHelper ? `import {${HELPER_NAMES.join(",")}} from "${HELPER}";` : "";
    return this.#guest.isolate.compileModuleSync(prefix + source, {
      filename: url,
      lineOffset: line,
      columnOffset: column - prefix.length,
    });
  }

  #add(module: ivm.Module, withHelper: boolean): number {
    const { isolate, context } = this.#guest;
    let helper: ivm.Module | undefined;
    let setter: ivm.Reference | undefined;
    if (withHelper) {
      helper = isolate.compileModuleSync(helperSource, { filename: HELPER });
      helper.instantiateSync(context, () => {
        throw new Error("the helper module imports nothing");
      });
      // Runs alone and at once: no guest code can see the slot.
      helper.evaluateSync();
      setter = context.global.getSync(SLOT, { reference: true });
      context.global.deleteSync(SLOT);
    }
    const id = this.#loaded.push({ module, helper, setter, targets: [] }) - 1;
    this.#numbers.set(module, id);
    return id;
  }

  #get(id: number): Loaded {
    const loaded = this.#loaded[id];
    if (!loaded) throw new SyscallFailure("EINVAL", { detail: "no such module" });
    return loaded;
  }
}
