import type { SyscallError } from "../client.ts";
import { mathMax, objectDefineProperty, RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { below } from "./arrow.ts";

const QUOTED = /'([^']+)'$/;
/** Of what is no token at all: a string that does not end, or one character. */
const UNSCANNED = "Invalid or unexpected token";
const WORD = /^[\w$]+/;

/** How much of the line V8 underlines: the token its message quotes. */
function tokenLength(message: string, line: string, column: number): number {
  const quoted = RegExpProto.exec(QUOTED, message)?.[1];
  if (quoted !== undefined && StringProto.startsWith(line, quoted, column)) return quoted.length;
  if (message === UNSCANNED) {
    const first = StringProto.charAt(line, column);
    return first === '"' || first === "'" ? line.length - column : 1;
  }
  const word = RegExpProto.exec(WORD, StringProto.slice(line, column))?.[0];
  return mathMax(1, word?.length ?? 1);
}

/**
 * The SyntaxError of a source the host could not compile: V8's message, and a stack that begins with the place, as
 * `DecorateErrorStack` of src/node_errors.cc leaves it.
 * @param from the function of the binding that was called, for the stack to begin above it
 */
export function syntaxError(
  realm: Realm,
  failure: SyscallError,
  filename: string,
  source: string,
  from?: unknown,
): Error {
  // By index: array patterns ask Array.prototype for its iterator, which a program may have taken away.
  const { 0: message = UNSCANNED, 1: place = "1:1" } = StringProto.split(failure.message ?? "", "\0");
  if (failure.code !== "SyntaxError") return new Error(failure.message ?? failure.code);
  const { 0: row = "1", 1: column = "1" } = StringProto.split(place, ":");
  const text = StringProto.split(source, "\n")[Number(row) - 1] ?? "";
  const offset = mathMax(0, Number(column) - 1);
  const carets = StringProto.repeat("^", offset < text.length ? tokenLength(message, text, offset) : 0);
  const error = new SyntaxError(message) as Error & Record<symbol, unknown>;
  if (from !== undefined) below(error, from);
  const arrow = `${filename}:${row}\n${text}\n${StringProto.repeat(" ", offset)}${carets}\n`;
  objectDefineProperty(error, "stack", {
    value: `${arrow}\n${error.stack ?? ""}`,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  error[realm.privateSymbols["arrow_message_private_symbol"] as symbol] = arrow;
  error[realm.privateSymbols["decorated_private_symbol"] as symbol] = true;
  return error;
}
