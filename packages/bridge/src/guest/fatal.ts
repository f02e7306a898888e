import { encodeWire } from "../contract/wire.ts";
import { arrowIn, arrowOf } from "./lib/arrow.ts";
import { locate, type Place } from "./lib/error-place.ts";
import { objectHasOwn, StringProto } from "./primordials.ts";
import type { Caught, Realm } from "./realm.ts";

const TRACE_HINT = "(Use `node --trace-uncaught ...` to show where the exception was thrown)";
const GENERIC_USER_ERROR = 1;
/** Node's `kExceptionInFatalExceptionHandler`: whoever was to handle the exception threw one. */
const HANDLER_THREW = 7;
/** Longest text of an error that leaves the guest, in characters. */
const MAX_TEXT = 64 * 1024;
const EXIT_CODE = 1;
const HAS_EXIT_CODE = 2;

interface Coded {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
}

const isObject = (value: unknown): value is Coded =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Reads an own or inherited text property without letting a hostile getter out. */
function textOf(error: Coded, key: keyof Coded): string | undefined {
  try {
    const value = error[key];
    return typeof value === "string" ? StringProto.slice(value, 0, MAX_TEXT) : undefined;
  } catch {
    return undefined;
  }
}

/** An error as data, for the run's result: never the object itself. */
function describe(error: unknown, depth = 0): Record<string, unknown> {
  if (!isObject(error)) return { name: "Error", message: printable(error), thrown: true };
  const described: Record<string, unknown> = {
    name: textOf(error, "name") ?? "Error",
    message: textOf(error, "message") ?? "",
  };
  const code = textOf(error, "code");
  const stack = textOf(error, "stack");
  if (code !== undefined) described["code"] = code;
  if (stack !== undefined) described["stack"] = stack;
  try {
    if (depth < 4 && objectHasOwn(error, "cause")) described["cause"] = describe(error.cause, depth + 1);
  } catch {
    // A proxy that refuses to be looked at has no cause.
  }
  return described;
}

function printable(value: unknown): string {
  try {
    return typeof value === "symbol" ? "" : `${value as string}`;
  } catch {
    return "<toString() threw exception>";
  }
}

/** Ends runs as Node ends its process (`TriggerUncaughtException`, src/node_errors.cc). */
export class FatalErrors {
  readonly #realm: Realm;
  readonly #exitInfo: Int32Array;
  #exiting = false;

  constructor(realm: Realm, exitInfo: Int32Array) {
    this.#realm = realm;
    this.#exitInfo = exitInfo;
  }

  /** Hands an exception to `process._fatalException`; when nobody handles it, prints it and ends the run. */
  trigger(error: unknown, fromPromise: boolean, caught?: Caught): void {
    if (this.#exiting) return;
    const process = this.#realm.process as { _fatalException?: (error: unknown, fromPromise: boolean) => unknown };
    let fatal = error;
    let handlerThrew = false;
    try {
      if (process._fatalException?.(error, fromPromise)) return;
    } catch (thrown) {
      fatal = thrown;
      handlerThrew = true;
    }
    this.#exiting = true;
    this.#report(fatal, fromPromise, fatal === error ? caught : undefined);
    if (handlerThrew) this.exit(HANDLER_THREW);
    this.exit(this.#exitInfo[HAS_EXIT_CODE] ? (this.#exitInfo[EXIT_CODE] as number) : GENERIC_USER_ERROR);
  }

  /** Prints an error and ends the run, past every handler of the program's. */
  fail(error: unknown): never {
    this.#exiting = true;
    this.#report(error, false, undefined);
    return this.exit(GENERIC_USER_ERROR);
  }

  /** Ends the run. The host stops the isolate inside this call. */
  exit(code: number): never {
    this.#exiting = true;
    this.#realm.sys.process.exit(code | 0);
    throw new Error("unreachable");
  }

  #report(error: unknown, fromPromise: boolean, caught: Caught | undefined): void {
    // First of all: V8 forgets where an error was made once its stack has been read.
    const place = this.#placeOf(error, fromPromise, caught);
    try {
      this.#realm.sys.result.error(encodeWire(describe(error), this.#realm.config.payloadBytes));
    } catch {
      // An error that cannot be described still ends the run; its printout says the rest.
    }
    let text: string;
    try {
      text = this.#format(error, place);
    } catch {
      text = `${beforeText(place)}${printable(error)}\n${TRACE_HINT}\n`;
    }
    this.#print(`${text}\nNode.js ${(this.#realm.process as { version: string }).version}\n`);
  }

  #print(text: string): void {
    const { Buffer } = this.#realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
    this.#realm.sys.stdio.write(2, Buffer.from(text));
  }

  #placeOf(error: unknown, fromPromise: boolean, caught: Caught | undefined): string | undefined {
    try {
      const { 0: own, 1: isShown } = arrowIn(this.#realm, error);
      return isShown || own !== undefined ? undefined : this.#place(error, fromPromise, caught);
    } catch {
      // The place is an extra; what was thrown gets printed without it.
      return undefined;
    }
  }

  #format(error: unknown, place: string | undefined): string {
    if (!isObject(error)) return `${beforeText(place)}${printable(error)}\n${TRACE_HINT}\n`;
    const { 0: own, 1: isShown } = arrowIn(this.#realm, error);
    const stack = this.#enhancedStack(error) ?? "";
    const isError = isErrorLike(this.#realm, error);
    const text = stack === "" ? this.#nameless(error) : isError ? stack : this.#inspect(error);
    if (!isError && own === undefined) return `${beforeText(place)}${text}\n`;
    const arrow = isShown ? undefined : (own ?? place);
    return arrow === undefined ? `${text}\n` : `${arrow}\n${text}\n`;
  }

  /** The lines that show where an exception was thrown; nothing where its stack shows them. */
  #place(error: unknown, fromPromise: boolean, caught: Caught | undefined): string | undefined {
    const { native } = this.#realm;
    const told =
      (caught && arrowOf(caught)) ?? (caught === undefined && native ? arrowOf(native.messageOf(error)) : undefined);
    if (told !== undefined) return told;
    const place = locate(this.#realm, error, fromPromise);
    return place && !isDecorated(error, place) ? excerpt(place) : undefined;
  }

  #inspect(value: unknown): string {
    const { inspect } = this.#realm.requireBuiltin<{ inspect: (value: unknown) => string }>("internal/util/inspect");
    return inspect(value);
  }

  #nameless(error: Coded): string {
    const name = textOf(error, "name");
    const message = textOf(error, "message");
    return name === undefined || message === undefined ? `Uncaught:\n${this.#inspect(error)}` : `${name}: ${message}`;
  }

  #enhancedStack(error: Coded): string | undefined {
    const { fatalExceptionStackEnhancers: enhancers } = this.#realm.requireBuiltin<{
      fatalExceptionStackEnhancers: Record<"beforeInspector" | "afterInspector", (error: unknown) => unknown>;
    }>("internal/errors");
    enhancers.beforeInspector(error);
    const stack = enhancers.afterInspector(error);
    return typeof stack === "string" ? stack : textOf(error, "stack");
  }
}

const isErrorLike = (realm: Realm, error: unknown): boolean =>
  (realm.internalBinding("types")["isNativeError"] as (value: unknown) => boolean)(error);

/** `file:line`, the line itself and a caret under the place. */
const excerpt = (place: Place): string =>
  `${place.file}:${place.line}\n${place.text}\n${StringProto.repeat(" ", place.column)}${StringProto.repeat("^", place.length)}\n`;

/** Node prints the place of what is no error by itself, after an empty line (`AppendExceptionLine` of src/node_errors.cc). */
const beforeText = (place: string | undefined): string => (place === undefined ? "" : `\n${place}`);

/** A syntax error's stack already begins with its place. */
const isDecorated = (error: unknown, place: Place): boolean =>
  isObject(error) && StringProto.startsWith(textOf(error, "stack") ?? "", `${place.file}:${place.line}\n`);
