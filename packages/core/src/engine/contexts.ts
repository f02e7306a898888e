import v8 from "node:v8";
import { STEP, THIS } from "@vivarium/bridge/contract";
import type { Library } from "@vivarium/bridge/library";
import type ivm from "isolated-vm";
import { SyscallFailure } from "../errors/failure.ts";
import { compiling } from "./compiling.ts";
import type { GuestIsolate } from "./isolate.ts";

/**
 * A context the host holds is never collected, so it holds the newest ones only. In an older one scripts run all the
 * same, but what they declare with `let`, `const` or `class` ends with them.
 */
const MOST_HELD = 16;
/** The variable of every context but the main one in which a module leaves what the host takes out at once. */
export const SLOT = "sl\u00f6t";

/** What isolated-vm throws when a time limit was over. */
const TIMED_OUT = "Script execution timed out.";

/** What a script threw, as data: the guest keeps the value itself where it can. */
function thrown(error: unknown): SyscallFailure {
  if (error instanceof Error) {
    if (error.message === TIMED_OUT) return new SyscallFailure("ETIMEDOUT");
    const { name, message, stack } = error;
    const detail = JSON.stringify({
      name,
      message,
      stack: stack?.replace(/\n {4}at \(<isolated-vm boundary>\)[\s\S]*$/, ""),
    });
    return new SyscallFailure("ERR_SANDBOX_VM_THROWN", { detail });
  }
  const isData = typeof error !== "bigint" && typeof error !== "symbol" && error !== undefined;
  return new SyscallFailure("ERR_SANDBOX_VM_THROWN", {
    detail: JSON.stringify({ primitive: isData ? error : undefined }),
  });
}

let codeFromStrings = false;

/**
 * V8 lets code of one context call another's `eval` or `Function` only where it knows both as one origin, and isolated-vm
 * gives every context an origin of its own. This lifts that question; the isolate stays the wall.
 */
function allowCodeFromStrings(): void {
  if (codeFromStrings) return;
  codeFromStrings = true;
  v8.setFlagsFromString("--allow-unsafe-function-constructor");
}

/** The contexts of `vm` of one isolate, where there is no native helper to make them. */
export class Contexts {
  readonly #guest: GuestIsolate;
  readonly #library: Library;
  readonly #held = new Map<number, ivm.Context>();
  /** Those with modules, which the host holds anyway. */
  readonly #ofModules = new Map<number, ivm.Context>();
  #deadline = Number.POSITIVE_INFINITY;
  #box: ivm.Reference<(value: unknown) => unknown> | undefined;
  #script: ivm.Script | undefined;

  constructor(guest: GuestIsolate, library: Library) {
    this.#guest = guest;
    this.#library = library;
  }

  /** @param id the guest's number for it -> what drives the context: a guest value */
  make(id: number): unknown {
    allowCodeFromStrings();
    const { isolate } = this.#guest;
    const slots = `setThis(value) { ${THIS} = value; }, setStep(run) { ${STEP} = run; }`;
    this.#script ??= isolate.compileScriptSync(
      `let ${SLOT}, ${THIS}, ${STEP}; ${this.#library.context}({ ${slots} });`,
      {
        filename: "vivarium:context",
      },
    );
    const context = isolate.createContextSync();
    const inner = this.#script.runSync(context, { reference: true });
    this.#hold(id, context);
    return inner.derefInto({ release: true });
  }

  #hold(id: number, context: ivm.Context): void {
    this.#held.get(id)?.release();
    this.#held.set(id, context);
    for (const [oldest, known] of this.#held) {
      if (this.#held.size <= MOST_HELD) break;
      this.#held.delete(oldest);
      known.release();
    }
  }

  /** @throws ENOENT for a context that is held no longer */
  get(id: number): ivm.Context {
    const context = id === 0 ? this.#guest.context : (this.#held.get(id) ?? this.#ofModules.get(id));
    if (!context) throw new SyscallFailure("ENOENT");
    return context;
  }

  /** The same for a module, which needs its context as long as it is there. */
  getForModule(id: number): ivm.Context {
    const context = this.get(id);
    if (this.#held.delete(id)) this.#ofModules.set(id, context);
    return context;
  }

  /** -> `{ value }` of the script: a guest value */
  run(id: number, source: string, filename: string, line: number, column: number, timeout: number): unknown {
    const { isolate } = this.#guest;
    const context = this.get(id);
    const options = { filename, lineOffset: line, columnOffset: column };
    const script = compiling(() => isolate.compileScriptSync(source, options));
    const value = this.inTime(timeout, (limit) =>
      script.runSync(context, { reference: true, release: true, ...(limit > 0 ? { timeout: limit } : {}) }),
    );
    const boxed = this.#boxer.applySync(undefined, [value.derefInto({ release: true })], {
      result: { reference: true },
    });
    return boxed.derefInto({ release: true });
  }

  /** isolated-vm's clock stands still in host code, and so does that of a script that runs another: here it does not. */
  inTime<T>(timeout: number, run: (limit: number) => T): T {
    const outer = this.#deadline;
    const own = timeout > 0 ? performance.now() + timeout : Number.POSITIVE_INFINITY;
    this.#deadline = Math.min(own, outer);
    try {
      const left = this.#deadline - performance.now();
      return run(left === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.ceil(left)));
    } catch (error) {
      throw performance.now() >= own ? new SyscallFailure("ETIMEDOUT") : thrown(error);
    } finally {
      this.#deadline = outer;
    }
  }

  get #boxer(): ivm.Reference<(value: unknown) => unknown> {
    const { isolate, context } = this.#guest;
    this.#box ??= isolate
      .compileScriptSync("(value) => ({ __proto__: null, value })", { filename: "vivarium:box" })
      .runSync(context, { reference: true });
    return this.#box;
  }
}
