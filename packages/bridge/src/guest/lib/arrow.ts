import { mathMin, objectDefineProperty, reflectApply, StringProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";
import { nativeCapture } from "./callsites.ts";
import { NativeError } from "./intrinsics.ts";
import { utf8Encode } from "./utf8.ts";

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** On lines of Node's library that throw an error which shows a place of its own. */
const SHOWS_NONE = "node-do-not-add-exception-line";
const TAB = 9;
/** `kUnderlineBufsize` of src/node_errors.cc. */
const MAX_UNDERLINE = 1020;

/** Whether the line says that it is not to be shown. */
export const showsNone = (caught: Caught): boolean => StringProto.includes(caught[5] ?? "", SHOWS_NONE);

/** `file:line`, the source line and carets under the place (`GetErrorSource` of src/node_errors.cc); nothing for scripts of ours. */
export function arrowOf(caught: Caught): string | undefined {
  // By index: array patterns ask Array.prototype for its iterator, which a program may have taken away.
  const { 1: file, 2: line, 3: start, 4: end, 5: text } = caught;
  if (text === undefined || showsNone(caught)) return undefined;
  const name = typeof file === "string" ? file : "<anonymous_script>";
  if (StringProto.startsWith(name, "vivarium:")) return undefined;
  return `${name}:${line}\n${text}\n${underline(text, start, end)}`;
}

/**
 * Node works with the bytes of the line: what would reach past them gets no line of carets, and carets end with the text,
 * so that none stands under the end of a file.
 */
function underline(text: string, start: number, end: number): string {
  const bytes = utf8Encode(text);
  if (start > end || start < 0 || end > bytes.length) return "";
  let out = "";
  const last = mathMin(end, MAX_UNDERLINE);
  for (let i = 0; i < last; i++) out += i >= start ? "^" : bytes[i] === TAB ? "\t" : " ";
  return `${out}\n`;
}

/** The arrow an error carries, and whether its stack shows it already. */
export function arrowIn(realm: Realm, error: unknown): readonly [arrow: string | undefined, isShown: boolean] {
  if (!isObject(error)) return [undefined, false];
  const arrow = error[realm.privateSymbols["arrow_message_private_symbol"] as symbol];
  return [
    typeof arrow === "string" ? arrow : undefined,
    error[realm.privateSymbols["decorated_private_symbol"] as symbol] === true,
  ];
}

/** Takes an error's stack anew without the frames of ours above it, which would count against its limit. @returns the error */
export function below<T>(error: T, fn: unknown): T {
  if (isObject(error)) reflectApply(nativeCapture, NativeError, [error, fn]);
  return error;
}

/** Gives an exception the place it was thrown at, where no stack shows it (`AppendExceptionLine`). @returns the exception */
export function withPlace(realm: Realm, caught: Caught): unknown {
  const error = caught[0];
  const arrow = arrowOf(caught);
  if (!isObject(error) || arrow === undefined || arrowIn(realm, error)[0] !== undefined) return error;
  error[realm.privateSymbols["arrow_message_private_symbol"] as symbol] = arrow;
  return error;
}

/** The same, and shows it at the head of the stack (`DecorateErrorStack`). @returns the exception */
export function withPlaceInStack(realm: Realm, caught: Caught): unknown {
  const error = withPlace(realm, caught);
  const { 0: arrow, 1: isShown } = arrowIn(realm, error);
  if (!isObject(error) || arrow === undefined || isShown) return error;
  const { stack } = error;
  if (typeof stack !== "string") return error;
  objectDefineProperty(error, "stack", {
    value: `${arrow}\n${stack}`,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  error[realm.privateSymbols["decorated_private_symbol"] as symbol] = true;
  return error;
}
