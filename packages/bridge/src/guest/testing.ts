import { execFileSync } from "node:child_process";
import type { Binding, InstallBinding, Realm } from "./realm.ts";

/** A realm with what a binding under test uses; anything else throws when touched. */
export function fakeRealm(parts: Partial<Realm> = {}): Realm {
  const base: Partial<Realm> = { native: undefined, symbols: {}, privateSymbols: {}, onAttach: () => {}, ...parts };
  return new Proxy(base, {
    get(target, key) {
      if (key in target) return target[key as keyof Realm];
      throw new Error(`the test's realm has no ${String(key)}`);
    },
  }) as Realm;
}

/** Installs a binding as the realm would, over the given manifest constants. */
export function installed<T = Record<string, (...args: never[]) => unknown>>(
  install: InstallBinding,
  realm: Realm = fakeRealm(),
  constants: Binding = {},
): T {
  install(constants, realm);
  return constants as T;
}

/**
 * Runs a script under this Node with `--expose-internals`, where `internalBinding` is in scope and `answer(value)`
 * sends a JSON value back: how the real bindings behave.
 */
export function askNode<T>(script: string): T {
  const preamble =
    "const { internalBinding } = require('internal/test/binding'); const answer = (v) => process.stdout.write(JSON.stringify(v));";
  const output = execFileSync(process.execPath, ["--no-warnings", "--expose-internals", "-e", preamble + script], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output.toString()) as T;
}
