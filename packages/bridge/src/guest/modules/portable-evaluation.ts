import { append } from "../lib/define.ts";
import { NativeFunction } from "../lib/intrinsics.ts";
import { reflectApply, reflectConstruct } from "../primordials.ts";
import type { Ground } from "../quiet/evaluation.ts";
import { isQuiet } from "../quiet/run.ts";
import type { Realm } from "../realm.ts";
import type { RemoteObjects } from "./remote-objects.ts";

type Place = Ground & { readonly id: number };

/** Parameters that ask for what only V8 has. */
interface Unanswered {
  readonly awaitPromise?: unknown;
  readonly generatePreview?: unknown;
  readonly replMode?: unknown;
  readonly returnByValue?: unknown;
}

export interface EvaluateParams extends Unanswered {
  readonly expression?: unknown;
  readonly contextId?: unknown;
  readonly throwOnSideEffect?: unknown;
}

export interface CallParams extends Unanswered {
  readonly functionDeclaration?: unknown;
  readonly objectId?: unknown;
  readonly arguments?: readonly CallArgument[];
  readonly throwOnSideEffect?: unknown;
}

interface CallArgument {
  readonly objectId?: unknown;
  readonly unserializableValue?: unknown;
  readonly value?: unknown;
}

const isUnanswered = ({ awaitPromise, generatePreview, replMode, returnByValue }: Unanswered): boolean =>
  awaitPromise === true || generatePreview === true || replMode === true || returnByValue === true;

/** What V8 says of it. */
const SIDE_EFFECT = "Possible side-effect in debug-evaluate";

/** V8's own error for what is no script; nothing for what is one. */
function syntaxErrorOf(source: string): unknown {
  try {
    reflectConstruct(NativeFunction, [source]);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** `Runtime.evaluate`. @returns its result as JSON; nothing where only V8 could answer */
export function evaluateFor(
  realm: Realm,
  ground: Place,
  objects: RemoteObjects,
  params: EvaluateParams,
): string | undefined {
  const { expression, throwOnSideEffect } = params;
  if (typeof expression !== "string" || isUnanswered(params)) return undefined;
  if (throwOnSideEffect === true && !isQuiet(realm, expression, ground)) {
    const error = syntaxErrorOf(expression) ?? new EvalError(SIDE_EFFECT);
    return objects.failure(error, ground.id);
  }
  try {
    return objects.result(ground.run(expression), ground.id);
  } catch (error) {
    return objects.failure(error, ground.id);
  }
}

/** Anything but an object, as JSON has it or as an expression. */
function argumentOf(ground: Place, objects: RemoteObjects, { objectId, unserializableValue, value }: CallArgument) {
  if (objectId !== undefined) return objects.get(objectId)?.value;
  return typeof unserializableValue === "string" ? ground.run(`(${unserializableValue})`) : value;
}

/** `Runtime.callFunctionOn`, for an object that was told of. @returns as `evaluateFor` */
export function callFunctionOn(
  ground: Place,
  objects: RemoteObjects,
  receiver: unknown,
  params: CallParams,
): string | undefined {
  const { functionDeclaration, arguments: given = [], throwOnSideEffect } = params;
  if (typeof functionDeclaration !== "string" || throwOnSideEffect === true || isUnanswered(params)) return undefined;
  try {
    const args: unknown[] = [];
    for (let i = 0; i < given.length; i++) append(args, argumentOf(ground, objects, given[i] as CallArgument));
    const fn = ground.run(`(${functionDeclaration})`) as (...args: unknown[]) => unknown;
    return objects.result(reflectApply(fn, receiver, args), ground.id);
  } catch (error) {
    return objects.failure(error, ground.id);
  }
}
