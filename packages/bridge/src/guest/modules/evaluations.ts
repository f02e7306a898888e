import { SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** One evaluation of a module graph under way. */
export interface Evaluation {
  /** Number of the module it goes through. */
  readonly root: number;
  readonly promise: Promise<undefined>;
  resolve(): void;
  /** The error is known already; the copy that comes stands for it. */
  expect(error: unknown): void;
  onReject(notice: (error: unknown) => void): void;
}

interface Pending {
  reject(error: unknown): void;
  expected: { readonly error: unknown } | undefined;
}

type PendingMap = SafeMap<number, Pending>;

const pendingOf = new SafeWeakMap<Realm, PendingMap>();

const pendingIn = (realm: Realm): PendingMap => {
  let pending = pendingOf.get(realm);
  if (!pending) {
    pending = new SafeMap();
    pendingOf.set(realm, pending);
  }
  return pending;
};

/** Begins an evaluation: its promise settles when the graph's root is done, or when the cell finds that it has failed. */
export function beginEvaluation(realm: Realm, root: number): Evaluation {
  const pending = pendingIn(realm);
  let resolvePromise: (value: undefined) => void = () => {};
  let rejectPromise: (error: unknown) => void = () => {};
  let notice: (error: unknown) => void = () => {};
  const promise = new Promise<undefined>((resolve, reject) => {
    resolvePromise = resolve;
    rejectPromise = reject;
  });
  const entry: Pending = {
    expected: undefined,
    reject(error) {
      pending.delete(root);
      notice(error);
      rejectPromise(error);
    },
  };
  pending.set(root, entry);
  return {
    root,
    promise,
    resolve() {
      pending.delete(root);
      resolvePromise(undefined);
    },
    expect(error) {
      entry.expected = { error };
    },
    onReject(given) {
      notice = given;
    },
  };
}

/** The cell has found that an evaluation failed; `reason` is what is known of what was thrown. */
export function rejectEvaluation(realm: Realm, root: number, reason: unknown): void {
  const pending = pendingIn(realm).get(root);
  pending?.reject(pending.expected ? pending.expected.error : reason);
}

/** Whether a top-level await is still unsettled. */
export const hasPendingEvaluation = (realm: Realm): boolean => pendingIn(realm).size > 0;
