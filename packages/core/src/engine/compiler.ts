import type { Library } from "@vivarium/bridge/library";
import type ivm from "isolated-vm";
import { SyscallFailure } from "../errors/failure.ts";
import { seal, unseal } from "./code-cache.ts";
import { compiling } from "./compiling.ts";
import { Contexts } from "./contexts.ts";
import { rewriteImports, STAND_IN } from "./import-rewrite.ts";
import type { GuestIsolate } from "./isolate.ts";
import { Modules } from "./modules.ts";

/** Compiles guest and library source in one isolate. What it hands out are guest values, never references to them. */
export class Compiler {
  readonly #guest: GuestIsolate;
  readonly #library: Library;
  readonly modules: Modules;
  readonly contexts: Contexts;
  readonly #cache: ReadonlyMap<string, ivm.ExternalCopy<ArrayBuffer>>;

  constructor(guest: GuestIsolate, library: Library, cache: ReadonlyMap<string, ivm.ExternalCopy<ArrayBuffer>>) {
    this.#guest = guest;
    this.contexts = new Contexts(guest, library);
    this.modules = new Modules(guest, this.contexts);
    this.#library = library;
    this.#cache = cache;
  }

  builtin(id: string): unknown {
    const source = this.#library.source(id);
    if (!source) throw new SyscallFailure("ENOENT", { detail: `no library module ${id}` });
    const { isolate, context } = this.#guest;
    const cachedData = this.#cache.get(id);
    const script = isolate.compileScriptSync(source.code, {
      filename: `node:${id}`,
      columnOffset: -source.prefix,
      ...(cachedData ? { cachedData } : {}),
    });
    return script.runSync(context, { reference: true }).derefInto({ release: true });
  }

  /**
   * A function with the given parameters whose body is `source`; positions are those of `source`. With `imports` the
   * function comes inside another, which takes what `import()` calls.
   */
  fn(source: string, filename: string, params: string, line: number, column: number, imports: boolean): unknown {
    const { isolate, context } = this.#guest;
    const wrapper = imports ? `(${STAND_IN.import}) => (function (${params}) {` : `(function (${params}) {`;
    const body = imports ? rewriteImports(source).source : source;
    return compiling(() => {
      const script = isolate.compileScriptSync(`${wrapper}${body}\n})`, {
        filename,
        lineOffset: line,
        columnOffset: column - wrapper.length,
      });
      return script.runSync(context, { reference: true }).derefInto({ release: true });
    });
  }

  /** -> whether V8 took the cache, and its own where that was asked for */
  checkScript(
    source: string,
    filename: string,
    line: number,
    column: number,
    sealed: Uint8Array | undefined,
    produce: boolean,
  ): readonly [number, Uint8Array?] {
    const given = unseal("script", source, sealed);
    const script = compiling(() =>
      this.#guest.isolate.compileScriptSync(source, {
        filename,
        lineOffset: line,
        columnOffset: column,
        ...(given ? { cachedData: given } : {}),
        ...(produce ? { produceCachedData: true } : {}),
      }),
    ) as ivm.Script & { readonly cachedData?: ivm.ExternalCopy<ArrayBuffer>; readonly cachedDataRejected?: boolean };
    given?.release();
    const taken = given !== undefined && script.cachedDataRejected === false ? 1 : 0;
    const cache = produce && script.cachedData ? seal("script", source, script.cachedData) : undefined;
    script.release();
    return cache ? [taken, cache] : [taken];
  }

  checkModule(source: string, filename: string): undefined {
    compiling(() => this.#guest.isolate.compileModuleSync(source, { filename }).release());
  }
}
