import { append } from "../lib/define.ts";
import { NativeWeakRef } from "../lib/intrinsics.ts";
import { ArrayProto, jsonStringify, SafeMap, SafeWeakMap, WeakRefProto } from "../primordials.ts";
import type { Ground } from "../quiet/evaluation.ts";
import { mainBuiltIns } from "../quiet/run.ts";
import type { Realm } from "../realm.ts";
import { type CallParams, callFunctionOn, type EvaluateParams, evaluateFor } from "./portable-evaluation.ts";
import { RemoteObjects } from "./remote-objects.ts";
import { mainStage } from "./script-runner.ts";

type Answer = (message: string) => void;

/** V8's number for the main context. */
const MAIN = 1;

/** A context as the inspector works in it. */
export interface InspectedContext extends Omit<Ground, "lexicals"> {
  readonly id: number;
}

interface State {
  /** Who hears of contexts that are made. */
  readonly listeners: Answer[];
  /** Names that scripts declared with `let`, `const` or `class`, by the number of their context. */
  readonly names: string[][];
  /** By their number, unless the program has dropped them. */
  readonly contexts: SafeMap<number, WeakRef<InspectedContext>>;
  readonly objects: RemoteObjects;
}

const states = new SafeWeakMap<Realm, State>();

function stateOf(realm: Realm): State {
  let state = states.get(realm);
  if (!state) {
    state = { listeners: [], names: [], contexts: new SafeMap(), objects: new RemoteObjects(realm) };
    states.set(realm, state);
  }
  return state;
}

/** A script has run that declared these names. @param stage number of its context; 0 for the main one */
export function noteLexicals(realm: Realm, stage: number, names: readonly string[]): void {
  const all = stateOf(realm).names;
  while (all.length <= stage) append(all, []);
  const known = all[stage] as string[];
  for (let i = 0; i < names.length; i++) {
    if (!ArrayProto.includes(known, names[i])) append(known, names[i] as string);
  }
}

const contextText = (stage: number): string => {
  const context = {
    id: MAIN + stage,
    origin: "",
    name: stage === 0 ? "main" : `VM Context ${stage}`,
    uniqueId: `${MAIN + stage}.0`,
    auxData: { isDefault: stage === 0 },
  };
  return `{"method":"Runtime.executionContextCreated","params":{"context":${jsonStringify(context)}}}`;
};

/** A program made a context: those who asked for it are told. */
export function announceContext(realm: Realm, context: InspectedContext): void {
  const { listeners, contexts } = stateOf(realm);
  contexts.forEach((known, id) => {
    if (WeakRefProto.deref(known) === undefined) contexts.delete(id);
  });
  contexts.set(context.id, new NativeWeakRef(context));
  for (let i = 0; i < listeners.length; i++) (listeners[i] as Answer)(contextText(context.id));
}

export function stopListening(realm: Realm, answer: Answer): void {
  const { listeners } = stateOf(realm);
  const at = ArrayProto.indexOf(listeners, answer);
  if (at >= 0) ArrayProto.splice(listeners, at, 1);
}

/** The context of a number of V8's, with what scripts declared in it. */
function groundOf(realm: Realm, id: unknown): (Ground & { readonly id: number }) | undefined {
  if (id !== undefined && typeof id !== "number") return undefined;
  const stage = (id ?? MAIN) - MAIN;
  const { names, contexts } = stateOf(realm);
  const lexicals = names[stage] ?? [];
  if (stage === 0) {
    const { global } = realm;
    return { id: 0, scopes: [global], global, lexicals, builtIns: mainBuiltIns, run: mainStage.evaluate };
  }
  const known = contexts.get(stage);
  const context = known && (WeakRefProto.deref(known) as InspectedContext | undefined);
  if (!context) return undefined;
  const { scopes, global, builtIns } = context;
  return { id: stage, scopes, global, lexicals, builtIns, run: (source) => context.run(source) };
}

/**
 * The part of V8's inspector that needs nothing of V8: which contexts there are, what scripts declared in them, and
 * expressions evaluated in them.
 * @returns the result as JSON; nothing for a method that is not there
 */
export function answerPortably(realm: Realm, method: string, params: unknown, answer: Answer): string | undefined {
  const { listeners, names, objects } = stateOf(realm);
  switch (method) {
    case "Runtime.enable":
      stopListening(realm, answer);
      append(listeners, answer);
      answer(contextText(0));
      return "{}";
    case "Runtime.disable":
      stopListening(realm, answer);
      return "{}";
    case "Runtime.globalLexicalScopeNames": {
      const id = (params as { executionContextId?: unknown } | undefined)?.executionContextId;
      const stage = typeof id === "number" ? id - MAIN : 0;
      return `{"names":${jsonStringify(names[stage] ?? [])}}`;
    }
    case "Runtime.evaluate": {
      const given = (params ?? {}) as EvaluateParams;
      const ground = groundOf(realm, given.contextId);
      return ground && evaluateFor(realm, ground, objects, given);
    }
    case "Runtime.callFunctionOn": {
      const given = (params ?? {}) as CallParams;
      const self = objects.get(given.objectId);
      const ground = self && groundOf(realm, MAIN + self.context);
      return ground && callFunctionOn(ground, objects, self.value, given);
    }
    default:
      return undefined;
  }
}
