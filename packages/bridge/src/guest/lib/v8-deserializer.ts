import {
  arrayBufferByteLength,
  MapProto,
  SafeMap,
  SetProto,
  sharedArrayBufferByteLength,
  TypedArrayProto,
  typedArrayBuffer,
} from "../primordials.ts";
import { brands } from "./brands.ts";
import { append, putHidden, putOwn } from "./define.ts";
import { Bytes, NativeDate, NativeMap, NativeObject, NativeRegExp, NativeSet, RawBuffer } from "./intrinsics.ts";
import {
  ERROR_TAGS,
  ErrorPart,
  FORMAT_VERSION,
  OLDEST_VERSION,
  REGEXP_FLAGS,
  V8Tag,
  VIEW_TAGS,
  ViewFlag,
} from "./v8-format.ts";
import { V8Reader } from "./v8-reader.ts";

/** What the user of a deserializer decides (`v8::ValueDeserializer::Delegate`). */
export interface DeserializerDelegate {
  readHostObject(): object;
  sharedArrayBuffer(id: number): object;
  /** Throws the error for bytes that are no value. */
  fail(message: string): never;
}

const BAD_DATA = "Unable to deserialize cloned data.";
const BAD_VERSION = "Unable to deserialize cloned data due to invalid or unsupported version.";

type ErrorClass = new () => Error;
const errorClasses: Readonly<Record<string, ErrorClass>> = Object.assign(Object.create(null), {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
});
type ViewClass = new (buffer: ArrayBuffer, offset: number, length?: number) => ArrayBufferView;
const viewClasses: Readonly<Record<string, ViewClass>> = Object.assign(Object.create(null), {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
});
const elementSize = (name: string): number =>
  name === "DataView" ? 1 : ((viewClasses[name] as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT ?? 1);

/** Reads what V8 (or `V8Serializer`) wrote. The bytes may be hostile: they yield a value or an error. */
export class V8Deserializer {
  readonly in: V8Reader;
  version = FORMAT_VERSION;
  readonly #delegate: DeserializerDelegate;
  readonly #objects: unknown[] = [];
  readonly #transferred = new SafeMap<number, object>();

  constructor(bytes: Uint8Array, delegate: DeserializerDelegate) {
    this.#delegate = delegate;
    this.in = new V8Reader(bytes, () => delegate.fail(BAD_DATA));
  }

  header(): boolean {
    if (this.in.peek() !== V8Tag.version) return true;
    this.in.byte();
    this.version = this.in.varint();
    if (this.version > FORMAT_VERSION || this.version < OLDEST_VERSION) this.#delegate.fail(BAD_VERSION);
    return true;
  }

  transferArrayBuffer(id: number, buffer: object): void {
    this.#transferred.set(id, buffer);
  }

  #bad(): never {
    return this.#delegate.fail(BAD_DATA);
  }

  read(): unknown {
    const value = this.#value(this.in.tag());
    // A view stands behind its buffer.
    const isBuffer = typeof value === "object" && value !== null && brands.isAnyArrayBuffer(value);
    return isBuffer && this.in.peek() === V8Tag.view ? this.#view(value as ArrayBuffer) : value;
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
        return id < this.#objects.length ? this.#objects[id] : this.#bad();
      }
      default:
        return this.#object(tag);
    }
  }

  #keep<T>(value: T): T {
    append(this.#objects, value);
    return value;
  }

  #object(tag: number): unknown {
    const input = this.in;
    switch (tag) {
      case V8Tag.object:
        return this.#plain();
      case V8Tag.denseArray:
        return this.#dense();
      case V8Tag.sparseArray:
        return this.#sparse();
      case V8Tag.date:
        return this.#keep(new NativeDate(input.double()));
      case V8Tag.trueObject:
        return this.#keep(NativeObject(true));
      case V8Tag.falseObject:
        return this.#keep(NativeObject(false));
      case V8Tag.numberObject:
        return this.#keep(NativeObject(input.double()));
      case V8Tag.bigintObject:
        return this.#keep(NativeObject(input.bigint()));
      case V8Tag.stringObject:
        return this.#keep(NativeObject(input.string()));
      case V8Tag.regexp:
        return this.#regexp();
      case V8Tag.map:
        return this.#map();
      case V8Tag.set:
        return this.#set();
      case V8Tag.error:
        return this.#error();
      case V8Tag.hostObject:
        return this.#host();
      default:
        return this.#keep(this.#buffer(tag));
    }
  }

  #host(): object {
    // Its number is taken before it is read: objects inside it come later.
    const slot = this.#objects.length;
    append(this.#objects, undefined);
    const object = this.#delegate.readHostObject();
    this.#objects[slot] = object;
    return object;
  }

  #buffer(tag: number): object {
    const input = this.in;
    switch (tag) {
      case V8Tag.arrayBuffer:
        return typedArrayBuffer(input.copy(input.varint()));
      case V8Tag.resizableArrayBuffer: {
        const size = input.varint();
        const max = input.varint();
        if (size > max || size > input.left) this.#bad();
        const buffer = new RawBuffer(size, { maxByteLength: max });
        TypedArrayProto.set(new Bytes(buffer), input.raw(size));
        return buffer;
      }
      case V8Tag.arrayBufferTransfer:
        return this.#transferred.get(input.varint()) ?? this.#bad();
      case V8Tag.sharedArrayBuffer:
        return this.#delegate.sharedArrayBuffer(input.varint());
      default:
        return this.#bad();
    }
  }

  /** Properties up to an end tag; checks their number. */
  #properties(target: object, end: number): void {
    let count = 0;
    while (this.in.peek() !== end) {
      const key = this.read();
      if (typeof key !== "string" && typeof key !== "number") this.#bad();
      putOwn(target, key as string | number, this.read());
      count++;
    }
    this.in.tag();
    if (this.in.varint() !== count) this.#bad();
  }

  #plain(): object {
    const object = this.#keep({});
    this.#properties(object, V8Tag.endObject);
    return object;
  }

  #dense(): unknown[] {
    const length = this.in.varint();
    if (length > this.in.left) this.#bad();
    const list: unknown[] = this.#keep([]);
    for (let i = 0; i < length; i++) {
      if (this.in.peek() === V8Tag.theHole) this.in.tag();
      else putOwn(list, i, this.read());
    }
    list.length = length;
    this.#properties(list, V8Tag.endDenseArray);
    if (this.in.varint() !== length) this.#bad();
    return list;
  }

  #sparse(): unknown[] {
    const length = this.in.varint();
    const list: unknown[] = this.#keep([]);
    this.#properties(list, V8Tag.endSparseArray);
    if (this.in.varint() !== length || list.length > length) this.#bad();
    list.length = length;
    return list;
  }

  #regexp(): RegExp {
    const source = this.in.string();
    const bits = this.in.varint();
    let flags = "";
    let known = 0;
    for (let i = 0; i < REGEXP_FLAGS.length; i++) {
      const flag = REGEXP_FLAGS[i] as (typeof REGEXP_FLAGS)[number];
      known |= flag[1];
      if (bits & flag[1]) flags += flag[0];
    }
    if (bits & ~known) this.#bad();
    try {
      return this.#keep(new NativeRegExp(source, flags));
    } catch {
      return this.#bad();
    }
  }

  #map(): Map<unknown, unknown> {
    const map = this.#keep(new NativeMap<unknown, unknown>());
    let count = 0;
    for (; this.in.peek() !== V8Tag.endMap; count += 2) {
      const key = this.read();
      MapProto.set(map, key, this.read());
    }
    this.in.tag();
    if (this.in.varint() !== count) this.#bad();
    return map;
  }

  #set(): Set<unknown> {
    const set = this.#keep(new NativeSet<unknown>());
    let count = 0;
    for (; this.in.peek() !== V8Tag.endSet; count++) SetProto.add(set, this.read());
    this.in.tag();
    if (this.in.varint() !== count) this.#bad();
    return set;
  }

  #error(): Error {
    const slot = this.#objects.length;
    append(this.#objects, undefined);
    let Class = errorClasses.Error as ErrorClass;
    let message: string | undefined;
    let stack: string | undefined;
    let cause: unknown;
    let hasCause = false;
    for (let part = this.in.tag(); part !== ErrorPart.end; part = this.in.tag()) {
      if (part === ErrorPart.message) message = this.in.string();
      else if (part === ErrorPart.stack) stack = this.in.string();
      else if (part === ErrorPart.cause) {
        cause = this.read();
        hasCause = true;
      } else Class = this.#errorClass(part);
    }
    const error = new Class();
    this.#objects[slot] = error;
    // The stack is the sender's; a fresh one would show this reader.
    putHidden(error, "stack", stack);
    if (message !== undefined) putHidden(error, "message", message);
    if (hasCause) putHidden(error, "cause", cause);
    return error;
  }

  #errorClass(tag: number): ErrorClass {
    for (let i = 0; i < ERROR_TAGS.length; i++) {
      const entry = ERROR_TAGS[i] as (typeof ERROR_TAGS)[number];
      if (entry[1] === tag) return errorClasses[entry[0]] as ErrorClass;
    }
    return this.#bad();
  }

  #view(buffer: ArrayBuffer): ArrayBufferView {
    const input = this.in;
    input.tag();
    const tag = input.varint();
    const offset = input.varint();
    const size = input.varint();
    const flags = this.version >= 14 ? input.varint() : 0;
    const whole = brands.isArrayBuffer(buffer) ? arrayBufferByteLength(buffer) : sharedArrayBufferByteLength(buffer);
    for (let i = 0; i < VIEW_TAGS.length; i++) {
      const entry = VIEW_TAGS[i] as (typeof VIEW_TAGS)[number];
      if (entry[1] !== tag) continue;
      const unit = elementSize(entry[0]);
      if (offset > whole || size > whole - offset || size % unit !== 0 || offset % unit !== 0) this.#bad();
      const View = viewClasses[entry[0]] as ViewClass;
      const tracks = (flags & ViewFlag.lengthTracking) !== 0;
      return this.#keep(tracks ? new View(buffer, offset) : new View(buffer, offset, size / unit));
    }
    return this.#bad();
  }
}
