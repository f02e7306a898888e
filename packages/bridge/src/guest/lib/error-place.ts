import { RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { captureSites, frameOf } from "./callsites.ts";
import { visibleSites } from "./frames.ts";

/** Where an exception was thrown, for the excerpt above its printout. Line 1-based, column 0-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The source line itself. */
  readonly text: string;
}

const FRAME = /\n {4}at (?:[^\n]* \()?((?:file:\/\/|node:|\/|\[)[^\n]*?):(\d+):(\d+)\)?(?=\n|$)/;
const DECORATED = /^((?:file:\/\/|node:|\/|\[)[^\n]*?):(\d+)\n([^\n]*)\n( *)(\^+)/;
const THROWS = /\bthrow\b[^;{}]*$/;
/** Enough to look past the frames of ours on top. */
const CURRENT_FRAMES = 12;
const BEFORE_INSPECTOR = "kEnhanceStackBeforeInspector";

/** Column of the `throw` that an error was made for on this line, else the given one; both 0-based. */
export function throwColumn(text: string, column: number): number {
  return RegExpProto.exec(THROWS, StringProto.slice(text, 0, column))?.index ?? column;
}

const stackOf = (error: unknown): string => {
  try {
    const stack = (error as { stack?: unknown } | null | undefined)?.stack;
    return typeof stack === "string" ? StringProto.slice(stack, 0, 64 * 1024) : "";
  } catch {
    return "";
  }
};

/** Line `line` of a script, or nothing when its source cannot be had. */
export function sourceLine(realm: Realm, file: string, line: number): string | undefined {
  let source: string;
  try {
    if (StringProto.startsWith(file, "node:")) {
      source = realm.sys.engine.builtinSource(StringProto.slice(file, 5));
    } else if (file === "[eval]") {
      source = `${realm.config.options["--eval"] as string}`;
    } else {
      const name = StringProto.startsWith(file, "file://") ? decodeURIComponent(StringProto.slice(file, 7)) : file;
      source = realm.sourceText(name);
    }
  } catch {
    return undefined;
  }
  return StringProto.split(source, "\n", line)[line - 1];
}

/** An `emit("error")` without a listener throws inside the library, wherever the error was made. */
function unhandledErrorEvent(realm: Realm, error: unknown): Place | undefined {
  const { [BEFORE_INSPECTOR]: symbol } = realm.requireBuiltin<Record<string, symbol>>("internal/util");
  if (typeof error !== "object" || error === null || symbol === undefined || !(symbol in error)) return undefined;
  const source = StringProto.split(realm.sys.engine.builtinSource("events"), "\n");
  for (let i = 0; i < source.length; i++) {
    const text = source[i] as string;
    const column = StringProto.indexOf(text, "throw er;");
    if (column >= 0) {
      return { file: "node:events", line: i + 1, column, length: 1, text };
    }
  }
  return undefined;
}

/** Where the library reports what it was given: a thrown value that no stack belongs to was thrown there, as V8 sees it. */
export function currentPlace(realm: Realm): Place | undefined {
  const site = visibleSites(captureSites(CURRENT_FRAMES))[0];
  if (site === undefined) return undefined;
  const { scriptName: file, lineNumber: line, columnNumber } = frameOf(site);
  const text = sourceLine(realm, file, line);
  return text === undefined ? undefined : { file, line, column: columnNumber - 1, length: 1, text };
}

/**
 * Finds the place from the stack's first frame: the throw itself where the frame's line throws a new error, else the
 * expression that failed. V8 knows better; without the native helper it does not tell.
 */
export function locate(realm: Realm, error: unknown, fromPromise: boolean): Place | undefined {
  const event = unhandledErrorEvent(realm, error);
  if (event) return event;
  if (fromPromise && !(realm.internalBinding("types")["isNativeError"] as (value: unknown) => boolean)(error)) {
    return currentPlace(realm);
  }
  const stack = stackOf(error);
  const decorated = RegExpProto.exec(DECORATED, stack);
  if (decorated) {
    const { 1: file = "", 2: line = "", 3: text = "", 4: indent = "", 5: carets = "" } = decorated;
    return { file, line: Number(line), column: indent.length, length: carets.length, text };
  }
  const frame = RegExpProto.exec(FRAME, stack);
  if (!frame) return fromPromise ? currentPlace(realm) : undefined;
  const { 1: file = "", 2: line = "0", 3: position = "1" } = frame;
  const text = sourceLine(realm, file, Number(line));
  if (text === undefined) return undefined;
  const made = Number(position) - 1;
  const column = fromPromise ? made : throwColumn(text, made);
  return { file, line: Number(line), column, length: 1, text };
}
