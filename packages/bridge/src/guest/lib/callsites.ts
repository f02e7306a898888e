import {
  objectCreate,
  objectKeys,
  reflectApply,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  reflectOwnKeys,
  SafeWeakMap,
} from "../primordials.ts";
import { append, dataDescriptor } from "./define.ts";
import { NativeError } from "./intrinsics.ts";

/** `Error.captureStackTrace` as it was at start. */
export const nativeCapture = (NativeError as unknown as { captureStackTrace(target: object, below?: unknown): void })
  .captureStackTrace;

type CallSiteMethod = keyof NodeJS.CallSite;

/** What V8 tells about one frame, read with the methods as they were at start. */
export interface Frame {
  readonly functionName: string;
  readonly scriptName: string;
  /** 1-based. */
  readonly lineNumber: number;
  /** 1-based. */
  readonly columnNumber: number;
}

const put = (key: string, value: unknown): boolean =>
  reflectDefineProperty(NativeError, key, dataDescriptor(value, key === "stackTraceLimit"));

function restore(key: string, before: PropertyDescriptor | undefined): void {
  if (before) reflectDefineProperty(NativeError, key, before);
  else reflectDeleteProperty(NativeError, key);
}

/** Runs `action` while `Error.prepareStackTrace` is ours, whatever the program made of it. */
export function withPrepareStackTrace<T>(
  prepare: (error: unknown, sites: NodeJS.CallSite[]) => unknown,
  action: () => T,
  limit?: number,
): T {
  const before = reflectGetOwnPropertyDescriptor(NativeError, "prepareStackTrace");
  const limitBefore = reflectGetOwnPropertyDescriptor(NativeError, "stackTraceLimit");
  put("prepareStackTrace", prepare);
  if (limit !== undefined) put("stackTraceLimit", limit);
  try {
    return action();
  } finally {
    restore("prepareStackTrace", before);
    if (limit !== undefined) restore("stackTraceLimit", limitBefore);
  }
}

/** The call sites above `below` (or above the caller), topmost first. */
export function captureSites(limit: number, below?: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const holder: { stack?: unknown } = {};
  const stack = withPrepareStackTrace(
    (_, sites) => sites,
    () => {
      reflectApply(nativeCapture, NativeError, below === undefined ? [holder] : [holder, below]);
      return holder.stack;
    },
    limit,
  );
  return typeof stack === "object" ? (stack as NodeJS.CallSite[]) : [];
}

/** The structured stack of an error whose `stack` was not read yet; empty when it was. */
export function sitesOf(error: object): NodeJS.CallSite[] {
  let found: NodeJS.CallSite[] = [];
  withPrepareStackTrace(
    (_, sites) => {
      found = sites;
      return "";
    },
    () => void (error as { stack?: unknown }).stack,
  );
  return found;
}

/**
 * Has an error's stack, where it was not read yet, made by this function; while that runs, `Error.prepareStackTrace` is
 * the program's.
 * @returns whether it was called
 */
export function formatOnce(error: object, format: (sites: NodeJS.CallSite[]) => unknown): boolean {
  const before = reflectGetOwnPropertyDescriptor(NativeError, "prepareStackTrace");
  let called = false;
  put("prepareStackTrace", (_: unknown, sites: NodeJS.CallSite[]) => {
    called = true;
    restore("prepareStackTrace", before);
    return format(sites);
  });
  try {
    void (error as { stack?: unknown }).stack;
  } finally {
    if (!called) restore("prepareStackTrace", before);
  }
  return called;
}

// A program that gets hold of a call site can change its prototype: the methods are taken before that.
const methods = ((): Record<string, (...args: never[]) => unknown> => {
  const taken: Record<string, (...args: never[]) => unknown> = {};
  const names: CallSiteMethod[] = [
    "getFunctionName",
    "getFileName",
    "getScriptNameOrSourceURL",
    "getLineNumber",
    "getColumnNumber",
    "getTypeName",
  ];
  const site = captureSites(1)[0];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as CallSiteMethod;
    const method = site?.[name];
    if (typeof method === "function") taken[name] = method as (...args: never[]) => unknown;
  }
  return taken;
})();

const methodNames = ((): readonly string[] => {
  const site = captureSites(1)[0];
  const names: string[] = [];
  const keys = site ? reflectOwnKeys(reflectGetPrototypeOf(site) as object) : [];
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === "string") append(names, keys[i] as string);
  return names;
})();

const likenesses = new SafeWeakMap<object, NodeJS.CallSite>();

/** A call site that says some things otherwise than V8's. */
export function siteLike(site: NodeJS.CallSite, other: Record<string, () => unknown>): NodeJS.CallSite {
  const like = objectCreate(null) as Record<string, unknown>;
  for (let i = 0; i < methodNames.length; i++) {
    const name = methodNames[i] as string;
    const method = (site as unknown as Record<string, unknown>)[name];
    if (typeof method === "function") like[name] = () => reflectApply(method as () => unknown, site, []);
  }
  const names = objectKeys(other);
  for (let i = 0; i < names.length; i++) like[names[i] as string] = other[names[i] as string];
  likenesses.set(like, site);
  return like as unknown as NodeJS.CallSite;
}

const ask = (site: NodeJS.CallSite, name: CallSiteMethod): unknown => {
  const method = methods[name];
  return method === undefined ? undefined : reflectApply(method, site, []);
};

/** Whether V8 made this call site: its methods refuse any other receiver. */
export function isCallSite(value: unknown): value is NodeJS.CallSite {
  try {
    ask(value as NodeJS.CallSite, "getLineNumber");
    return true;
  } catch {
    return false;
  }
}

/** Reads one call site. */
export function frameOf(given: NodeJS.CallSite): Frame {
  const site = likenesses.get(given) ?? given;
  const functionName = ask(site, "getFunctionName");
  const scriptName = ask(site, "getScriptNameOrSourceURL") ?? ask(site, "getFileName");
  return {
    functionName: typeof functionName === "string" ? functionName : "",
    scriptName: typeof scriptName === "string" ? scriptName : "",
    lineNumber: (ask(site, "getLineNumber") as number | null) ?? 0,
    columnNumber: (ask(site, "getColumnNumber") as number | null) ?? 0,
  };
}
