import { ArrayProto, objectDefineProperty, SafeWeakMap, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { frameOf, isCallSite, siteLike } from "./callsites.ts";
import { append, dataDescriptor } from "./define.ts";
import { NativeError } from "./intrinsics.ts";
import { rememberStack } from "./rejected-reason.ts";
import { keptScript } from "./script-sources.ts";

type Prepare = (error: unknown, sites: readonly NodeJS.CallSite[]) => unknown;

/** Scripts of ours, which have no frames on Node: there C++ stands in their place. */
const OURS = "vivarium:";
/** Scripts of every context, which Node's snapshot always holds. */
const PER_CONTEXT = "node:internal/per_context/";

/** A frame of a script of ours. */
export const isOurs = (site: unknown): boolean =>
  isCallSite(site) && StringProto.startsWith(frameOf(site).scriptName, OURS);

/**
 * Functions of the library that have no name of their own: V8 infers one from the assignment ("Module._load"). The
 * functions in Node's own snapshot have lost that, and show as type and method ("Function._load").
 */
function asMethod(site: NodeJS.CallSite): unknown {
  const { functionName, scriptName, lineNumber, columnNumber } = frameOf(site);
  const inferred = StringProto.includes(functionName, ".");
  if (!inferred || !StringProto.startsWith(scriptName, "node:") || site.isConstructor() || site.isAsync()) return site;
  const type = site.getTypeName();
  // What is no property of its receiver has no name at all: `emitMessage`, called on a port.
  const method = site.getMethodName() ?? (StringProto.startsWith(scriptName, PER_CONTEXT) ? "<anonymous>" : null);
  return type === null || method === null ? site : `${type}.${method} (${scriptName}:${lineNumber}:${columnNumber})`;
}

/**
 * A script that runs through indirect eval shows as the script it is. V8 calls what has no name in it "eval", and says of
 * its origin what it was named.
 */
function scriptSite(site: NodeJS.CallSite): NodeJS.CallSite {
  const { functionName, scriptName, lineNumber, columnNumber } = frameOf(site);
  if (functionName !== "eval" || site.getEvalOrigin() !== scriptName || !keptScript(scriptName)) return site;
  const text = `${scriptName}:${lineNumber}:${columnNumber}`;
  return siteLike(site, {
    getFunctionName: () => null,
    isEval: () => false,
    getEvalOrigin: () => undefined,
    toString: () => text,
  });
}

/** The frames of who ran the script an error was made in: V8 shows no frames of another context. */
const callers = new SafeWeakMap<object, readonly NodeJS.CallSite[]>();

/** Says under whose frames an error's own were, while the script that threw it is being left. */
export function setCallers(error: object, sites: readonly NodeJS.CallSite[]): void {
  if (!callers.has(error)) callers.set(error, sites);
}

/** The same, for who formats the trace again: what was put there is not put there twice. */
export function takeTrace(error: object, sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const trace = wholeTrace(error, sites);
  callers.delete(error);
  return trace;
}

/** How the function is named that runs a script in another context, whose frames V8 does not show; its file follows. */
const BOUNDARY = "enterOtherContext ";

/** Gives what runs a script in another context the name by which its frame stands for those of the script. */
export const standingFor = <F extends object>(filename: string, run: F): F =>
  objectDefineProperty(run, "name", dataDescriptor(`${BOUNDARY}${filename}`, false));

/** The script of another context that runs here. */
export function otherScript(site: NodeJS.CallSite): string | undefined {
  if (!isOurs(site)) return undefined;
  const { functionName } = frameOf(site);
  return StringProto.startsWith(functionName, BOUNDARY) ? StringProto.slice(functionName, BOUNDARY.length) : undefined;
}

/** The one frame for those of a script in another context: of what it tells its file alone is known. */
const frameOfOther = (site: NodeJS.CallSite, filename: string): NodeJS.CallSite =>
  siteLike(site, {
    getFunctionName: () => null,
    getFileName: () => filename,
    getScriptNameOrSourceURL: () => filename,
    getLineNumber: () => null,
    getColumnNumber: () => null,
    toString: () => filename,
  });

/**
 * The trace for those who look for the script's own frame: for an error that was made outside the script's context, a
 * frame without a name and a place stands where the script's are.
 */
export function markedTrace(error: object, sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  for (let i = 0; i < sites.length; i++) {
    const site = sites[i] as NodeJS.CallSite;
    if (otherScript(site) === undefined) continue;
    const trace = visibleSites(ArrayProto.slice(sites, 0, i) as NodeJS.CallSite[]);
    append(trace, siteLike(site, { getFunctionName: () => null, toString: () => "<anonymous>" }));
    const below = visibleSites(ArrayProto.slice(sites, i + 1) as NodeJS.CallSite[]);
    for (let j = 0; j < below.length; j++) append(trace, below[j] as NodeJS.CallSite);
    return trace;
  }
  return takeTrace(error, sites);
}

/** The frames of an error, with those of who ran its script. */
export function wholeTrace(error: unknown, sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const trace = visibleSites(sites);
  const below = typeof error === "object" && error !== null ? callers.get(error) : undefined;
  const limit = (NativeError as { stackTraceLimit?: unknown }).stackTraceLimit;
  if (!below || typeof limit !== "number") return trace;
  for (let i = 0; i < below.length && trace.length < limit; i++) append(trace, below[i] as NodeJS.CallSite);
  return trace;
}

/** `eval` itself, called by us. */
const isOurEval = (site: NodeJS.CallSite | undefined, caller: NodeJS.CallSite | undefined): boolean =>
  site !== undefined &&
  isCallSite(site) &&
  frameOf(site).functionName === "eval" &&
  site.getFileName() === null &&
  isOurs(caller);

/** The call sites a program may see. */
export function visibleSites(sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const visible: NodeJS.CallSite[] = [];
  for (let i = 0; i < sites.length; i++) {
    const site = sites[i] as NodeJS.CallSite;
    const other = otherScript(site);
    if (other !== undefined) append(visible, frameOfOther(site, other));
    if (isOurs(site) || isOurEval(site, sites[i + 1])) continue;
    append(visible, isCallSite(site) && site.isEval() ? scriptSite(site) : site);
  }
  return visible;
}

/** A trace as the default format prints it: call sites, or their text where Node's reads otherwise. */
export function printedFrames(trace: readonly unknown[]): unknown[] {
  const printed: unknown[] = [];
  for (let i = 0; i < trace.length; i++) {
    const site = trace[i] as NodeJS.CallSite;
    // A program may hand its own list to `Error.prepareStackTrace`.
    if (!isCallSite(site)) append(printed, site);
    else append(printed, asMethod(site));
  }
  return printed;
}

/**
 * Hides the frames of our own scripts. Without the helper this holds for the default format; a program's own
 * `Error.prepareStackTrace` is called by V8 and sees them.
 */
export function hideOwnFrames(realm: Realm): void {
  const { ErrorPrepareStackTrace: format, prepareStackTraceCallback } = realm.requireBuiltin<{
    ErrorPrepareStackTrace: Prepare;
    prepareStackTraceCallback: (global: object, error: unknown, sites: readonly NodeJS.CallSite[]) => unknown;
  }>("internal/errors");
  const show = (value: Prepare): void => {
    objectDefineProperty(Error, "prepareStackTrace", { value, writable: true, enumerable: false, configurable: true });
  };
  const holder = {
    prepareStackTrace: ((error, sites) => {
      const stack = format(error, wholeTrace(error, sites));
      rememberStack(error, stack);
      return stack;
    }) as Prepare,
  };
  show(holder.prepareStackTrace);
  realm.onAttach(() => {
    if (!realm.native) return;
    show(format);
    realm.native.setPrepareStackTrace((error, sites, global) =>
      prepareStackTraceCallback(global, error, visibleSites(sites)),
    );
  });
}
