import { withPlaceInStack } from "../lib/arrow.ts";
import { captureSites, formatOnce, frameOf } from "../lib/callsites.ts";
import { sourceLine, throwColumn } from "../lib/error-place.ts";
import { setCallers, takeTrace, visibleSites } from "../lib/frames.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { keptScript } from "../lib/script-sources.ts";
import { reflectApply, reflectGetPrototypeOf, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

type Prepare = (error: unknown, sites: readonly NodeJS.CallSite[]) => unknown;

/** Enough for what is ours on top. */
const OWN_FRAMES = 12;

/** An error made in another context has that one's frames; those of who ran the script are below them. */
export function addCallers(error: object, errorPrototype: object): void {
  let prototype = reflectGetPrototypeOf(error);
  while (prototype !== null && prototype !== errorPrototype) prototype = reflectGetPrototypeOf(prototype);
  if (prototype === null) return;
  const limit = (NativeError as { stackTraceLimit?: unknown }).stackTraceLimit;
  if (typeof limit === "number") setCallers(error, visibleSites(captureSites(limit + OWN_FRAMES)));
}

/**
 * Shows at the head of an error's stack where it was thrown (`DecorateErrorStack` of src/node_errors.cc). V8 knows the
 * place; without the native helper it is that of the error's innermost frame.
 */
export function showPlace(realm: Realm, error: object): void {
  let top: NodeJS.CallSite | undefined;
  const isFresh = formatOnce(error, (sites) => {
    top = visibleSites(sites)[0];
    const { prepareStackTrace: prepare } = NativeError as unknown as { prepareStackTrace?: Prepare };
    const trace = takeTrace(error, sites);
    return typeof prepare === "function" ? reflectApply(prepare, NativeError, [error, trace]) : "";
  });
  if (!isFresh || !top) return;
  const { scriptName, lineNumber, columnNumber } = frameOf(top);
  const script = keptScript(scriptName);
  const text = script
    ? StringProto.split(script.source, "\n")[lineNumber - 1 - script.line]
    : sourceLine(realm, scriptName, lineNumber);
  if (text === undefined) return;
  const column = throwColumn(text, columnNumber - 1);
  withPlaceInStack(realm, [error, scriptName, lineNumber, column, column + 1, text]);
}
