import {
  ArrayProto,
  objectDefineProperty,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  StringProto,
  TypedArrayProto,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { dataDescriptor, putHidden } from "./define.ts";
import { Bytes, NativePromise, NativeTypeError } from "./intrinsics.ts";
import { looksNative } from "./proxies.ts";
import type { NativeWebAssembly } from "./wasm-limits.ts";

/** What Node's library reads a response with. */
export type Streaming = (state: object, source: unknown) => void;
type Compiled = (failure: { readonly error: unknown } | undefined, module: object | undefined) => void;

/** Runs one step; an error of V8's names the function the program called. `background`: V8 has no frames to show there. */
function step<T>(from: string, to: string, background: boolean, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (typeof error !== "object" || error === null) throw error;
    const message: unknown = reflectGetOwnPropertyDescriptor(error, "message")?.value;
    if (typeof message !== "string" || !StringProto.startsWith(message, from)) throw error;
    const text = to + StringProto.slice(message, from.length);
    const { name, stack } = error as Error;
    const frames = StringProto.indexOf(stack ?? "", "\n    at ");
    const isBare = background || frames === -1 || StringProto.includes(text, " @+");
    putHidden(error, "message", text);
    putHidden(error, "stack", `${name}: ${text}${isBare ? "" : StringProto.slice(stack as string, frames)}`);
    throw error;
  }
}

const rejected = (error: unknown): Promise<never> => new NativePromise<never>((_, reject) => reject(error));

/** Collects what the library reads from a response, and compiles it at the end (`WasmStreamingObject`, src/node_wasm_web_api.cc). */
function streamState(compile: (bytes: Uint8Array) => object, done: Compiled): object {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    setURL() {},
    push(chunk: ArrayBuffer | Uint8Array) {
      const bytes = TypedArrayProto.slice(new Bytes(chunk as ArrayBuffer));
      size += typedArrayByteLength(bytes);
      ArrayProto.push(chunks, bytes);
    },
    finish() {
      const whole = new Bytes(size);
      let at = 0;
      for (let i = 0; i < chunks.length; i++) {
        TypedArrayProto.set(whole, chunks[i] as Uint8Array, at);
        at += typedArrayByteLength(chunks[i] as Uint8Array);
      }
      try {
        done(undefined, compile(whole));
      } catch (error) {
        done({ error }, undefined);
      }
    },
    abort: (error: unknown) => done({ error }, undefined),
  };
}

const NO_SOURCE = "Argument 0 must be a buffer source or a WebAssembly.Module object";
const MODULE = "WebAssembly.Module(): ";
const INSTANCE = "WebAssembly.Instance(): ";

/**
 * `compile`, `instantiate` and their streaming forms. V8 compiles on threads an isolate does not have here, and would
 * never answer. The work is done at once, the answer comes on a later turn, as it does on Node.
 *
 * @param streaming the library's reader of responses
 */
export function settleAsync(wasm: NativeWebAssembly, realm: Realm, streaming: () => Streaming): void {
  const { Module, Instance } = wasm;
  const modulePrototype = Module.prototype as object;
  const isModule = (value: unknown): value is object => {
    let at = value;
    while (typeof at === "object" && at !== null) {
      at = reflectGetPrototypeOf(at);
      if (at === modulePrototype) return true;
    }
    return false;
  };
  const compileAs = (name: string, bytes: unknown): object =>
    step(MODULE, `WebAssembly.${name}(): `, false, () => new Module(bytes));
  const linkAs = (name: string, module: object, imports: unknown, background: boolean): object =>
    step(INSTANCE, `WebAssembly.${name}(): `, background, () => new Instance(module, imports));
  const later = <T>(run: () => T): Promise<T> =>
    new NativePromise((resolve, reject) =>
      realm.loop.complete(() => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      }),
    );
  const stream = <T>(name: string, source: unknown, use: (module: object) => T): Promise<T> =>
    new NativePromise((resolve, reject) => {
      const done: Compiled = (failure, module) => {
        if (failure) return reject(failure.error);
        try {
          resolve(use(module as object));
        } catch (error) {
          reject(error);
        }
      };
      streaming()(
        streamState((bytes) => compileAs(name, bytes), done),
        source,
      );
    });
  const functions = {
    compile(bytes: unknown) {
      try {
        const module = compileAs("compile", bytes);
        return later(() => module);
      } catch (error) {
        return rejected(error);
      }
    },
    instantiate(source: unknown, imports?: unknown) {
      const name = "instantiate";
      try {
        const isObject = (typeof source === "object" && source !== null) || typeof source === "function";
        if (!isObject) throw new NativeTypeError(`WebAssembly.${name}(): ${NO_SOURCE}`);
        if (isModule(source)) {
          const instance = linkAs(name, source, imports, false);
          return new NativePromise((resolve) => resolve(instance));
        }
        const module = compileAs(name, source);
        return later(() => ({ module, instance: linkAs(name, module, imports, true) }));
      } catch (error) {
        return rejected(error);
      }
    },
    compileStreaming: (source: unknown) => stream("compileStreaming", source, (module) => module),
    instantiateStreaming(source: unknown, imports?: unknown) {
      const name = "instantiateStreaming";
      return stream(name, source, (module) => ({ module, instance: linkAs(name, module, imports, true) }));
    },
  };
  const names = ["compile", "instantiate", "compileStreaming", "instantiateStreaming"] as const;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as (typeof names)[number];
    const fn = looksNative(functions[name], name);
    objectDefineProperty(fn, "length", dataDescriptor(1, false, false));
    objectDefineProperty(wasm, name, dataDescriptor(fn));
  }
}
