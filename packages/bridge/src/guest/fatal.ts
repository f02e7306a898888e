import { encodeWire } from "../contract/wire.ts";
import { arrowIn, arrowOf, showsNone } from "./lib/arrow.ts";
import { currentPlace, locate, type Place } from "./lib/error-place.ts";
import { objectHasOwn, StringProto } from "./primordials.ts";
import type { Caught, Realm } from "./realm.ts";

const TRACE_HINT = "(Use `node --trace-uncaught ...` to show where the exception was thrown)";
const GENERIC_USER_ERROR = 1;
/** Node's `kExceptionInFatalExceptionHandler`: whoever was to handle the exception threw one. */
const HANDLER_THREW = 7;
/** `kInvalidFatalExceptionMonkeyPatching`: the program replaced Node's own handler by what is none. */
const HANDLER_MISSING = 6;
/** Our own code, which is no place a program knows. */
const OWN_SCRIPTS = "vivarium:";
/** Longest text of an error that leaves the guest, in characters. */
const MAX_TEXT = 64 * 1024;
const ABORT_OPTION = "--abort-on-uncaught-exception";
const SIGTRAP = 5;
const SIGABRT = 6;
/** Length of what stands before each frame of a stack. */
const FRAME_INDENT = "    at ".length;
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
    const { options, thread } = this.#realm.config;
    // A thread takes nobody with it.
    const aborts = !thread && (options as Record<string, unknown>)[ABORT_OPTION] === true;
    if (aborts && !fromPromise && this.#mayAbort()) this.#abort(error, caught);
    const process = this.#realm.process as { _fatalException?: (error: unknown, fromPromise: boolean) => unknown };
    let isHandled = false;
    let isMissing = false;
    const threw = this.#caught(() => {
      isMissing = typeof process._fatalException !== "function";
      isHandled = !isMissing && !!process._fatalException?.(error, fromPromise);
    });
    const handlerThrew = threw !== undefined;
    if (isHandled && !handlerThrew) return;
    this.#exiting = true;
    if (handlerThrew) this.#report(threw[0], fromPromise, threw);
    else this.#report(error, fromPromise, caught);
    if (aborts) this.#realm.sys.process.kill(SIGABRT);
    if (isMissing) this.exit(HANDLER_MISSING);
    if (handlerThrew) this.exit(HANDLER_THREW);
    this.exit(this.#exitInfo[HAS_EXIT_CODE] ? (this.#exitInfo[EXIT_CODE] as number) : GENERIC_USER_ERROR);
  }

  /** Runs it -> what it threw and, with the native helper, where. */
  #caught(run: () => void): Caught | undefined {
    if (this.#realm.native) return this.#realm.native.catch(run, undefined);
    try {
      run();
      return undefined;
    } catch (error) {
      return [error, undefined, 0, 0, 0, undefined];
    }
  }

  /** A domain, or a capture callback, wants to see it first. */
  #mayAbort(): boolean {
    const toggle = this.#realm.internalBinding("util")["shouldAbortOnUncaughtToggle"] as Uint32Array | undefined;
    return toggle?.[0] !== 0;
  }

  /** What V8 does about an exception nobody will catch: no handler of the program's runs (`Isolate::Throw`). */
  #abort(error: unknown, caught: Caught | undefined): never {
    this.#exiting = true;
    const stack = isObject(error) ? (textOf(error, "stack") ?? "") : "";
    const at = StringProto.indexOf(stack, "\n    at ");
    const frames = at < 0 ? [] : StringProto.split(StringProto.slice(stack, at + 1), "\n");
    let text = `Uncaught ${printable(error)}\n\nFROM\n`;
    for (let i = 0; i < frames.length; i++) {
      const frame = StringProto.slice(frames[i] as string, FRAME_INDENT);
      text += i === 0 ? thrownFrame(frame, caught) : `\n${frame}`;
    }
    this.#print(text);
    this.#realm.sys.process.kill(SIGTRAP);
    throw new Error("unreachable");
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

  /** Prints an exception and goes on (`PrintCaughtException`, src/node_errors.cc). */
  tell(heading: string, caught: Caught): void {
    const place = this.#placeOf(caught[0], false, caught);
    this.#print(`${heading}${beforeText(place)}${this.#format(caught[0], undefined)}\n`);
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
      text = this.#format(error, place) + this.#thrownAt(error, caught);
    } catch {
      text = `${beforeText(place)}${printable(error)}\n${this.#hint}`;
    }
    this.#print(`${text}\nNode.js ${(this.#realm.process as { version: string }).version}\n`);
  }

  #print(text: string): void {
    const { Buffer } = this.#realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
    this.#realm.sys.stdio.write(2, Buffer.from(text));
  }

  get #traces(): boolean {
    return (this.#realm.config.options as Record<string, unknown>)["--trace-uncaught"] === true;
  }

  /** What is said of a value that tells nothing of where it came from. */
  get #hint(): string {
    return this.#traces ? "" : `${TRACE_HINT}\n`;
  }

  /** `--trace-uncaught`: where it was thrown; of what is no error the place alone is known. */
  #thrownAt(error: unknown, caught: Caught | undefined): string {
    if (!this.#traces) return "";
    const stack = isObject(error) ? (textOf(error, "stack") ?? "") : "";
    const at = StringProto.indexOf(stack, "\n    at ");
    if (at >= 0) return `Thrown at:${StringProto.slice(stack, at)}\n\n`;
    const isOwn = StringProto.startsWith(caught?.[1] ?? OWN_SCRIPTS, OWN_SCRIPTS);
    return caught === undefined || isOwn ? "" : `Thrown at:\n    at ${caught[1]}:${caught[2]}:${caught[3] + 1}\n\n`;
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
    if (!isObject(error)) return `${beforeText(place)}${printable(error)}\n${this.#hint}`;
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
    const asked = caught ?? this.#made(error);
    const isForgotten = asked === "forgotten";
    if (asked !== undefined && !isForgotten) {
      if (showsNone(asked)) return undefined;
      const told = arrowOf(asked);
      if (told !== undefined) return told;
    }
    const place = isForgotten && fromPromise ? currentPlace(this.#realm) : locate(this.#realm, error, fromPromise);
    return place && !isDecorated(error, place) ? excerpt(place) : undefined;
  }

  /** Where an error was made, as V8 knows it until its stack has been read; then V8 names the place that asks. */
  #made(error: unknown): Caught | "forgotten" | undefined {
    const { native } = this.#realm;
    if (native === undefined) return undefined;
    // One place in our code for both: only what V8 knows makes them differ.
    const ask = (value: unknown): Caught => native.messageOf(value);
    const made = ask(error);
    const here = ask(undefined);
    return made[1] === here[1] && made[2] === here[2] && made[3] === here[3] ? "forgotten" : made;
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

/** The innermost frame with the place of the throw, where the stack has that of the error's making. */
function thrownFrame(frame: string, caught: Caught | undefined): string {
  const script = caught?.[1];
  const at = script === undefined ? -1 : StringProto.lastIndexOf(frame, `${script}:`);
  if (caught === undefined || script === undefined || at < 0) return frame;
  const place = `${StringProto.slice(frame, 0, at)}${script}:${caught[2]}:${caught[3] + 1}`;
  return StringProto.endsWith(frame, ")") ? `${place})` : place;
}

const isErrorLike = (realm: Realm, error: unknown): boolean =>
  (realm.internalBinding("types")["isNativeError"] as (value: unknown) => boolean)(error);

/** `file:line`, the line itself and carets under the place. */
const excerpt = ({ file, line, column, length, text }: Place): string | undefined =>
  arrowOf([undefined, file, line, column, column + length, text]);

/** Node prints the place of what is no error by itself, after an empty line (`AppendExceptionLine` of src/node_errors.cc). */
const beforeText = (place: string | undefined): string => (place === undefined ? "" : `\n${place}`);

/** A syntax error's stack already begins with its place. */
const isDecorated = (error: unknown, place: Place): boolean =>
  isObject(error) && StringProto.startsWith(textOf(error, "stack") ?? "", `${place.file}:${place.line}\n`);
