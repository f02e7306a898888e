import { bindingError } from "../lib/binding-error.ts";
import { bytesOf } from "../lib/bytes.ts";
import { dataDescriptor, putOwn } from "../lib/define.ts";
import { NativeError, NativeTypeError } from "../lib/intrinsics.ts";
import { noSideEffectsToString } from "../lib/no-side-effects.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { looksNative } from "../lib/proxies.ts";
import { V8Deserializer } from "../lib/v8-deserializer.ts";
import type { V8Reader } from "../lib/v8-reader.ts";
import { V8Serializer } from "../lib/v8-serializer.ts";
import { isWrapper, tellWrappers } from "../lib/wrappers.ts";
import {
  isArrayBufferView,
  objectDefineProperty,
  reflectApply,
  reflectConstruct,
  reflectOwnKeys,
} from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";
import { typeTests } from "./types.ts";

type Method = (...args: unknown[]) => unknown;

/** A method of a subclass that stands in for V8's delegate. */
const hook = (self: object, name: string): Method | undefined => {
  const method = (self as Record<string, unknown>)[name];
  return typeof method === "function" ? (method as Method) : undefined;
};

const inputBytes = (value: unknown): Uint8Array => {
  const bytes = bytesOf(value);
  if (bytes === undefined) {
    throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "source must be a TypedArray or a DataView");
  }
  return bytes;
};

/** A class, and who its objects are. */
interface Made {
  readonly made: NewableFunction;
  readonly isInstance: (value: object) => boolean;
}

function serializerClass(realm: Realm): Made {
  const types = typeTests(realm);
  class Serializer {
    static isInstance = (value: object): boolean => typeof value === "object" && value !== null && #inner in value;
    readonly #inner: V8Serializer;

    constructor() {
      this.#inner = new V8Serializer({
        isHostObject: isWrapper,
        writeHostObject: (object) => {
          const write = hook(this, "_writeHostObject");
          if (!write) {
            throw this.#error("writeHostObject is not implemented");
          }
          reflectApply(write, this, [object]);
        },
        sharedArrayBufferId: (buffer) => {
          const identify = hook(this, "_getSharedArrayBufferId");
          if (!identify) throw this.#error("#<SharedArrayBuffer> could not be cloned.");
          return reflectApply(identify, this, [buffer]) as number;
        },
        cloneError: (message) => this.#error(message),
        types,
        describe: (value) => noSideEffectsToString(value, realm),
      });
    }

    #error(message: string): unknown {
      const ErrorClass = (this as Record<string, unknown>)._getDataCloneError;
      if (typeof ErrorClass !== "function") return new NativeError(message);
      return reflectApply(ErrorClass as Method, this, [message]) ?? new NativeError(message);
    }

    writeHeader(): void {
      this.#inner.header();
    }
    writeValue(value: unknown): boolean {
      this.#inner.write(value);
      return true;
    }
    releaseBuffer(): Uint8Array {
      return asNodeBuffer(realm, this.#inner.out.release());
    }
    transferArrayBuffer(id: number, buffer: object): void {
      this.#inner.transferArrayBuffer(id >>> 0, buffer);
    }
    writeUint32(value: number): void {
      this.#inner.out.varint(value >>> 0);
    }
    writeUint64(high: number, low: number): void {
      this.#inner.out.varint64(high >>> 0, low >>> 0);
    }
    writeDouble(value: number): void {
      this.#inner.out.double(value);
    }
    writeRawBytes(source: unknown): void {
      this.#inner.out.raw(inputBytes(source));
    }
    _setTreatArrayBufferViewsAsHostObjects(value: unknown): void {
      this.#inner.viewsAreHostObjects = value === true;
    }
  }
  return { made: Serializer, isInstance: Serializer.isInstance };
}

function deserializerClass(): Made {
  class Deserializer {
    static isInstance = (value: object): boolean => typeof value === "object" && value !== null && #inner in value;
    readonly #inner: V8Deserializer;

    constructor(buffer: unknown) {
      if (!isArrayBufferView(buffer)) {
        throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "buffer must be a TypedArray or a DataView");
      }
      const bytes = bytesOf(buffer) as Uint8Array;
      putOwn(this, "buffer", buffer);
      this.#inner = new V8Deserializer(bytes, {
        readHostObject: () => {
          const read = hook(this, "_readHostObject");
          if (!read) throw new NativeError("Unable to deserialize cloned data.");
          const value = reflectApply(read, this, []);
          const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
          if (!isObject) throw new NativeTypeError("readHostObject must return an object");
          return value;
        },
        sharedArrayBuffer: (id) => {
          const find = hook(this, "_getSharedArrayBuffer");
          if (!find) throw new NativeError("Unable to deserialize cloned data.");
          return reflectApply(find, this, [id]) as object;
        },
        fail: (message) => {
          throw new NativeError(message);
        },
      });
    }

    readHeader(): boolean {
      return this.#inner.header();
    }
    readValue(): unknown {
      return this.#inner.read();
    }
    getWireFormatVersion(): number {
      return this.#inner.version;
    }
    transferArrayBuffer(id: number, buffer: object): void {
      this.#inner.transferArrayBuffer(id >>> 0, buffer);
    }
    readUint32(): number {
      return this.#read("ReadUint32", (input) => input.varint());
    }
    readUint64(): number[] {
      const halves = this.#read("ReadUint64", (input) => input.varint64());
      return [halves[0], halves[1]];
    }
    readDouble(): number {
      return this.#read("ReadDouble", (input) => input.double());
    }
    /** Skips bytes and says where in the buffer they begin. */
    _readRawBytes(size: number): number {
      const start = this.#inner.in.position;
      this.#read("ReadRawBytes", (input) => input.raw(size));
      return start;
    }
    #read<T>(name: string, read: (input: V8Reader) => T): T {
      const fail = (): never => {
        throw new NativeError(`${name}() failed`);
      };
      return this.#inner.in.orElse(fail, read);
    }
  }
  return { made: Deserializer, isInstance: Deserializer.isInstance };
}

/** The method as Node's C++ has it: enumerable, and for objects of its class only. */
function guarded(method: Method, name: string, isInstance: (value: object) => boolean): Method {
  const { [name]: made } = {
    [name](this: object, ...args: unknown[]) {
      if (!isInstance(this)) throw new NativeTypeError("Illegal invocation");
      return reflectApply(method, this, args);
    },
  } as Record<string, Method>;
  return looksNative(made as Method, name);
}

/** The class with the error of Node's where it is called without `new`. */
function nativeClass({ made: inner, isInstance }: Made, name: string): object {
  const made = function (this: unknown, ...args: unknown[]): object {
    if (new.target) return reflectConstruct(inner, args, new.target) as object;
    const message = `Class constructor ${name} cannot be invoked without 'new'`;
    throw bindingError("TypeError", "ERR_CONSTRUCT_CALL_REQUIRED", message);
  };
  const { prototype } = inner as unknown as { prototype: Record<string, Method> };
  const names = reflectOwnKeys(prototype) as string[];
  for (let i = 0; i < names.length; i++) {
    const method = names[i] as string;
    if (method !== "constructor") putOwn(prototype, method, guarded(prototype[method] as Method, method, isInstance));
  }
  delete (prototype as { constructor?: unknown }).constructor;
  objectDefineProperty(made, "prototype", { value: prototype, writable: false });
  objectDefineProperty(made, "name", dataDescriptor(name, false, false));
  objectDefineProperty(prototype, "constructor", dataDescriptor(made, false));
  return looksNative(made, name);
}

/** `internalBinding('serdes')`: what the `v8` module's Serializer and Deserializer are made from. */
export const install: InstallBinding = (binding: Binding, realm: Realm) => {
  const serializer = serializerClass(realm);
  const deserializer = deserializerClass();
  binding.Serializer = nativeClass(serializer, "Serializer");
  binding.Deserializer = nativeClass(deserializer, "Deserializer");
  tellWrappers(serializer.isInstance);
  tellWrappers(deserializer.isInstance);
};
