import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { putHidden, putOwn } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { uvException } from "../lib/uvexception.ts";
import { reflectApply, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

const { captureStackTrace } = NativeError;

/** What an error of a file operation names: the system call and the paths as the program gave them. */
export interface Subject {
  readonly syscall: string;
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

/** A failed step of an operation that is more than one system call: it names its own call and path. */
export class StepFailure {
  readonly cause: SyscallError;
  readonly subject: Subject;
  constructor(cause: SyscallError, subject: Subject) {
    this.cause = cause;
    this.subject = subject;
  }
}

/** An error that is ready to be thrown as it is, whatever form the call has: its stack begins at the caller. */
export class Refusal {
  readonly error: Error;
  constructor(error: Error) {
    this.error = error;
  }
}

/** Ends a call with an error of the binding's own. @throws Refusal always */
export function refuse(error: Error): never {
  throw new Refusal(error);
}

/** A failure the guest itself finds, as the host would have said it. */
export const failure = (code: string): SyscallError => new SyscallError(code, undefined, undefined);

/** Whether a failure carries one of the sandbox's own codes in place of an errno name. */
export const isOwnCode = (code: string): boolean => StringProto.startsWith(code, "ERR_");

/** The error Node shows for a failed system call; a budget or limit of the sandbox keeps its own code and text. */
export function fsError(realm: Realm, cause: SyscallError, subject: Subject): Error {
  const { code, message, sandboxCode } = cause;
  if (isOwnCode(code)) return bindingError("Error", code, message ?? code);
  return uvException(realm, code, subject.syscall, subject.path, subject.dest, sandboxCode);
}

/** Lets an error's stack begin at the caller of `below`, as an error thrown by C++ does. */
export function thrownFrom(error: Error, below: (...args: never[]) => unknown): Error {
  captureStackTrace(error, below);
  return error;
}

type Method = (...args: unknown[]) => unknown;

/** Makes a binding's function of one that may end by `refuse`. */
export function refusing(run: (...args: never[]) => unknown): Method {
  const fn: Method = (...args) => {
    try {
      return reflectApply(run, undefined, args);
    } catch (error) {
      throw error instanceof Refusal ? thrownFrom(error.error, fn) : error;
    }
  };
  return fn;
}

/** An error that came out of the thread pool has no JavaScript stack: its first line is all there is. */
export function withoutStack(error: Error): Error {
  putHidden(error, "stack", `Error: ${error.message}`);
  return error;
}

/** The text of the C library for the errors that `fs.cpSync` reports; it differs from libuv's. */
const STRERROR: Readonly<Record<string, readonly [errno: number, text: string]>> = {
  __proto__: null as never,
  EPERM: [1, "Operation not permitted"],
  ENOENT: [2, "No such file or directory"],
  EIO: [5, "Input/output error"],
  EACCES: [13, "Permission denied"],
  EEXIST: [17, "File exists"],
  EXDEV: [18, "Invalid cross-device link"],
  ENOTDIR: [20, "Not a directory"],
  EISDIR: [21, "Is a directory"],
  EINVAL: [22, "Invalid argument"],
  ENOSPC: [28, "No space left on device"],
  EROFS: [30, "Read-only file system"],
  ENAMETOOLONG: [36, "File name too long"],
  ELOOP: [40, "Too many levels of symbolic links"],
  ENOTSUP: [95, "Operation not supported"],
  EDQUOT: [122, "Disk quota exceeded"],
};

/** The error of a failed `std::filesystem` call, as `node::ErrnoException` makes it (src/api/exceptions.cc). */
export function stdError(realm: Realm, cause: SyscallError, subject: Subject): Error {
  const known = STRERROR[cause.code];
  if (!known) return fsError(realm, cause, subject);
  const { path, syscall } = subject;
  const error = new NativeError(`${cause.code}, ${known[1]} '${path ?? ""}'`);
  putOwn(error, "errno", known[0]);
  putOwn(error, "code", cause.code);
  putOwn(error, "path", path);
  putOwn(error, "syscall", syscall);
  if (cause.sandboxCode !== undefined) putHidden(error, "sandboxCode", cause.sandboxCode);
  return error;
}
