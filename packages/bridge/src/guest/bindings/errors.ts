import { formatOnce, frameOf, sitesOf } from "../lib/callsites.ts";
import { markedTrace } from "../lib/frames.ts";
import { implement } from "../lib/implement.ts";
import { noSideEffectsToString } from "../lib/no-side-effects.ts";
import { objectDefineProperty, reflectDeleteProperty, StringProto } from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";

type Enhancer = (error: unknown) => unknown;
type Prepare = (error: object, sites: readonly NodeJS.CallSite[]) => unknown;

/** Functions of lib/internal/errors.js that complete an error's stack before it is printed as fatal. */
export const stackEnhancers: { beforeInspector: Enhancer | undefined; afterInspector: Enhancer | undefined } = {
  beforeInspector: undefined,
  afterInspector: undefined,
};

/** Reads the source map comment of a generated file, when source maps are on (lib/internal/source_map). */
export const sourceMapHooks: { errorSource: unknown; cacheGenerated: unknown } = {
  errorSource: undefined,
  cacheGenerated: undefined,
};

/**
 * How stacks are formatted. Node gives V8 a C++ callback for every first read of `error.stack`; that calls
 * `prepareStackTraceCallback` of lib/internal/errors.js, which looks at (1) the library's own `overrideStackTrace` map,
 * (2) the program's `Error.prepareStackTrace`, (3) the default. A bare isolate has no such callback: V8 then calls
 * whatever function `Error.prepareStackTrace` holds, and formats by itself when there is none. So
 *  - the default comes for free: bootstrap/realm.js puts `ErrorPrepareStackTrace` there, visible, as on Node 22;
 *  - a program's own function is called by V8 itself, with the same arguments;
 *  - an override is applied when it is set, not when the stack is read: the stack is formatted on the spot under a
 *    `prepareStackTrace` that hands it to the override.
 * Left over: after `Error.prepareStackTrace = undefined` V8 formats alone, without `[CODE]` in the first line of
 * Node's own errors.
 */
function applyOverridesAtOnce(realm: Realm): void {
  const { overrideStackTrace } = realm.requireBuiltin<{ overrideStackTrace?: object }>("internal/errors");
  if (overrideStackTrace === undefined) return;
  // With the native helper V8 asks, as on Node, and finds the override in the map.
  realm.onAttach(() => {
    if (realm.native) reflectDeleteProperty(overrideStackTrace, "set");
  });
  objectDefineProperty(overrideStackTrace, "set", {
    configurable: true,
    value(error: { stack?: unknown }, format: Prepare) {
      formatOnce(error, (sites) => format(error, markedTrace(error, sites)));
      return overrideStackTrace;
    },
  });
}

export const install: InstallBinding = (binding: Binding, realm: Realm) => {
  implement(binding, {
    setPrepareStackTraceCallback: () => applyOverridesAtOnce(realm),
    setGetSourceMapErrorSource(callback: unknown) {
      sourceMapHooks.errorSource = callback;
    },
    setMaybeCacheGeneratedSourceMap(callback: unknown) {
      sourceMapHooks.cacheGenerated = callback;
    },
    setSourceMapsEnabled: () => undefined,
    setEnhanceStackForFatalException(before: Enhancer, after: Enhancer) {
      stackEnhancers.beforeInspector = before;
      stackEnhancers.afterInspector = after;
    },
    noSideEffectsToString: (value: unknown) => noSideEffectsToString(value, realm),
    triggerUncaughtException(error: unknown, fromPromise: unknown) {
      realm.fatalException(error, fromPromise === true);
    },
    getErrorSourcePositions: (error: object) => errorSourcePositions(realm, error),
  });
};

/** Where an error was made, with the text of that line; column 0-based. */
function errorSourcePositions(realm: Realm, error: object): object {
  const site = sitesOf(error)[0];
  if (site === undefined) return { __proto__: null };
  const { scriptName, lineNumber, columnNumber } = frameOf(site);
  return {
    __proto__: null,
    sourceLine: sourceLine(realm, scriptName, lineNumber),
    scriptResourceName: scriptName,
    lineNumber,
    startColumn: columnNumber - 1,
  };
}

function sourceLine(realm: Realm, file: string, line: number): string | undefined {
  let text: string;
  try {
    text = realm.sourceText(file);
  } catch {
    return undefined;
  }
  const content = StringProto.split(text, "\n", line)[line - 1];
  return content !== undefined && StringProto.endsWith(content, "\r") ? StringProto.slice(content, 0, -1) : content;
}
