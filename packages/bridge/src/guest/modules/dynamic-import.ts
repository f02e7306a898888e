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
    throw new TypeError("The 'with' option of import() must be an object");
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
