import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { implement } from "../lib/implement.ts";
import { entrySource } from "../modules/loader-fs.ts";
import { StringProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { refuse, refusing } from "./fs-error.ts";
import { below, lexical, type PathLike, pathText } from "./fs-path.ts";

const FILE = 0;
const DIRECTORY = 1;
const NOTHING = -2;

/** EXTENSIONLESS_FORMAT_JAVASCRIPT and _WASM of src/node_constants.h. */
const JAVASCRIPT = 0;
const WASM = 1;
const WASM_MAGIC = [0x00, 0x61, 0x73, 0x6d] as const;

/** -> 0 a file, 1 a directory, negative: nothing there. The source given for the entry counts as a file. */
export function moduleStat(realm: Realm, path: unknown): number {
  const given = pathText(path);
  // libuv takes a path as a C string.
  const end = StringProto.indexOf(given, "\0");
  const text = end < 0 ? given : StringProto.slice(given, 0, end);
  if (text === "") return NOTHING;
  const whole = below(realm.cwd, text);
  if (entrySource(whole) !== undefined) return FILE;
  const plain = lexical(whole);
  // Nobody needs a permission to know that.
  if (plain === "/") return DIRECTORY;
  try {
    const kind = realm.sys.modules.stat(plain);
    return kind === FILE && StringProto.endsWith(whole, "/") ? NOTHING : kind;
  } catch (error) {
    if (error instanceof SyscallError) return NOTHING;
    throw error;
  }
}

function extensionlessFormat(realm: Realm, path: PathLike): number {
  const whole = below(realm.cwd, pathText(path));
  if (entrySource(whole) !== undefined) return JAVASCRIPT;
  try {
    const bytes = realm.sys.modules.readFile(whole);
    for (let i = 0; i < WASM_MAGIC.length; i++) if (bytes[i] !== WASM_MAGIC[i]) return JAVASCRIPT;
    return WASM;
  } catch (error) {
    if (error instanceof SyscallError) return JAVASCRIPT;
    throw error;
  }
}

/** What is tried for `main`, then what is tried without: the index is what the library expects back. */
const MAIN_ENDINGS = ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"] as const;
const INDEX_ENDINGS = ["index.js", "index.json", "index.node"] as const;

/** The entry of a package without `exports` (src/node_file.cc, LegacyMainResolve). @throws ERR_MODULE_NOT_FOUND */
function legacyMain(realm: Realm, folder: PathLike, main: unknown, base: unknown): number {
  const directory = below(realm.cwd, pathText(folder));
  if (typeof main === "string") {
    for (let i = 0; i < MAIN_ENDINGS.length; i++) {
      if (moduleStat(realm, lexical(below(directory, `${main}${MAIN_ENDINGS[i] as string}`))) === FILE) return i;
    }
  }
  for (let i = 0; i < INDEX_ENDINGS.length; i++) {
    if (moduleStat(realm, lexical(below(directory, INDEX_ENDINGS[i] as string))) === FILE)
      return MAIN_ENDINGS.length + i;
  }
  return refuse(notFound(realm, lexical(below(directory, typeof main === "string" ? `./${main}` : "index.js")), base));
}

function notFound(realm: Realm, path: string, base: unknown): Error {
  if (typeof base !== "string") {
    const message = 'The "base" argument must be of type string or an instance of URL.';
    return bindingError("TypeError", "ERR_INVALID_ARG_TYPE", message);
  }
  const { fileURLToPath } = realm.requireBuiltin<{ fileURLToPath: (url: string) => string }>("internal/url");
  const message = `Cannot find package '${path}' imported from ${fileURLToPath(base)}`;
  return bindingError("Error", "ERR_MODULE_NOT_FOUND", message);
}

/** The loader's part of `internalBinding('fs')`: it goes by `modules` syscalls, which need no fs permission. */
export function installLoaderCalls(binding: Binding, realm: Realm): void {
  implement(binding, {
    internalModuleStat: (path: unknown) => moduleStat(realm, path),
    getFormatOfExtensionlessFile: (path: PathLike) => extensionlessFormat(realm, path),
    legacyMainResolve: refusing((folder: PathLike, main: unknown, base: unknown) =>
      legacyMain(realm, folder, main, base),
    ),
  });
}
