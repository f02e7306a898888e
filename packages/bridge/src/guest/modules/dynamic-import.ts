import { objectCreate, objectKeys, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

type ImportCallback = (symbol: unknown, specifier: string, attributes: object, referrer: string) => Promise<unknown>;

const callbacks = new SafeWeakMap<Realm, ImportCallback>();

/** The library registers what `import()` does. */
export function setImportCallback(realm: Realm, callback: ImportCallback): void {
  callbacks.set(realm, callback);
}

/** The attributes of `import(specifier, { with: {...} })`: strings only (ECMA-262, 13.3.10.2). */
function attributesOf(options: unknown): object {
  const attributes = objectCreate(null) as Record<string, string>;
  if (options === undefined) return attributes;
  if (typeof options !== "object" || options === null) {
    throw new TypeError("The second argument of import() must be an object");
  }
  const given = (options as { with?: unknown }).with;
  if (given === undefined) return attributes;
  if (typeof given !== "object" || given === null) {
    throw new TypeError("The 'assert' option must be an object");
  }
  const keys = objectKeys(given);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const value = (given as Record<string, unknown>)[key];
    if (typeof value !== "string") throw new TypeError("Import attribute value must be a string");
    attributes[key] = value;
  }
  return attributes;
}

/**
 * What `import()` calls in one script or module.
 * @param symbol the host-defined option that tells the loader who asks
 */
export const dynamicImporter =
  (realm: Realm, symbol: unknown, referrer: string) =>
  async (specifier: unknown, options?: unknown): Promise<unknown> => {
    const callback = callbacks.get(realm);
    if (!callback) throw new TypeError("import() is not available yet");
    return callback(symbol, `${specifier as string}`, attributesOf(options), referrer);
  };

/** What V8 calls for `import()`; scripts of ours stand in for code that was compiled without a way to import. */
export const importCallback = (realm: Realm) => {
  const hostOption = realm.privateSymbols["host_defined_option_symbol"] as symbol;
  return async (
    symbol: symbol | undefined,
    specifier: string,
    attributes: readonly string[],
    referrer: string | undefined,
    global: object,
  ): Promise<unknown> => {
    const callback = callbacks.get(realm);
    if (!callback) throw new TypeError("import() is not available yet");
    // Code from a string may have no script's symbol; then that of its context counts (`importModuleDynamicallyCallback`
    // of src/module_wrap.cc).
    const ofContext = (global as Record<symbol, unknown>)[hostOption];
    return callback(
      symbol ?? ofContext ?? realm.symbols["vm_dynamic_import_no_callback"],
      specifier,
      attributesFrom(attributes),
      referrer as string,
    );
  };
};

/** Pairs in one list as an object without a prototype. */
export function attributesFrom(flat: readonly string[]): Readonly<Record<string, string>> {
  const attributes = objectCreate(null) as Record<string, string>;
  for (let i = 0; i + 1 < flat.length; i += 2) attributes[flat[i] as string] = flat[i + 1] as string;
  return attributes;
}
