import { objectHasOwn, reflectGetOwnPropertyDescriptor } from "../primordials.ts";
import { ToString } from "./intrinsics.ts";
import { ERROR_TAGS, ErrorPart, V8Tag } from "./v8-format.ts";
import type { ValueWriter } from "./v8-values.ts";

/** Writes an error: its class by name, its own message and cause, and its stack; other properties are lost. */
export function writeError(writer: ValueWriter, error: object): void {
  const { out } = writer;
  const name = ToString((error as { name?: unknown }).name);
  const message = reflectGetOwnPropertyDescriptor(error, "message");
  const cause = reflectGetOwnPropertyDescriptor(error, "cause");
  out.tag(V8Tag.error);
  for (let i = 0; i < ERROR_TAGS.length; i++) {
    const entry = ERROR_TAGS[i] as (typeof ERROR_TAGS)[number];
    if (entry[0] === name) out.tag(entry[1]);
  }
  if (message !== undefined && objectHasOwn(message, "value")) {
    out.tag(ErrorPart.message);
    out.string(ToString(message.value));
  }
  const { stack } = error as { stack?: unknown };
  if (typeof stack === "string") {
    out.tag(ErrorPart.stack);
    out.string(stack);
  }
  if (cause !== undefined && objectHasOwn(cause, "value")) {
    out.tag(ErrorPart.cause);
    writer.write(cause.value);
  }
  out.tag(ErrorPart.end);
}
