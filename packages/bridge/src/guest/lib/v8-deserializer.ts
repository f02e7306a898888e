import { SafeMap } from "../primordials.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";
import { FORMAT_VERSION, OLDEST_VERSION, V8Tag } from "./v8-format.ts";
import { readBoxed, readDate, readRegExp } from "./v8-read-builtins.ts";
import { readMap, readSet } from "./v8-read-collections.ts";
import { readError } from "./v8-read-errors.ts";
import { readDenseArray, readObject, readSparseArray } from "./v8-read-objects.ts";
import { readArrayBuffer, readResizableArrayBuffer, readView } from "./v8-read-views.ts";
import { V8Reader } from "./v8-reader.ts";
import type { ValueReader } from "./v8-values.ts";

/** What the user of a deserializer decides (`v8::ValueDeserializer::Delegate`). */
export interface DeserializerDelegate {
  readHostObject(): object;
  sharedArrayBuffer(id: number): object;
  /** Throws the error for bytes that are no value. */
  fail(message: string): never;
}

const BAD_DATA = "Unable to deserialize cloned data.";
const BAD_VERSION = "Unable to deserialize cloned data due to invalid or unsupported version.";

/**
 * Reads what V8 (or `V8Serializer`) wrote: keeps the numbers of objects and finds the reader for each tag
 * (`v8-read-*.ts`). The bytes may be hostile: they yield a value or an error.
 */
export class V8Deserializer implements ValueReader {
  readonly in: V8Reader;
  /** As the header said; none has been read. */
  version = 0;
  readonly #delegate: DeserializerDelegate;
  readonly #objects: unknown[] = [];
  readonly #transferred = new SafeMap<number, object>();

  constructor(bytes: Uint8Array, delegate: DeserializerDelegate) {
    this.#delegate = delegate;
    this.in = new V8Reader(bytes, () => delegate.fail(BAD_DATA));
  }

  /**
   * Reads the version.
   * @throws the delegate's error where there is none, or one with other rules
   */
  header(): boolean {
    const refuse = (): never => this.#delegate.fail(BAD_VERSION);
    this.in.orElse(refuse, (input) => {
      if (input.byte() !== V8Tag.version) refuse();
      this.version = input.varint();
    });
    if (this.version > FORMAT_VERSION || this.version < OLDEST_VERSION) refuse();
    return true;
  }

  /** Says which buffer was transferred under a number. */
  transferArrayBuffer(id: number, buffer: object): void {
    this.#transferred.set(id, buffer);
  }

  /**
   * Reads the next value and all it refers to.
   * @throws the delegate's error for bytes that are no value
   */
  read(): unknown {
    const value = this.#value(this.in.tag());
    // A view stands behind its buffer.
    const isBuffer = typeof value === "object" && value !== null && brands.isAnyArrayBuffer(value);
    return isBuffer && this.in.peek() === V8Tag.view ? readView(this, value as ArrayBuffer) : value;
  }

  keep<T>(object: T): T {
    append(this.#objects, object);
    return object;
  }

  reserve(): number {
    return append(this.#objects, undefined);
  }

  settle(id: number, object: object): void {
    this.#objects[id] = object;
  }

  bad(): never {
    return this.#delegate.fail(BAD_DATA);
  }

  #value(tag: number): unknown {
    const input = this.in;
    switch (tag) {
      case V8Tag.verifyObjectCount:
        input.varint();
        return this.read();
      case V8Tag.undefined:
        return undefined;
      case V8Tag.null:
        return null;
      case V8Tag.true:
        return true;
      case V8Tag.false:
        return false;
      case V8Tag.int32:
        return input.int32();
      case V8Tag.uint32:
        return input.varint();
      case V8Tag.double:
        return input.double();
      case V8Tag.bigint:
        return input.bigint();
      case V8Tag.oneByteString:
      case V8Tag.twoByteString:
      case V8Tag.utf8String:
        return input.string(tag);
      case V8Tag.reference: {
        const id = input.varint();
        return id < this.#objects.length ? this.#objects[id] : this.bad();
      }
      default:
        return this.#object(tag);
    }
  }

  /** Objects that may hold others take their number before those are read. */
  #object(tag: number): unknown {
    switch (tag) {
      case V8Tag.object:
        return readObject(this);
      case V8Tag.denseArray:
        return readDenseArray(this);
      case V8Tag.sparseArray:
        return readSparseArray(this);
      case V8Tag.regexp:
        return readRegExp(this);
      case V8Tag.map:
        return readMap(this);
      case V8Tag.set:
        return readSet(this);
      case V8Tag.error:
        return readError(this);
      case V8Tag.hostObject:
        return this.#host();
      case V8Tag.date:
        return this.keep(readDate(this.in));
      default:
        return this.keep(readBoxed(this.in, tag) ?? this.#buffer(tag));
    }
  }

  #host(): object {
    const id = this.reserve();
    const object = this.#delegate.readHostObject();
    this.settle(id, object);
    return object;
  }

  #buffer(tag: number): object {
    switch (tag) {
      case V8Tag.arrayBuffer:
        return readArrayBuffer(this);
      case V8Tag.resizableArrayBuffer:
        return readResizableArrayBuffer(this);
      case V8Tag.arrayBufferTransfer:
        return this.#transferred.get(this.in.varint()) ?? this.bad();
      case V8Tag.sharedArrayBuffer:
        return this.#delegate.sharedArrayBuffer(this.in.varint());
      default:
        return this.bad();
    }
  }
}
