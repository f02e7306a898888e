import { append } from "../lib/define.ts";
import { ArrayProto, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** One evaluation of a module graph under way. */
export interface Evaluation {
  readonly promise: Promise<undefined>;
  resolve(): void;
  /** The error is known already; the rejection that comes stands for it. */
  expect(error: unknown): void;
  /** It has failed for sure: the next rejection nobody handles is its own. */
  failed(): void;
  onReject(notice: (error: unknown) => void): void;
}

interface Pending {
  reject(error: unknown): void;
  expected: { readonly error: unknown } | undefined;
  hasFailed: boolean;
}

const pendingOf = new SafeWeakMap<Realm, Pending[]>();

const pendingIn = (realm: Realm): Pending[] => {
  let pending = pendingOf.get(realm);
  if (!pending) {
    pending = [];
    pendingOf.set(realm, pending);
  }
  return pending;
};

/** Begins an evaluation: its promise settles when the graph's root is done, or when V8 reports its rejection. */
export function beginEvaluation(realm: Realm): Evaluation {
  const pending = pendingIn(realm);
  let resolvePromise: (value: undefined) => void = () => {};
  let rejectPromise: (error: unknown) => void = () => {};
  let notice: (error: unknown) => void = () => {};
  const promise = new Promise<undefined>((resolve, reject) => {
    resolvePromise = resolve;
    rejectPromise = reject;
  });
  const remove = () => {
    const at = ArrayProto.indexOf(pending, entry);
    if (at >= 0) ArrayProto.splice(pending, at, 1);
  };
  const entry: Pending = {
    expected: undefined,
    hasFailed: false,
    reject(error) {
      remove();
      notice(error);
      rejectPromise(error);
    },
  };
  append(pending, entry);
  return {
    promise,
    resolve() {
      remove();
      resolvePromise(undefined);
    },
    expect(error) {
      entry.expected = { error };
    },
    failed() {
      entry.hasFailed = true;
    },
    onReject(given) {
      notice = given;
    },
  };
}

/**
 * A rejection nobody handled: the evaluation promise of a module is one, because nothing but V8 holds it.
 * @returns whether an evaluation took it
 */
export function rejectEvaluation(realm: Realm, reason: unknown): boolean {
  const all = pendingIn(realm);
  const pending = (ArrayProto.find(all, (entry) => (entry as Pending).hasFailed) as Pending | undefined) ?? all[0];
  if (!pending) return false;
  pending.reject(pending.expected ? pending.expected.error : reason);
  return true;
}

/** Whether a top-level await is still unsettled. */
export const hasPendingEvaluation = (realm: Realm): boolean => pendingIn(realm).length > 0;
