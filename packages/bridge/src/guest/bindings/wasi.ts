import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { append, dataDescriptor, putOwn } from "../lib/define.ts";
import { Bytes, NativeError } from "../lib/intrinsics.ts";
import { looksNative } from "../lib/proxies.ts";
import { utf8Encode } from "../lib/utf8.ts";
import { wasmMemoryBuffer } from "../lib/wasm-objects.ts";
import { tellWrappers } from "../lib/wrappers.ts";
import { objectDefineProperty, objectKeys, reflectApply, StringProto, TypedArrayProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { argumentsOf, type WasiCall, type WasiCalls, type WasiSystem } from "../wasi/call.ts";
import { DescriptorTable } from "../wasi/descriptors.ts";
import { errnoNumber, SUCCESS } from "../wasi/errno.ts";
import { fileCalls } from "../wasi/file-calls.ts";
import { ProgramMemory } from "../wasi/memory.ts";
import { pathCalls } from "../wasi/path-calls.ts";
import { pollCalls } from "../wasi/poll-calls.ts";
import { programCalls } from "../wasi/program-calls.ts";
import { socketCalls } from "../wasi/socket-calls.ts";
import { fsError, isOwnCode } from "./fs-error.ts";

const calls: WasiCalls = { ...programCalls, ...fileCalls, ...pathCalls, ...pollCalls, ...socketCalls };

/** A text as C has it: to its first NUL. */
function cText(text: string): string {
  const end = StringProto.indexOf(text, "\0");
  return end < 0 ? text : StringProto.slice(text, 0, end);
}

/** The same as bytes, with the NUL. */
function cString(text: string): Uint8Array {
  const bytes = utf8Encode(cText(text));
  const whole = new Bytes(bytes.length + 1);
  TypedArrayProto.set(whole, bytes, 0);
  return whole;
}

function cStrings(texts: readonly string[]): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let i = 0; i < texts.length; i++) append(all, cString(texts[i] as string));
  return all;
}

/** The error of a system that could not be set up (`WASIException` of src/node_wasi.cc). */
function setUpError(realm: Realm, cause: SyscallError): Error {
  if (isOwnCode(cause.code)) return fsError(realm, cause, { syscall: "uvwasi_init" });
  const code = `UVWASI_${cause.code}`;
  const error = new NativeError(`${code}, uvwasi_init`);
  putOwn(error, "errno", errnoNumber(cause.code));
  putOwn(error, "code", code);
  putOwn(error, "syscall", "uvwasi_init");
  return error;
}

/** Sets up what a program runs on. */
function systemOf(
  realm: Realm,
  args: readonly string[],
  env: readonly string[],
  preopens: readonly string[],
  stdio: readonly number[],
): WasiSystem {
  const table = new DescriptorTable(realm);
  try {
    for (let i = 0; i < stdio.length; i++) table.addStream(stdio[i] as number);
    for (let i = 0; i < preopens.length; i += 2) {
      table.addPreopen(cText(preopens[i] as string), cText(preopens[i + 1] as string));
    }
  } catch (error) {
    throw error instanceof SyscallError ? setUpError(realm, error) : error;
  }
  return { args: cStrings(args), env: cStrings(env), table };
}

/** Runs a call of the program. -> what it gets: an errno; nothing for what does not return */
function answer(
  realm: Realm,
  call: WasiCall,
  system: WasiSystem,
  memory: ProgramMemory,
  args: readonly unknown[],
): number {
  const all: unknown[] = [system, memory];
  for (let i = 0; i < args.length; i++) append(all, args[i]);
  try {
    reflectApply(call.run, undefined, all as never[]);
    return SUCCESS;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    // A limit of the sandbox is no errno: the host program hears of it.
    if (isOwnCode(error.code)) throw fsError(realm, error, { syscall: "wasi" });
    return errnoNumber(error.code);
  }
}

/**
 * Does what the C++ side of each function does before and after.
 * @throws ERR_WASI_NOT_STARTED
 */
function dispatch(
  realm: Realm,
  call: WasiCall,
  state: State | undefined,
  given: readonly unknown[],
): number | undefined {
  const args = argumentsOf(call, given);
  if (args === undefined) return errnoNumber("EINVAL");
  if (state === undefined) return undefined;
  const buffer = state.memory && wasmMemoryBuffer(state.memory);
  if (!buffer) throw bindingError("Error", "ERR_WASI_NOT_STARTED", "wasi.start() has not been called");
  return answer(realm, call, state.system, new ProgramMemory(buffer), args);
}

/** What a `WASI` object stands for. */
interface State {
  readonly system: WasiSystem;
  /** The program's WebAssembly.Memory, once it was started. */
  readonly memory: object | undefined;
}

/** `internalBinding('wasi')` (src/node_wasi.cc): WASI on the files of the sandbox, wholly in the guest. */
export const install: InstallBinding = (binding, realm) => {
  let stateOf: ((object: object) => State | undefined) | undefined;

  class WASI {
    readonly #system: WasiSystem;
    #memory: object | undefined;

    static {
      tellWrappers((object) => #system in object);
      stateOf = (object) => (#system in object ? { system: object.#system, memory: object.#memory } : undefined);
    }

    constructor(args: string[], env: string[], preopens: string[], stdio: number[]) {
      this.#system = systemOf(realm, args, env, preopens, stdio);
      const _setMemory = (memory: unknown): void => {
        if (wasmMemoryBuffer(memory) === undefined) {
          const message = '"instance.exports.memory" property must be a WebAssembly.Memory object';
          throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", message);
        }
        this.#memory = memory as object;
      };
      objectDefineProperty(_setMemory, "name", dataDescriptor("_setMemory", false, false));
      putOwn(this, "_setMemory", looksNative(_setMemory, "_setMemory"));
    }
  }
  // In the order of Node's own class.
  const names = objectKeys((binding["WASI"] as { readonly prototype: object }).prototype);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const call = calls[name];
    if (!call) continue;
    const { [name]: method } = {
      [name](this: unknown, ...args: unknown[]) {
        const state = typeof this === "object" && this !== null ? stateOf?.(this) : undefined;
        return dispatch(realm, call, state, args);
      },
    };
    objectDefineProperty(method as object, "length", dataDescriptor(call.params.length, false, false));
    putOwn(WASI.prototype, name, looksNative(method as object, name));
  }
  binding["WASI"] = WASI;
};
