import { finishCollector } from "../lib/collector.ts";
import { finishContext } from "../lib/context-globals.ts";
import { hookContext } from "../lib/promise-hooks.ts";
import { installWebAssemblyIn } from "../lib/wasm-limits.ts";
import { SafeWeakMap } from "../primordials.ts";
import type { NativeHelper, Realm } from "../realm.ts";
import { makePortableContext, portableContext } from "./portable-context.ts";

/** What a context may do (`vm.createContext`). */
export interface ContextRules {
  readonly strings: boolean;
  readonly wasm: boolean;
  /** Whether its microtasks run before control goes back to who ran a script in it. */
  readonly ownMicrotasks: boolean;
}

/** An API of `vm` that is not there. */
export const unsupported = (api: string): Error => {
  const error = new Error(`vm.${api} is not supported in sandbox`) as Error & { code: string };
  error.code = "ERR_SANDBOX_VM_UNSUPPORTED";
  return error;
};

function makeNativeContext(
  realm: Realm,
  native: NativeHelper,
  target: object | undefined,
  { strings, wasm, ownMicrotasks }: ContextRules,
): object | undefined {
  const prepare = (bare: object) => {
    installWebAssemblyIn(realm, bare);
    finishCollector(realm, bare);
  };
  return native.makeContext(target, strings, wasm, ownMicrotasks, prepare);
}

/** The contexts programs made, by the object each was made of. */
export class Contexts {
  readonly #globals = new SafeWeakMap<object, object>();
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  has(target: object): boolean {
    return this.#globals.has(target);
  }

  globalOf(target: object): object {
    const global = this.#globals.get(target);
    if (global) return global;
    throw unsupported("compileFunction in an object that is no context");
  }

  /** -> the global of a new context */
  make(target: object | undefined, rules: ContextRules): object {
    const realm = this.#realm;
    const global = realm.native
      ? makeNativeContext(realm, realm.native, target, rules)
      : makePortableContext(realm, target, rules);
    if (!global) throw unsupported("createContext");
    this.#globals.set(target ?? global, global);
    finishContext(realm, global);
    hookContext(realm, portableContext(global)?.promises ?? global);
    return global;
  }
}

const contextsOf = new SafeWeakMap<Realm, Contexts>();

/** The contexts of one guest. */
export function contextsIn(realm: Realm): Contexts {
  let contexts = contextsOf.get(realm);
  if (!contexts) {
    contexts = new Contexts(realm);
    contextsOf.set(realm, contexts);
  }
  return contexts;
}
