import { SyscallError } from "../client.ts";
import { decodeBytes, Encoding, parseEncoding } from "../lib/encodings.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { utf8Encode } from "../lib/utf8.ts";
import { uvException } from "../lib/uvexception.ts";
import { reflectApply, SafeMap, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { addonError } from "./addons.ts";

type Method = (...args: unknown[]) => unknown;

/** The public `fs` module as far as the loader uses it; a program may replace what it holds. */
export interface PublicFs {
  readFileSync: Method;
  realpathSync: Method;
}

/** What the loader uses in its place. Each function may be taken out and called on its own. */
export type LoaderFs = Readonly<PublicFs>;

const sources = new SafeMap<string, string>();

/** Gives the program's text for a path: the loader then finds that there, whether or not a file exists. */
export function setEntrySource(path: string, code: string): void {
  sources.set(path, code);
}

/** The text given for a path, if any. */
export const entrySource = (path: string): string | undefined => sources.get(path);

const NATIVE_ADDON = "ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED";

/** The error `fs` would have thrown. A directory opens and then does not read. */
function loaderError(realm: Realm, cause: SyscallError, syscall: string, path: string): Error {
  if (cause.code === NATIVE_ADDON) return addonError(realm, path);
  if (cause.code === "EISDIR") return uvException(realm, cause.code, "read");
  return uvException(realm, cause.code, syscall, path, undefined, cause.sandboxCode);
}

function attempt<T>(realm: Realm, syscall: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof SyscallError ? loaderError(realm, error, syscall, path) : error;
  }
}

const encodingOf = (options: unknown): unknown =>
  typeof options === "object" && options !== null ? (options as { encoding?: unknown }).encoding : options;

function read(realm: Realm, path: string, options: unknown): unknown {
  const encoding = encodingOf(options);
  const given = sources.get(path);
  if (given !== undefined && encoding !== undefined && parseEncoding(encoding) === Encoding.utf8) return given;
  const bytes =
    given !== undefined ? utf8Encode(given) : attempt(realm, "open", path, () => realm.sys.modules.readFile(path));
  if (encoding === undefined || encoding === null || encoding === "buffer") return asNodeBuffer(realm, bytes);
  return decodeBytes(bytes, 0, bytes.length, parseEncoding(encoding));
}

/** A path, or a file URL as a path, made absolute. */
function pathOf(realm: Realm, target: unknown): string {
  let path = target;
  if (typeof path !== "string") {
    const { toPathIfFileURL } = realm.requireBuiltin<{ toPathIfFileURL: (value: unknown) => unknown }>("internal/url");
    path = `${toPathIfFileURL(target) as string}`;
  }
  if (StringProto.startsWith(path as string, "/")) return path as string;
  return `${realm.cwd === "/" ? "" : realm.cwd}/${path as string}`;
}

/**
 * The loader's view of `fs`: its own syscalls, one a file, as long as the program left `fs` alone; what the program
 * put there otherwise, as on Node, where patching `fs` changes what the loader sees.
 */
export function createLoaderFs(realm: Realm, fs: PublicFs): LoaderFs {
  const { readFileSync, realpathSync } = fs;
  const loader: LoaderFs = {
    readFileSync(target, options) {
      if (fs.readFileSync !== readFileSync) return reflectApply(fs.readFileSync, fs, [target, options]);
      return read(realm, pathOf(realm, target), options);
    },
    realpathSync(target, options) {
      if (fs.realpathSync !== realpathSync) return reflectApply(fs.realpathSync, fs, [target, options]);
      const path = pathOf(realm, target);
      if (sources.has(path)) return path;
      return attempt(realm, "lstat", path, () => realm.sys.modules.realpath(path));
    },
  };
  return loader;
}
