/** Errors: parts behind tags of their own, in any order, up to an end tag. */
import { putHidden } from "./define.ts";
import { ERROR_TAGS, ErrorPart } from "./v8-format.ts";
import type { ValueReader } from "./v8-values.ts";

type ErrorClass = new () => Error;
const errorClasses: Readonly<Record<string, ErrorClass>> = Object.assign(Object.create(null), {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
});

/** Reads an error; it is made last, for its class may come after its cause. */
export function readError(reader: ValueReader): Error {
  const input = reader.in;
  const id = reader.reserve();
  let Class = errorClasses.Error as ErrorClass;
  let message: string | undefined;
  let stack: string | undefined;
  let cause: unknown;
  let hasCause = false;
  for (let part = input.tag(); part !== ErrorPart.end; part = input.tag()) {
    if (part === ErrorPart.message) message = input.string();
    else if (part === ErrorPart.stack) stack = input.string();
    else if (part === ErrorPart.cause) {
      cause = reader.read();
      hasCause = true;
    } else Class = errorClass(reader, part);
  }
  const error = new Class();
  reader.settle(id, error);
  // The stack is the sender's; a fresh one would show this reader.
  putHidden(error, "stack", stack);
  if (message !== undefined) putHidden(error, "message", message);
  if (hasCause) putHidden(error, "cause", cause);
  return error;
}

function errorClass(reader: ValueReader, tag: number): ErrorClass {
  for (let i = 0; i < ERROR_TAGS.length; i++) {
    const entry = ERROR_TAGS[i] as (typeof ERROR_TAGS)[number];
    if (entry[1] === tag) return errorClasses[entry[0]] as ErrorClass;
  }
  return reader.bad();
}
