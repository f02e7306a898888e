import type { Realm } from "../realm.ts";
import { captureBuiltIns } from "./built-ins.ts";
import { QuietEvaluation } from "./evaluation.ts";
import type { Ground } from "./ground.ts";
import type { Node } from "./syntax.ts";
import { EndsInError, QuietReader } from "./values.ts";

interface Acorn {
  parse(source: string, options: Record<string, unknown>): { readonly body: readonly Node[] };
}

/** Those of the main context. */
export const mainBuiltIns = captureBuiltIns(globalThis);

/**
 * Whether running this has no effect but its value or its error, as far as that can be told without running it. A source
 * acorn cannot read counts as one that may have some.
 */
export function isQuiet(realm: Realm, source: string, ground: Ground): boolean {
  const acorn = realm.requireBuiltin<Acorn>("internal/deps/acorn/acorn/dist/acorn");
  try {
    const { body } = acorn.parse(source, { ecmaVersion: "latest", sourceType: "script" });
    const reader = new QuietReader([ground.builtIns, mainBuiltIns], [ground.global]);
    new QuietEvaluation(source, ground, reader).statements(body);
    return true;
  } catch (error) {
    // What is neither comes from the walk itself, which then has not seen everything.
    return error instanceof EndsInError;
  }
}
