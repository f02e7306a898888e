import { mathMax, objectDefineProperty, StringProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** `file:line`, the source line and carets under the place (`GetErrorSource` of src/node_errors.cc); nothing for scripts of ours. */
export function arrowOf([, file, line, start, end, text]: Caught): string | undefined {
  if (typeof file !== "string" || text === undefined || StringProto.startsWith(file, "vivarium:")) return undefined;
  return `${file}:${line}\n${text}\n${StringProto.repeat(" ", start)}${StringProto.repeat("^", mathMax(1, end - start))}\n`;
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

/** Gives an exception the place it was thrown at, where no stack shows it (`AppendExceptionLine`). @returns the exception */
export function withPlace(realm: Realm, caught: Caught): unknown {
  const [error] = caught;
  const arrow = arrowOf(caught);
  if (!isObject(error) || arrow === undefined || arrowIn(realm, error)[0] !== undefined) return error;
  error[realm.privateSymbols["arrow_message_private_symbol"] as symbol] = arrow;
  return error;
}

/** The same, and shows it at the head of the stack (`DecorateErrorStack`). @returns the exception */
export function withPlaceInStack(realm: Realm, caught: Caught): unknown {
  const error = withPlace(realm, caught);
  const [arrow, isShown] = arrowIn(realm, error);
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
