import { ArrayProto, WeakRefProto } from "../primordials.ts";
import { append } from "./define.ts";
import { NativeWeakRef } from "./intrinsics.ts";

/** As many errors are remembered by their stack. */
const MOST = 8;
/** A longer stack is not kept. */
const MOST_TEXT = 16 * 1024;

interface Formatted {
  readonly error: WeakRef<object>;
  readonly stack: string;
}

/**
 * Without the native helper the cell is told of an unhandled rejection by isolated-vm, which looks at the reason's stack
 * when the entry is over and hands out a copy. The copy has the stack of the error itself, so the error can be found
 * again: V8 has its stack formatted here, then or when the program first read it.
 */
const formatted: Formatted[] = [];

/** Remembers an error whose stack was formatted. */
export function rememberStack(error: unknown, stack: unknown): void {
  if (typeof error !== "object" || error === null || typeof stack !== "string" || stack.length > MOST_TEXT) return;
  if (formatted.length === MOST) ArrayProto.shift(formatted);
  append(formatted, { error: new NativeWeakRef(error), stack });
}

/** The error a copy is of; the copy itself where that cannot be told. */
export function originalOf(copy: unknown): unknown {
  if (typeof copy !== "object" || copy === null) return copy;
  // The host made it: its stack is an own property of V8's.
  const { stack } = copy as { stack?: unknown };
  for (let i = formatted.length - 1; i >= 0; i--) {
    const { error, stack: known } = formatted[i] as Formatted;
    if (known === stack) return WeakRefProto.deref(error) ?? copy;
  }
  return copy;
}
