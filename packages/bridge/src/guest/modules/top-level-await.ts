import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

interface Acorn {
  parse(source: string, options: Record<string, unknown>): unknown;
}

const parses = (acorn: Acorn, source: string, allowAwaitOutsideFunction: boolean): boolean => {
  try {
    acorn.parse(source, { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction });
    return true;
  } catch {
    return false;
  }
};

/** Whether a module awaits at its top level: it parses with that allowed and does not without. */
export function hasTopLevelAwait(realm: Realm, source: string | undefined): boolean {
  if (source === undefined || !StringProto.includes(source, "await")) return false;
  const acorn = realm.requireBuiltin<Acorn>("internal/deps/acorn/acorn/dist/acorn");
  return !parses(acorn, source, false) && parses(acorn, source, true);
}
