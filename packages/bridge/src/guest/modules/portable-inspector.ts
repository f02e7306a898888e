import { append } from "../lib/define.ts";
import { ArrayProto, jsonStringify, numberIsNaN, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

type Answer = (message: string) => void;

/** V8's number for the main context. */
const MAIN = 1;

interface State {
  /** Who hears of contexts that are made. */
  readonly listeners: Answer[];
  /** Names that scripts declared with `let`, `const` or `class`, by the number of their context. */
  readonly names: string[][];
}

const states = new SafeWeakMap<Realm, State>();

function stateOf(realm: Realm): State {
  let state = states.get(realm);
  if (!state) {
    state = { listeners: [], names: [] };
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
export function announceContext(realm: Realm, stage: number): void {
  const { listeners } = stateOf(realm);
  for (let i = 0; i < listeners.length; i++) (listeners[i] as Answer)(contextText(stage));
}

export function stopListening(realm: Realm, answer: Answer): void {
  const { listeners } = stateOf(realm);
  const at = ArrayProto.indexOf(listeners, answer);
  if (at >= 0) ArrayProto.splice(listeners, at, 1);
}

/**
 * The part of V8's inspector that needs nothing of V8: which contexts there are, and what scripts declared in them.
 * @returns the result as JSON; nothing for a method that is not there
 */
export function answerPortably(realm: Realm, method: string, params: unknown, answer: Answer): string | undefined {
  const { listeners, names } = stateOf(realm);
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
    case "Runtime.evaluate":
      return evaluateFor(params as EvaluateParams | undefined);
    default:
      return undefined;
  }
}

interface EvaluateParams {
  readonly expression?: unknown;
  readonly contextId?: unknown;
  readonly throwOnSideEffect?: unknown;
}

// Taken before any program runs; called without a receiver, it is indirect eval.
const { eval: evaluate } = globalThis;

/** Runs an expression in the main context, as long as its value is plain data; without side effects only V8 can. */
function evaluateFor(params: EvaluateParams | undefined): string | undefined {
  const { expression, contextId = MAIN, throwOnSideEffect } = params ?? {};
  if (typeof expression !== "string" || contextId !== MAIN || throwOnSideEffect === true) return undefined;
  let value: unknown;
  try {
    value = evaluate(expression);
  } catch {
    return undefined;
  }
  const type = typeof value;
  if (type === "undefined") return `{"result":{"type":"undefined"}}`;
  if (type !== "string" && type !== "boolean" && (type !== "number" || numberIsNaN(value))) return undefined;
  const description = type === "number" ? { description: `${value as number}` } : {};
  return `{"result":${jsonStringify({ type, value, ...description })}}`;
}
