import type { Library } from "@vivarium/bridge/library";
import type ivm from "isolated-vm";
import { SyscallFailure } from "../errors/failure.ts";
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
    this.modules = new Modules(guest);
    this.contexts = new Contexts(guest, library);
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

  checkScript(source: string, filename: string, line: number, column: number): undefined {
    const options = { filename, lineOffset: line, columnOffset: column };
    compiling(() => this.#guest.isolate.compileScriptSync(source, options).release());
  }

  checkModule(source: string, filename: string): undefined {
    compiling(() => this.#guest.isolate.compileModuleSync(source, { filename }).release());
  }
}
