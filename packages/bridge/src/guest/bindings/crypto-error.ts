import { ENGINE_ERROR, type EngineError } from "../../contract/crypto.ts";
import { SyscallError } from "../client.ts";
import { putHidden, putOwn } from "../lib/define.ts";
import { NativeError, NativeRangeError, NativeTypeError } from "../lib/intrinsics.ts";
import { jsonParse } from "../primordials.ts";

const MODULES = { crypto: "ERR_SANDBOX_CRYPTO_UNSUPPORTED", tls: "ERR_SANDBOX_TLS_UNSUPPORTED" } as const;

/** What an API throws that the sandbox does not have under any profile. */
export function unsupported(api: string, module: keyof typeof MODULES = "crypto"): Error {
  const error = new NativeError(`${module}.${api} is not supported in sandbox`);
  putOwn(error, "code", MODULES[module]);
  putHidden(error, "module", module);
  putHidden(error, "api", api);
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

/** What a failed syscall is to the program: the engine's error, or one with the sandbox's code. */
export function cryptoError(failure: unknown): unknown {
  if (!(failure instanceof SyscallError)) return failure;
  const { code, sandboxCode, message } = failure;
  if (code === ENGINE_ERROR) return engineError(jsonParse(message ?? '["Error",""]') as EngineError);
  const error = new NativeError(message ?? code);
  putOwn(error, "code", sandboxCode ?? code);
  return error;
}

/** Runs syscalls; a failure is thrown as the error the program sees. */
export function engine<T>(run: () => T): T {
  try {
    return run();
  } catch (failure) {
    throw cryptoError(failure);
  }
}
