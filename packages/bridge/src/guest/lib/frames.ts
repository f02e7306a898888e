import { append } from "./define.ts";
import { ArrayProto, objectDefineProperty, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { frameOf } from "./callsites.ts";

type Prepare = (error: unknown, sites: readonly NodeJS.CallSite[]) => unknown;

/** Scripts of ours, which have no frames on Node: there C++ stands in their place. */
const OURS = "vivarium:";

/** Gives one call site a text of its own for the default format; everything else it says stays V8's. */
function showAs(site: NodeJS.CallSite, text: string): NodeJS.CallSite {
  objectDefineProperty(site, "toString", { value: () => text, writable: true, configurable: true, enumerable: false });
  return site;
}

/** A script that runs through indirect eval shows as the script it is. */
function asScript(site: NodeJS.CallSite): NodeJS.CallSite {
  const { scriptName, lineNumber, columnNumber } = frameOf(site);
  return showAs(site, `${scriptName}:${lineNumber}:${columnNumber}`);
}

/**
 * Functions of the library that have no name of their own: V8 infers one from the assignment ("Module._load"). The
 * functions in Node's own snapshot have lost that, and show as type and method ("Function._load").
 */
function asMethod(site: NodeJS.CallSite): NodeJS.CallSite {
  const { functionName, scriptName, lineNumber, columnNumber } = frameOf(site);
  const inferred = StringProto.includes(functionName, ".");
  if (!inferred || !StringProto.startsWith(scriptName, "node:") || site.isConstructor() || site.isAsync()) return site;
  const type = site.getTypeName();
  const method = site.getMethodName();
  if (type === null || method === null) return site;
  return showAs(site, `${type}.${method} (${scriptName}:${lineNumber}:${columnNumber})`);
}

const isOurs = (site: NodeJS.CallSite): boolean => StringProto.startsWith(frameOf(site).scriptName, OURS);

const isEvaluatedByUs = (site: NodeJS.CallSite): boolean =>
  site.isEval() && frameOf(site).functionName === "eval" && StringProto.includes(site.getEvalOrigin() ?? "", OURS);

/** The call sites a program may see. */
export function visibleSites(sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const visible: NodeJS.CallSite[] = [];
  for (let i = 0; i < sites.length; i++) {
    const site = sites[i] as NodeJS.CallSite;
    if (!isOurs(site)) append(visible, isEvaluatedByUs(site) ? asScript(site) : asMethod(site));
  }
  return visible;
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
  const holder = { prepareStackTrace: ((error, sites) => format(error, visibleSites(sites))) as Prepare };
  objectDefineProperty(Error, "prepareStackTrace", {
    value: holder.prepareStackTrace,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  realm.onAttach(() => {
    if (!realm.native) return;
    objectDefineProperty(Error, "prepareStackTrace", { value: format, writable: true, enumerable: false, configurable: true });
    realm.native.setPrepareStackTrace((error, sites) =>
      prepareStackTraceCallback(realm.global, error, visibleSites(sites)),
    );
  });
}
