import { ENGINE_ERROR, type EngineError } from "../../contract/crypto.ts";
import { SyscallError } from "../client.ts";
import { putHidden, putOwn } from "../lib/define.ts";
import { NativeError, NativeRangeError, NativeTypeError } from "../lib/intrinsics.ts";
import { ErrorProto, jsonParse } from "../primordials.ts";

const { captureStackTrace } = NativeError;

/** A function of the binding: what the library called, and so the first frame a program must not see. */
export type Below = ((...args: never[]) => unknown) | (new (...args: never[]) => unknown);

const MODULES = { crypto: "ERR_SANDBOX_CRYPTO_UNSUPPORTED", tls: "ERR_SANDBOX_TLS_UNSUPPORTED" } as const;

/** Counts an error's frames from the caller of `below`, so that ours do not use up `Error.stackTraceLimit`. */
export function seenFrom(error: unknown, below: Below): unknown {
  if (error instanceof NativeError) captureStackTrace(error, below);
  return error;
}

/** What an API throws that the sandbox does not have under any profile. */
export function unsupported(api: string, below: Below, module: keyof typeof MODULES = "crypto"): Error {
  const error = new NativeError(`${module}.${api} is not supported in sandbox`);
  putOwn(error, "code", MODULES[module]);
  putHidden(error, "module", module);
  putHidden(error, "api", api);
  captureStackTrace(error, below);
  return error;
}

const classOf = (kind: unknown): ErrorConstructor => {
  if (kind === "TypeError") return NativeTypeError;
  return kind === "RangeError" ? NativeRangeError : NativeError;
};

/** The error of Node's engine, as the host described it. */
function engineError(described: EngineError): Error {
  const Class = classOf(described[0]);
  const error = new Class(described[1]);
  for (let i = 2; i + 1 < described.length; i += 2) putOwn(error, described[i] as string, described[i + 1]);
  return error;
}

/** The same from its JSON, made when no JavaScript runs: its stack is its first line. */
export function errorOf(described: string): Error {
  const error = engineError(jsonParse(described) as EngineError);
  putHidden(error, "stack", ErrorProto.toString(error));
  return error;
}

/** What a failed syscall is to the program: the engine's error, or one with the sandbox's code. */
export function cryptoError(failure: unknown): unknown {
  if (!(failure instanceof SyscallError)) return failure;
  const { code, sandboxCode, message } = failure;
  if (code === ENGINE_ERROR) return engineError(jsonParse(message ?? '["Error",""]') as EngineError);
  const error = new NativeError(message ?? code);
  putOwn(error, "code", sandboxCode ?? code);
  return error;
}

/** Runs syscalls for a function of the binding; a failure is thrown as the error the program sees. */
export function engine<T>(below: Below, run: () => T): T {
  try {
    return run();
  } catch (failure) {
    throw seenFrom(cryptoError(failure), below);
  }
}
