import { arrayIsArray, isArrayBufferView, SafeMap } from "../primordials.ts";
import type { BrandName } from "./brands.ts";
import { FORMAT_VERSION, V8Tag } from "./v8-format.ts";
import { isUncloneable } from "./v8-uncloneable.ts";
import type { ValueWriter } from "./v8-values.ts";
import { writeBoxed, writeDate, writeRegExp } from "./v8-write-builtins.ts";
import { writeMap, writeSet } from "./v8-write-collections.ts";
import { writeError } from "./v8-write-errors.ts";
import { writeArray, writeObject } from "./v8-write-objects.ts";
import { writePrimitive } from "./v8-write-primitives.ts";
import { bufferOf, writeArrayBuffer, writeSharedArrayBuffer, writeView } from "./v8-write-views.ts";
import { V8Writer } from "./v8-writer.ts";

/** What the user of a serializer decides (`v8::ValueSerializer::Delegate`). */
export interface SerializerDelegate {
  /** Tells the kinds of objects apart without running code of theirs, as far as that can be done. */
  readonly types: Readonly<Record<BrandName, (value: unknown) => boolean>>;
  /** The object is not V8's to write. */
  isHostObject(object: object): boolean;
  writeHostObject(object: object): void;
  /** The number of a SharedArrayBuffer; throws where they cannot be passed on. */
  sharedArrayBufferId(buffer: object): number;
  /** The error to throw for a value that cannot be cloned. */
  cloneError(message: string): unknown;
  /** V8's text for a value in an error. */
  describe(value: unknown): string;
}

/**
 * Writes values as V8 does: gives objects their numbers and finds the writer of each kind (`v8-write-*.ts`). Getters
 * run; prototypes and property attributes are lost.
 */
export class V8Serializer implements ValueWriter {
  readonly out = new V8Writer();
  viewsAreHostObjects = false;
  readonly #delegate: SerializerDelegate;
  readonly #ids = new SafeMap<object, number>();
  readonly #transferred = new SafeMap<object, number>();

  constructor(delegate: SerializerDelegate) {
    this.#delegate = delegate;
  }

  /** Writes the version, which comes before the first value. */
  header(): void {
    this.out.tag(V8Tag.version);
    this.out.tag(FORMAT_VERSION);
  }

  /** Has a buffer written as this number from now on, without its bytes. */
  transferArrayBuffer(id: number, buffer: object): void {
    this.#transferred.set(buffer, id);
  }

  /**
   * Writes a value and all it refers to.
   * @throws the delegate's error for a value that cannot be cloned, and what getters throw
   */
  write(value: unknown): void {
    if (writePrimitive(this.out, value)) return;
    if (typeof value === "object") this.#receiver(value as object);
    else this.refuse(value);
  }

  refuse(value: unknown): never {
    this.fail(`${this.#delegate.describe(value)} could not be cloned.`);
  }

  fail(message: string): never {
    throw this.#delegate.cloneError(message);
  }

  #receiver(object: object): void {
    // A view's buffer is written first and takes the lower number.
    if (!this.viewsAreHostObjects && isArrayBufferView(object) && !this.#ids.has(object)) {
      this.#numbered(bufferOf(object));
    }
    this.#numbered(object);
  }

  #numbered(object: object): void {
    const known = this.#ids.get(object);
    if (known !== undefined) {
      this.out.tag(V8Tag.reference);
      this.out.varint(known);
      return;
    }
    this.#ids.set(object, this.#ids.size);
    this.#body(object);
  }

  /** Writes an object met for the first time. A kind is told by brand, never by what the object says of itself. */
  #body(object: object): void {
    const { types } = this.#delegate;
    if (types.isProxy(object)) this.refuse(object);
    if (arrayIsArray(object)) writeArray(this, object);
    else if (isArrayBufferView(object)) this.viewsAreHostObjects ? this.#host(object) : writeView(this, object);
    else if (types.isArrayBuffer(object)) {
      writeArrayBuffer(this, object as ArrayBuffer, this.#transferred.get(object));
    } else if (types.isSharedArrayBuffer(object)) {
      writeSharedArrayBuffer(this, this.#delegate.sharedArrayBufferId(object));
    } else if (types.isDate(object)) writeDate(this, object as Date);
    else if (types.isMap(object)) writeMap(this, object as Map<unknown, unknown>);
    else if (types.isSet(object)) writeSet(this, object as Set<unknown>);
    else if (types.isRegExp(object)) writeRegExp(this, object);
    else if (this.#delegate.isHostObject(object)) this.#host(object);
    else if (types.isNativeError(object)) writeError(this, object);
    else if (types.isBoxedPrimitive(object)) writeBoxed(this, object);
    else if (isUncloneable(object, types)) this.refuse(object);
    else writeObject(this, object);
  }

  #host(object: object): void {
    this.out.tag(V8Tag.hostObject);
    this.#delegate.writeHostObject(object);
  }
}
