import { bindingError } from "../lib/binding-error.ts";
import {
  arrayIsArray,
  jsonParse,
  jsonStringify,
  objectDefineProperty,
  objectHasOwn,
  SafeMap,
  StringProto,
} from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** What lib/internal/modules/package_json_reader.js expects: name, main, type, imports, exports, path. */
type PackageTuple = readonly [
  name: string | undefined,
  main: string | undefined,
  type: "commonjs" | "module" | "none",
  imports: string | undefined,
  exports: string | undefined,
  path: string,
];

interface PackageJson {
  readonly name?: unknown;
  readonly main?: unknown;
  readonly type?: unknown;
  readonly imports?: unknown;
  readonly exports?: unknown;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const serialized = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  return typeof value === "object" && value !== null ? jsonStringify(value) : (text(value) ?? jsonStringify(value));
};

/** `THROW_ERR_INVALID_PACKAGE_CONFIG` as src/node_modules.cc words it. */
function invalid(realm: Realm, path: string, base: string | undefined, specifier: string | undefined): Error {
  const { fileURLToPath } = realm.requireBuiltin<{ fileURLToPath: (url: string) => string }>("internal/url");
  const from = base === undefined ? "" : ` while importing "${specifier ?? ""}" from ${fileURLToPath(base)}`;
  return bindingError("Error", "ERR_INVALID_PACKAGE_CONFIG", `Invalid package config ${path}${from}.`);
}

function jsonOf(source: string): unknown {
  try {
    return jsonParse(source);
  } catch {
    return undefined;
  }
}

function parse(realm: Realm, path: string, source: string, base?: string, specifier?: string): PackageTuple {
  const json = jsonOf(source) as PackageJson | undefined;
  if (!isObject(json) || arrayIsArray(json)) throw invalid(realm, path, base, specifier);
  // What the file says, and nothing a program put on Object.prototype.
  const own = (key: keyof PackageJson) => (objectHasOwn(json, key) ? json[key] : undefined);
  const given = own("type");
  const type = given === "module" || given === "commonjs" ? given : "none";
  return [text(own("name")), text(own("main")), type, serialized(own("imports")), serialized(own("exports")), path];
}

/** `internalBinding('modules')` (src/node_modules.cc): package.json files, each read once. */
export const install: InstallBinding = (binding, realm) => {
  const known = new SafeMap<string, PackageTuple | undefined>();
  const nearestOf = new SafeMap<string, PackageTuple | undefined>();

  const read = (path: string, base?: string, specifier?: string): PackageTuple | undefined => {
    if (known.has(path)) return known.get(path);
    const source = realm.sys.modules.readPackage(path);
    const tuple = source === undefined ? undefined : parse(realm, path, source, base, specifier);
    known.set(path, tuple);
    return tuple;
  };

  /** The nearest package.json at or above a directory, never looking past a `node_modules`. */
  const nearest = (directory: string): PackageTuple | undefined => {
    if (nearestOf.has(directory)) return nearestOf.get(directory);
    let tuple: PackageTuple | undefined;
    if (!StringProto.endsWith(directory, "/node_modules")) {
      tuple = read(directory === "/" ? "/package.json" : `${directory}/package.json`);
      if (!tuple && directory !== "/") tuple = nearest(directoryOf(directory));
    }
    nearestOf.set(directory, tuple);
    return tuple;
  };

  const directoryOf = (path: string): string => StringProto.slice(path, 0, StringProto.lastIndexOf(path, "/")) || "/";
  const pathOf = (url: string): string => {
    const { fileURLToPath } = realm.requireBuiltin<{ fileURLToPath: (url: string) => string }>("internal/url");
    return fileURLToPath(url);
  };
  const isFile = (url: string): boolean => StringProto.startsWith(url, "file:");

  binding["readPackageJSON"] = (path: string, _isESM: boolean, base?: string, specifier?: string) =>
    read(path, base, specifier);
  binding["getNearestParentPackageJSON"] = (path: string) => nearest(directoryOf(path));
  binding["getNearestParentPackageJSONType"] = (path: string) => nearest(directoryOf(path))?.[2] ?? "none";
  binding["getPackageScopeConfig"] = (url: string) => {
    if (!isFile(url)) return "/package.json";
    return nearest(directoryOf(pathOf(url))) ?? "/package.json";
  };
  binding["getPackageType"] = (url: string) => {
    const type = isFile(url) ? nearest(directoryOf(pathOf(url)))?.[2] : undefined;
    return type === "none" ? undefined : type;
  };
  // A guest keeps nothing between runs: DISABLED, and nothing to flush.
  binding["enableCompileCache"] = () => [3];
  binding["getCompileCacheDir"] = () => undefined;
  binding["flushCompileCache"] = () => {};
  binding["setLazyPathHelpers"] = (meta: object, url: string) => {
    if (!isFile(url)) return;
    const filename = pathOf(url);
    const define = (key: string, value: string) =>
      objectDefineProperty(meta, key, { value, writable: true, enumerable: true, configurable: true });
    define("dirname", directoryOf(filename));
    define("filename", filename);
  };
};
