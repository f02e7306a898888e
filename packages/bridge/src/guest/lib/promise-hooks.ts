import { SafeWeakMap, WeakRefProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { append } from "./define.ts";
import { NativeWeakRef } from "./intrinsics.ts";

type Hooks = readonly [init: unknown, before: unknown, after: unknown, settled: unknown];
const NONE: Hooks = [undefined, undefined, undefined, undefined];

interface State {
  hooks: Hooks;
  /** The globals of contexts programs made; they are collected as if nobody knew them. */
  contexts: WeakRef<object>[];
}

const states = new SafeWeakMap<Realm, State>();

function stateOf(realm: Realm): State {
  const known = states.get(realm);
  if (known) return known;
  const state: State = { hooks: NONE, contexts: [] };
  states.set(realm, state);
  return state;
}

/** V8's promise hooks belong to a context; Node sets them in each of its contexts alike (`AsyncHooks::SetJSPromiseHooks`). */
export function installPromiseHooks(binding: Binding, realm: Realm): void {
  const state = stateOf(realm);
  binding["setPromiseHooks"] = (...hooks: [unknown, unknown, unknown, unknown]) => {
    state.hooks = hooks;
    const { native } = realm;
    if (!native) return;
    native.setPromiseHooks(hooks[0], hooks[1], hooks[2], hooks[3]);
    const alive: WeakRef<object>[] = [];
    for (let i = 0; i < state.contexts.length; i++) {
      const context = state.contexts[i] as WeakRef<object>;
      const global = WeakRefProto.deref(context);
      if (global === undefined) continue;
      append(alive, context);
      native.setPromiseHooks(hooks[0], hooks[1], hooks[2], hooks[3], global);
    }
    state.contexts = alive;
  };
  binding["getPromiseHooks"] = () => state.hooks;
  // What a hook throws is nobody's exception but the program's.
  realm.onAttach(() => realm.native?.setMessageListener((error) => realm.fatalException(error, false)));
}

/** A program made a context: its promises are seen as those of the main one are. */
export function hookContext(realm: Realm, global: object): void {
  const { contexts, hooks } = stateOf(realm);
  append(contexts, new NativeWeakRef(global));
  if (hooks !== NONE) realm.native?.setPromiseHooks(hooks[0], hooks[1], hooks[2], hooks[3], global);
}
