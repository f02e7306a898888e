import type { SafeMap } from "../primordials.ts";
import type { QuietBuiltIns } from "./built-ins.ts";
import { EndsInError, orEnd, type QuietReader } from "./values.ts";

/** Where an expression is evaluated. */
export interface Ground {
  /** Whose properties are variables, in the order they are asked. */
  readonly scopes: readonly object[];
  /** `this`, as programs have it. */
  readonly global: object;
  /** Names of `let`, `const` and `class` of scripts before. */
  readonly lexicals: readonly string[];
  readonly builtIns: QuietBuiltIns;
  /** Runs code there for good. */
  run(source: string): unknown;
}

/** Parameters of functions of the evaluated code. */
export interface Locals {
  readonly values: SafeMap<string, unknown>;
  readonly outer: Locals | undefined;
}

/**
 * The value of a variable.
 * @throws EndsInError where nobody has one of that name
 */
export function readVariable(name: string, locals: Locals | undefined, ground: Ground, reader: QuietReader): unknown {
  for (let at = locals; at; at = at.outer) if (at.values.has(name)) return at.values.get(name);
  const { lexicals, scopes } = ground;
  for (let i = 0; i < lexicals.length; i++) if (lexicals[i] === name) return orEnd(() => ground.run(name));
  for (let i = 0; i < scopes.length; i++) {
    const scope = scopes[i] as object;
    const found = reader.find(scope, name);
    if (found) return reader.valueOf(found, scope);
  }
  throw new EndsInError();
}

/** `typeof` of a variable. A name nobody has is "undefined"; a lexical one that is not there yet is an error. */
export function typeOfVariable(name: string, locals: Locals | undefined, ground: Ground, reader: QuietReader): string {
  try {
    return typeof readVariable(name, locals, ground, reader);
  } catch (error) {
    if (!(error instanceof EndsInError)) throw error;
    return typeof orEnd(() => ground.run(`typeof ${name}`));
  }
}
