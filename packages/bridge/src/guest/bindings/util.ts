import { brands, isTypedArrayKind } from "../lib/brands.ts";
import { captureSites, type Frame, frameOf } from "../lib/callsites.ts";
import { append, putOwn } from "../lib/define.ts";
import { parseDotenv } from "../lib/dotenv.ts";
import { isOurs, otherScript } from "../lib/frames.ts";
import { implement } from "../lib/implement.ts";
import { constructorName, ownNonIndexProperties } from "../lib/inspection.ts";
import { lazyProperties } from "../lib/lazy-properties.ts";
import { previewEntries } from "../lib/preview.ts";
import { disguiseToString, isStandIn, proxyDetails, trackProxies } from "../lib/proxies.ts";
import { runtimeFunctions } from "../lib/runtime-functions.ts";
import {
  ArrayProto,
  isArrayBufferView,
  mathFloor,
  objectKeys,
  SafeMap,
  StringProto,
  typedArrayTag,
} from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";
import { typeTests } from "./types.ts";

/** Indexes of `handleTypes` in lib/internal/util.js. */
const HandleType = { TTY: 1, FILE: 3, PIPE: 4, UNKNOWN: 5, INVALID: 6 } as const;
const S_IFMT = 0o170000;
const S_IFIFO = 0o010000;
const S_IFREG = 0o100000;
const S_IFCHR = 0o020000;
const S_IFSOCK = 0o140000;

export const install: InstallBinding = (binding: Binding, realm: Realm) => {
  installTypeTests(binding, realm);
  realm.onAttach(() => {
    disguiseToString(realm.global);
    if (!realm.native && !runtimeFunctions.proxyDetails) trackProxies(realm.global);
  });
  implement(binding, {
    isArrayBufferView: (value: unknown) => isArrayBufferView(value),
    isTypedArray: (value: unknown) => typedArrayTag(value) !== undefined,
    isUint8Array: (value: unknown) => isTypedArrayKind(value, "Uint8Array"),
    arrayBufferViewHasBuffer: (view: ArrayBufferView) => realm.native?.hasBuffer(view) ?? true,
    defineLazyProperties: lazyProperties(realm),
    getExternalValue: () => 0n,
    getOwnNonIndexProperties: (object: object, filter: number) =>
      realm.native ? realm.native.ownNonIndexNames(object, filter) : ownNonIndexProperties(object, filter),
    getConstructorName: (value: object) => constructorName(value, realm),
    ...reflection(realm),
    ...stacks,
    sleep: (milliseconds: number) => realm.sys.process.sleep(milliseconds),
    parseEnv: (content: string) => parseEnv(content),
    guessHandleType: (fd: number) => guessHandleType(realm, fd),
  });
};

function installTypeTests(binding: Binding, realm: Realm): void {
  const tests = typeTests(realm);
  const shared: Record<string, (value: unknown) => boolean> = {};
  const names = objectKeys(brands) as (keyof typeof brands)[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as keyof typeof brands;
    if (name in binding) shared[name] = tests[name];
  }
  implement(binding, shared);
}

/** What inspect asks about promises, proxies and iterators. */
const reflection = (realm: Realm) => ({
  getPromiseDetails(value: unknown) {
    const details = (realm.native ?? runtimeFunctions).promiseDetails?.(value);
    // Where a promise's state cannot be known it reads as pending.
    if (details === undefined) return realm.native || !brands.isPromise(value) ? undefined : [0];
    return details[0] === 0 ? [0] : [details[0], details[1]];
  },
  getProxyDetails(value: unknown, both: unknown = true) {
    const details = proxyDetails(realm, value);
    if (details === undefined || isStandIn(value as object)) return undefined;
    return both ? [details[0], details[1]] : details[0];
  },
  previewEntries(value: unknown, withKind: unknown) {
    const preview = realm.native ? realm.native.previewEntries(value) : previewEntries(value);
    if (preview === undefined) return undefined;
    return withKind ? [preview[0], preview[1]] : preview[0];
  },
});

const isUserScript = (scriptName: string): boolean => scriptName !== "" && !StringProto.startsWith(scriptName, "node:");

/** More frames than ours stand between those of a program. */
const OWN_FRAMES = 100;

/** The topmost frames without ours; of a script in another context its name is known, and no place. */
function framesAbove(limit: number, below: (...args: never[]) => unknown): readonly Frame[] {
  const sites = captureSites(limit + OWN_FRAMES, below);
  const frames: Frame[] = [];
  for (let i = 0; i < sites.length && frames.length < limit; i++) {
    const site = sites[i] as NodeJS.CallSite;
    const other = otherScript(site);
    if (other !== undefined) append(frames, { functionName: "", scriptName: other, lineNumber: 0, columnNumber: 0 });
    else if (!isOurs(site)) append(frames, frameOf(site));
  }
  return frames;
}

const stacks = {
  /** The location two frames up: [line, column, file]. */
  getCallerLocation() {
    const site = captureSites(2, stacks.getCallerLocation)[1];
    if (site === undefined) return undefined;
    const frame = frameOf(site);
    return [frame.lineNumber, frame.columnNumber, frame.scriptName];
  },
  /** The frames above the library function that asks. */
  getCallSites(count: number) {
    const frames = framesAbove(mathFloor(count) + 1, stacks.getCallSites);
    const out: object[] = [];
    for (let i = 1; i < frames.length; i++) {
      const frame = frames[i] as Frame;
      if (frame.lineNumber === 0) continue;
      append(out, {
        __proto__: null,
        functionName: frame.functionName,
        // V8 numbers scripts; JavaScript is not told the number.
        scriptId: "0",
        scriptName: frame.scriptName,
        lineNumber: frame.lineNumber,
        columnNumber: frame.columnNumber,
        column: frame.columnNumber,
      });
    }
    return out;
  },
  /** Whether the first frame outside the library lies under node_modules. */
  isInsideNodeModules(limit: number = 10) {
    const frames = framesAbove(limit, stacks.isInsideNodeModules);
    for (let i = 0; i < frames.length; i++) {
      const { scriptName } = frames[i] as Frame;
      if (!isUserScript(scriptName)) continue;
      return (
        StringProto.includes(scriptName, "/node_modules/") ||
        StringProto.includes(scriptName, "\\node_modules\\") ||
        StringProto.includes(scriptName, "/node_modules\\") ||
        StringProto.includes(scriptName, "\\node_modules/")
      );
    }
    return false;
  },
};

/** Node keeps the entries in a sorted C++ map, so keys come out in byte order. */
function parseEnv(content: string): object {
  const entries = new SafeMap<string, string>();
  const keys: string[] = [];
  parseDotenv(content, (key, value) => {
    if (!entries.has(key)) append(keys, key);
    entries.set(key, value);
  });
  ArrayProto.sort(keys);
  const out = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    putOwn(out, key, entries.get(key));
  }
  return out;
}

function guessHandleType(realm: Realm, fd: number): number {
  const { stdin, stdout, stderr } = realm.config.stdio;
  if (fd === 0) return HandleType[stdin];
  if (fd === 1) return HandleType[stdout];
  if (fd === 2) return HandleType[stderr];
  if (ArrayProto.includes(realm.config.inherited ?? [], fd)) return HandleType.PIPE;
  let mode: number;
  try {
    mode = (realm.sys.fs.fstat(fd)[1] as number) & S_IFMT;
  } catch {
    return HandleType.UNKNOWN;
  }
  if (mode === S_IFREG || mode === S_IFCHR) return HandleType.FILE;
  return mode === S_IFIFO || mode === S_IFSOCK ? HandleType.PIPE : HandleType.UNKNOWN;
}
