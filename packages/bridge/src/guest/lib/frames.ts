import { ArrayProto, objectDefineProperty, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { frameOf, isCallSite } from "./callsites.ts";
import { append } from "./define.ts";

type Prepare = (error: unknown, sites: readonly NodeJS.CallSite[]) => unknown;

/** Scripts of ours, which have no frames on Node: there C++ stands in their place. */
const OURS = "vivarium:";
/** Scripts of every context, which Node's snapshot always holds. */
const PER_CONTEXT = "node:internal/per_context/";

const isOurs = (site: unknown): boolean => isCallSite(site) && StringProto.startsWith(frameOf(site).scriptName, OURS);

const isEvaluatedByUs = (site: NodeJS.CallSite): boolean =>
  site.isEval() && frameOf(site).functionName === "eval" && StringProto.includes(site.getEvalOrigin() ?? "", OURS);

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

/** A script that runs through indirect eval shows as the script it is. */
function asScript(site: NodeJS.CallSite): string {
  const { scriptName, lineNumber, columnNumber } = frameOf(site);
  return `${scriptName}:${lineNumber}:${columnNumber}`;
}

/** The call sites a program may see. */
export const visibleSites = (sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] =>
  ArrayProto.filter(sites as unknown[], (site) => !isOurs(site)) as NodeJS.CallSite[];

/** A trace as the default format prints it: call sites, or their text where Node's reads otherwise. */
export function printedFrames(trace: readonly unknown[]): unknown[] {
  const printed: unknown[] = [];
  for (let i = 0; i < trace.length; i++) {
    const site = trace[i] as NodeJS.CallSite;
    // A program may hand its own list to `Error.prepareStackTrace`.
    if (!isCallSite(site)) append(printed, site);
    else append(printed, isEvaluatedByUs(site) ? asScript(site) : asMethod(site));
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
  const holder = { prepareStackTrace: ((error, sites) => format(error, visibleSites(sites))) as Prepare };
  show(holder.prepareStackTrace);
  realm.onAttach(() => {
    if (!realm.native) return;
    show(format);
    realm.native.setPrepareStackTrace((error, sites, global) =>
      prepareStackTraceCallback(global, error, visibleSites(sites)),
    );
  });
}
