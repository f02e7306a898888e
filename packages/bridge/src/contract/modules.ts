import { bool, bytes, handle, int, list, none, optional, path, str } from "./codec.ts";
import { type ModuleNeed, sync } from "./declare.ts";

const moduleNeed = (target: string): readonly ModuleNeed[] => [{ domain: "module", path: target, follow: true }];

/** The loader's own look at files: what `require` and `import` may see without an `fs` permission. What is denied is not there. */
export const modules = {
  /** -> 0 a file, 1 a directory, -2 nothing there or nothing to see */
  stat: sync([path], int, { needs: moduleNeed, denied: -2 }),
  readFile: sync([path], bytes, { needs: moduleNeed }),
  realpath: sync([path], str, { needs: moduleNeed }),
  /** path of a package.json -> its text, or nothing */
  readPackage: sync([path], optional(str), { needs: moduleNeed, denied: undefined }),
  /** a refused `.node` file -> what to say: package name, alternative */
  addonAdvice: sync([path], list),
} as const;

/**
 * Compilation: the engine's own syscalls, which hand out guest functions and modules. A source that does not parse
 * fails with code `SyntaxError`; the message is V8's own, then a NUL, line and column (1-based).
 */
export const engine = {
  /** id of a library module -> its wrapper function */
  compileBuiltin: sync([str], handle),
  /**
   * source, file name, parameters joined by commas, line offset, column offset, whether it may use `import()`
   * -> function; with `import()`, a function that takes the importer and gives that function
   */
  compileFunction: sync([str, str, str, int, int, bool], handle, { cost: 4 }),
  /**
   * source, file name, line offset, column offset, a code cache, whether to make one: fails as compiling it as a script
   * would -> whether V8 took the cache (1 or 0), its own cache. A cache is V8's code under a seal of the host's for this
   * very source; any other is not taken.
   */
  checkScript: sync([str, str, int, int, optional(bytes), bool], list, { cost: 4 }),
  /**
   * number of a new context of `vm` -> what drives it (`InnerContext`), once everything the snapshot has put there was
   * swept out; nothing where that failed
   */
  makeContext: sync([int], handle, { cost: 64 }),
  /**
   * number of a context or 0 for the main one, source, file name, line offset, column offset, milliseconds or 0
   * -> `{ value }` of the script. What it throws fails as `ERR_SANDBOX_VM_THROWN` with a copy as JSON; `ETIMEDOUT`: its time
   * was over; `ENOENT`: the host has let go of that context
   */
  runScript: sync([int, str, str, int, int, int], handle, { cost: 4 }),
  /** source, file name: fails as compiling it as a module would */
  checkModule: sync([str, str], none, { cost: 4 }),
  /**
   * source, URL, line offset, column offset, number of its context (0: the main one), a code cache -> module id, whether it
   * has a helper, then per request: specifier, attributes as JSON. `ECANCELED`: the cache was not taken
   */
  compileModule: sync([str, str, int, int, int, optional(bytes)], list, { cost: 4 }),
  /** module id -> its code cache */
  moduleCache: sync([int], bytes, { cost: 4 }),
  /** URL, export names, number of its context -> id of a module whose exports the guest sets while it is evaluated */
  syntheticModule: sync([str, list, int], int, { cost: 4 }),
  /** module id -> id of a root that evaluates it and then calls `done` */
  rootModule: sync([int], int, { cost: 4 }),
  /** module id -> function (meta, importer, run, done) that gives a module's helper what the guest binds */
  moduleSetter: sync([int], handle),
  /** module id, the ids its requests resolve to, in order */
  linkModule: sync([int, list], none),
  instantiateModule: sync([int], none, { cost: 4 }),
  /** id, time limit in milliseconds (0: none). Runs a module; one with top-level await goes on in later turns. */
  evaluateModule: sync([int, int], none, { cost: 4 }),
  /** id of a root that has called `done`: nobody needs to be told of a failure */
  moduleDone: sync([int], none),
  moduleNamespace: sync([int], handle),
  /** a library module's source, for error excerpts and `process.binding('natives')` */
  builtinSource: sync([str], str),
  /** a binding's manifest as JSON, for bindings outside the snapshot */
  manifest: sync([str], str),
} as const;

/**
 * The variables every context of `vm` has in patch mode, as names no program uses by chance: for `this` of a script, as
 * long as the word, and for the function that runs a step of one.
 */
export const THIS = "th\u00efs";
export const STEP = "st\u00ebp";
