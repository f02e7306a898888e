import { SafeWeakMap, WeakRefProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { append } from "./define.ts";
import { FollowedPromises, type PromiseFollower } from "./followed-promises.ts";
import { NativeWeakRef } from "./intrinsics.ts";
import { dressNative, followerOf, type Hooks } from "./promise-follower.ts";

const NONE: Hooks = [undefined, undefined, undefined, undefined];

interface State {
  hooks: Hooks;
  /** Globals of contexts programs made, or in patch mode their promises; collected as if nobody knew them. */
  contexts: WeakRef<object>[];
  /** Patch mode: who hears of promises, those of the main context included. */
  readonly follower: PromiseFollower;
  followed: FollowedPromises | undefined;
}

const states = new SafeWeakMap<Realm, State>();

function stateOf(realm: Realm): State {
  const known = states.get(realm);
  if (known) return known;
  const state: State = {
    hooks: NONE,
    contexts: [],
    follower: followerOf(realm, () => state.hooks),
    followed: undefined,
  };
  states.set(realm, state);
  return state;
}

const isOn = (hooks: Hooks): boolean =>
  hooks[0] !== undefined || hooks[1] !== undefined || hooks[2] !== undefined || hooks[3] !== undefined;

/** Has hooks called in one context. @param context its global, or its promises; nothing for the main one */
function setIn(realm: Realm, { hooks, followed }: State, context: object | undefined): void {
  const { native } = realm;
  if (native) native.setPromiseHooks(hooks[0], hooks[1], hooks[2], hooks[3], context);
  else {
    const promises = context === undefined ? followed : (context as FollowedPromises);
    if (isOn(hooks)) promises?.start();
    else promises?.stop();
  }
}

/** V8's promise hooks belong to a context; Node sets them in each of its contexts alike (`AsyncHooks::SetJSPromiseHooks`). */
export function installPromiseHooks(binding: Binding, realm: Realm): void {
  const state = stateOf(realm);
  state.followed = new FollowedPromises(state.follower, dressNative);
  binding["setPromiseHooks"] = (...hooks: [unknown, unknown, unknown, unknown]) => {
    state.hooks = hooks;
    setIn(realm, state, undefined);
    const alive: WeakRef<object>[] = [];
    for (let i = 0; i < state.contexts.length; i++) {
      const held = state.contexts[i] as WeakRef<object>;
      const context = WeakRefProto.deref(held);
      if (context === undefined) continue;
      append(alive, held);
      setIn(realm, state, context);
    }
    state.contexts = alive;
  };
  binding["getPromiseHooks"] = () => state.hooks;
  // What a hook throws is nobody's exception but the program's.
  realm.onAttach(() => realm.native?.setMessageListener((error) => realm.fatalException(error, false)));
}

/** A program made a context: its promises are seen as those of the main one are. @param context as for `setIn` */
export function hookContext(realm: Realm, context: object): void {
  const state = stateOf(realm);
  append(state.contexts, new NativeWeakRef(context));
  if (state.hooks !== NONE) setIn(realm, state, context);
}

/** Who hears of the promises of contexts in patch mode. */
export const promiseFollower = (realm: Realm): PromiseFollower => stateOf(realm).follower;
