import { SyscallError } from "../client.ts";
import { putOwn } from "../lib/define.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { reflectApply } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { fsError, isOwnCode, Refusal, StepFailure, type Subject, thrownFrom, withoutStack } from "./fs-error.ts";
import { shownPath } from "./fs-path.ts";
import type { Outcome, Requests } from "./fs-request.ts";

/** Starts an operation that has to wait; `end` takes its failure or its value. */
export type Waiting = (end: (cause: SyscallError | undefined, value: unknown) => void) => void;

/** One function of `internalBinding('fs')`. */
export interface Call {
  /** Name in errors. */
  readonly syscall: string;
  /** Where in the arguments the request stands: nothing there, an FSReqCallback, or kUsePromises. */
  readonly request: number;
  /** Where the paths stand that errors name. */
  readonly path?: number;
  readonly dest?: number;
  /** Appended to the path that errors name. */
  readonly suffix?: string;
  /**
   * Does it. Runs at once in the asynchronous forms as well; only the answer comes later.
   * @throws SyscallError or StepFailure; a Refusal is a mistake of the caller and is thrown in every form
   */
  readonly run: (...args: never[]) => unknown;
  /** Makes what the caller gets of what `run` gave. */
  readonly finish?: (value: never, args: readonly unknown[], sync: boolean) => unknown;
  /** A failure that the synchronous form answers with undefined. */
  readonly quiet?: (code: string, args: readonly unknown[]) => boolean;
  /** For calls that may have to wait for input. */
  readonly waits?: (args: readonly unknown[]) => Waiting | undefined;
}

type Function = (...args: unknown[]) => unknown;

const textAt = (args: readonly unknown[], index: number | undefined): string | undefined =>
  index === undefined ? undefined : shownPath(args[index]);

const subjectOf = (call: Call, args: readonly unknown[]): Subject => {
  const path = textAt(args, call.path);
  return {
    syscall: call.syscall,
    path: path !== undefined && call.suffix !== undefined ? path + call.suffix : path,
    dest: textAt(args, call.dest),
  };
};

/** A failure as cause and subject; undefined for what is none. */
const failureOf = (error: unknown, call: Call, args: readonly unknown[]): StepFailure | undefined => {
  if (error instanceof StepFailure) return error;
  return error instanceof SyscallError ? new StepFailure(error, subjectOf(call, args)) : undefined;
};

/** The older way of a synchronous write to fail: it fills the object behind the request (`FSReqWrapSync` with ctx). */
function fillContext(realm: Realm, context: unknown, { cause, subject }: StepFailure): number | undefined {
  if (typeof context !== "object" || context === null || isOwnCode(cause.code)) return undefined;
  const errno = errnoOf(realm, cause.code);
  putOwn(context, "errno", errno);
  putOwn(context, "syscall", subject.syscall);
  return errno;
}

/** Makes the function of a call: it throws, calls back or returns a promise, as the request asks. */
export function defineCall(realm: Realm, requests: Requests, call: Call): Function {
  const { run, finish, quiet, waits } = call;
  const perform = (args: readonly unknown[], sync: boolean): unknown => {
    const value = reflectApply(run, undefined, args);
    return finish ? finish(value as never, args, sync) : value;
  };
  const errorOf = ({ cause, subject }: StepFailure): Error => withoutStack(fsError(realm, cause, subject));

  const plain = (error: unknown): unknown => (error instanceof Refusal ? thrownFrom(error.error, fn) : error);

  const outcomeOf = (args: readonly unknown[]): Outcome => {
    try {
      return { value: perform(args, false) };
    } catch (error) {
      const failed = failureOf(error, call, args);
      if (!failed) throw plain(error);
      return { error: errorOf(failed) };
    }
  };

  const wait = (waiting: Waiting, request: unknown, args: readonly unknown[]): unknown =>
    requests.wait(request, (end) => {
      waiting((cause, value) =>
        end(cause ? { error: errorOf(new StepFailure(cause, subjectOf(call, args))) } : { value }),
      );
    });

  const fn: Function = (...args) => {
    const request = args[call.request];
    if (request !== undefined) {
      const waiting = waits?.(args);
      return waiting ? wait(waiting, request, args) : requests.complete(request, outcomeOf(args));
    }
    try {
      return perform(args, true);
    } catch (error) {
      const failed = failureOf(error, call, args);
      if (!failed) throw plain(error);
      if (quiet?.(failed.cause.code, args)) return undefined;
      const errno = fillContext(realm, args[call.request + 1], failed);
      if (errno !== undefined) return errno;
      throw thrownFrom(fsError(realm, failed.cause, failed.subject), fn);
    }
  };
  return fn;
}
