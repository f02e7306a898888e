import {
  arrayIsArray,
  BigIntProto,
  BooleanProto,
  DateProto,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  getterOf,
  isArrayBufferView,
  MapProto,
  NumberProto,
  numberIsInteger,
  objectHasOwn,
  objectKeys,
  reflectApply,
  reflectGetOwnPropertyDescriptor,
  reflectGetPrototypeOf,
  SafeMap,
  SetProto,
  StringProto,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayTag,
} from "../primordials.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";
import { Bytes, ObjectPrototype, ToNumber, ToString } from "./intrinsics.ts";
import { ERROR_TAGS, ErrorPart, FORMAT_VERSION, REGEXP_FLAGS, V8Tag, VIEW_TAGS, ViewFlag } from "./v8-format.ts";
import { V8Writer } from "./v8-writer.ts";

const regExpSource = getterOf<string>(RegExp.prototype, "source");
const regExpFlags = getterOf<string>(RegExp.prototype, "flags");
const isDetached = getterOf<boolean>(ArrayBuffer.prototype, "detached");
const isResizable = getterOf<boolean>(ArrayBuffer.prototype, "resizable");
const maxByteLength = getterOf<number>(ArrayBuffer.prototype, "maxByteLength");
const MAX_INT32 = 0x7fffffff;
const MAX_INDEX = 4294967294;

/** What the user of a serializer decides (`v8::ValueSerializer::Delegate`). */
export interface SerializerDelegate {
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

/** Writes values as V8 does. Getters run; prototypes and property attributes are lost. */
export class V8Serializer {
  readonly out = new V8Writer();
  viewsAreHostObjects = false;
  readonly #delegate: SerializerDelegate;
  readonly #ids = new SafeMap<object, number>();
  readonly #transferred = new SafeMap<object, number>();

  constructor(delegate: SerializerDelegate) {
    this.#delegate = delegate;
  }

  header(): void {
    this.out.tag(V8Tag.version);
    this.out.tag(FORMAT_VERSION);
  }

  transferArrayBuffer(id: number, buffer: object): void {
    this.#transferred.set(buffer, id);
  }

  write(value: unknown): void {
    const { out } = this;
    switch (typeof value) {
      case "undefined":
        out.tag(V8Tag.undefined);
        return;
      case "boolean":
        out.tag(value ? V8Tag.true : V8Tag.false);
        return;
      case "number":
        this.#number(value);
        return;
      case "bigint":
        out.tag(V8Tag.bigint);
        out.bigint(value);
        return;
      case "string":
        out.string(value);
        return;
      case "object":
        value === null ? out.tag(V8Tag.null) : this.#receiver(value);
        return;
      default:
        this.#refuse(value);
    }
  }

  #refuse(value: unknown): never {
    throw this.#delegate.cloneError(`${this.#delegate.describe(value)} could not be cloned.`);
  }

  #number(value: number): void {
    if ((value | 0) === value && !(value === 0 && 1 / value < 0)) {
      this.out.int32(value);
      return;
    }
    this.#double(value);
  }

  #double(value: number): void {
    this.out.tag(V8Tag.double);
    this.out.double(value);
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

  #body(object: object): void {
    const { out } = this;
    if (brands.isProxy(object)) this.#refuse(object);
    if (arrayIsArray(object)) {
      this.#array(object);
      return;
    }
    if (isArrayBufferView(object)) {
      this.viewsAreHostObjects ? this.#host(object) : this.#view(object);
      return;
    }
    if (this.#delegate.isHostObject(object)) {
      this.#host(object);
      return;
    }
    if (brands.isArrayBuffer(object)) {
      this.#arrayBuffer(object as ArrayBuffer);
      return;
    }
    if (brands.isSharedArrayBuffer(object)) {
      const id = this.#delegate.sharedArrayBufferId(object);
      out.tag(V8Tag.sharedArrayBuffer);
      out.varint(id);
      return;
    }
    if (brands.isDate(object)) {
      out.tag(V8Tag.date);
      out.double(DateProto.getTime(object as Date));
      return;
    }
    if (brands.isMap(object)) {
      this.#map(object as Map<unknown, unknown>);
      return;
    }
    if (brands.isSet(object)) {
      this.#set(object as Set<unknown>);
      return;
    }
    if (brands.isRegExp(object)) {
      this.#regexp(object);
      return;
    }
    if (brands.isNativeError(object)) {
      this.#error(object);
      return;
    }
    if (brands.isBoxedPrimitive(object)) {
      this.#boxed(object);
      return;
    }
    if (isUncloneable(object)) this.#refuse(object);
    this.#object(object);
  }

  #host(object: object): void {
    this.out.tag(V8Tag.hostObject);
    this.#delegate.writeHostObject(object);
  }

  #object(object: object): void {
    const keys = objectKeys(object);
    this.out.tag(V8Tag.object);
    const written = this.#properties(object, keys, 0);
    this.out.tag(V8Tag.endObject);
    this.out.varint(written);
  }

  /** Writes the properties that are still there when their turn comes. */
  #properties(object: object, keys: readonly string[], from: number): number {
    let written = 0;
    for (let i = from; i < keys.length; i++) {
      const key = keys[i] as string;
      const value = this.#read(object, key);
      if (value === GONE) continue;
      const index = indexOf(key);
      if (index === -1) this.out.string(key);
      else if (index <= MAX_INT32) this.out.int32(index);
      else this.#double(index);
      this.write(value);
      written++;
    }
    return written;
  }

  #read(object: object, key: string): unknown {
    return objectHasOwn(object, key) ? (object as Record<string, unknown>)[key] : GONE;
  }

  #array(list: readonly unknown[]): void {
    const { length } = list;
    const keys = objectKeys(list);
    const { out } = this;
    if (!isDense(list, keys)) {
      out.tag(V8Tag.sparseArray);
      out.varint(length);
      const written = this.#properties(list, keys, 0);
      out.tag(V8Tag.endSparseArray);
      out.varint(written);
      out.varint(length);
      return;
    }
    out.tag(V8Tag.denseArray);
    out.varint(length);
    const doubles = isDoubles(list);
    for (let i = 0; i < length; i++) {
      if (!objectHasOwn(list, i)) out.tag(V8Tag.theHole);
      else if (doubles) this.#double(list[i] as number);
      else this.write(list[i]);
    }
    const written = this.#properties(list, keys, length);
    out.tag(V8Tag.endDenseArray);
    out.varint(written);
    out.varint(length);
  }

  #map(map: Map<unknown, unknown>): void {
    const flat: unknown[] = [];
    MapProto.forEach(map, (value, key) => {
      append(flat, key);
      append(flat, value);
    });
    this.out.tag(V8Tag.map);
    for (let i = 0; i < flat.length; i++) this.write(flat[i]);
    this.out.tag(V8Tag.endMap);
    this.out.varint(flat.length);
  }

  #set(set: Set<unknown>): void {
    const items: unknown[] = [];
    SetProto.forEach(set, (value) => void append(items, value));
    this.out.tag(V8Tag.set);
    for (let i = 0; i < items.length; i++) this.write(items[i]);
    this.out.tag(V8Tag.endSet);
    this.out.varint(items.length);
  }

  #regexp(object: object): void {
    const flags = regExpFlags(object);
    let bits = 0;
    for (let i = 0; i < REGEXP_FLAGS.length; i++) {
      const flag = REGEXP_FLAGS[i] as (typeof REGEXP_FLAGS)[number];
      if (StringProto.includes(flags, flag[0])) bits |= flag[1];
    }
    this.out.tag(V8Tag.regexp);
    this.out.string(regExpSource(object));
    this.out.varint(bits);
  }

  #boxed(object: object): void {
    const { out } = this;
    if (brands.isNumberObject(object)) {
      out.tag(V8Tag.numberObject);
      out.double(NumberProto.valueOf(object as never));
    } else if (brands.isStringObject(object)) {
      out.tag(V8Tag.stringObject);
      out.string(StringProto.valueOf(object as never));
    } else if (brands.isBooleanObject(object)) {
      out.tag(BooleanProto.valueOf(object as never) ? V8Tag.trueObject : V8Tag.falseObject);
    } else if (brands.isBigIntObject(object)) {
      out.tag(V8Tag.bigintObject);
      out.bigint(BigIntProto.valueOf(object as never));
    } else this.#refuse(object);
  }

  #arrayBuffer(buffer: ArrayBuffer): void {
    const { out } = this;
    const transfer = this.#transferred.get(buffer);
    if (transfer !== undefined) {
      out.tag(V8Tag.arrayBufferTransfer);
      out.varint(transfer);
      return;
    }
    if (isDetached(buffer)) {
      throw this.#delegate.cloneError("An ArrayBuffer is detached and could not be cloned.");
    }
    const bytes = new Bytes(buffer);
    if (isResizable(buffer)) {
      out.tag(V8Tag.resizableArrayBuffer);
      out.varint(bytes.length);
      out.varint(maxByteLength(buffer));
    } else {
      out.tag(V8Tag.arrayBuffer);
      out.varint(bytes.length);
    }
    out.raw(bytes);
  }

  #view(view: ArrayBufferView): void {
    const { out } = this;
    const name = typedArrayTag(view) ?? "DataView";
    let tag = -1;
    for (let i = 0; i < VIEW_TAGS.length; i++) if (VIEW_TAGS[i]?.[0] === name) tag = VIEW_TAGS[i]?.[1] as number;
    if (tag === -1) this.#refuse(view);
    const data = name === "DataView";
    out.tag(V8Tag.view);
    out.varint(tag);
    out.varint(data ? dataViewByteOffset(view) : typedArrayByteOffset(view));
    out.varint(data ? dataViewByteLength(view) : typedArrayByteLength(view));
    const buffer = bufferOf(view);
    const resizable = brands.isArrayBuffer(buffer) && isResizable(buffer);
    out.varint(resizable ? ViewFlag.resizable : 0);
  }

  #error(error: object): void {
    const { out } = this;
    const name = ToString((error as { name?: unknown }).name);
    const message = reflectGetOwnPropertyDescriptor(error, "message");
    const cause = reflectGetOwnPropertyDescriptor(error, "cause");
    out.tag(V8Tag.error);
    for (let i = 0; i < ERROR_TAGS.length; i++) {
      const entry = ERROR_TAGS[i] as (typeof ERROR_TAGS)[number];
      if (entry[0] === name) out.tag(entry[1]);
    }
    if (message !== undefined && objectHasOwn(message, "value")) {
      out.tag(ErrorPart.message);
      out.string(ToString(message.value));
    }
    const { stack } = error as { stack?: unknown };
    if (typeof stack === "string") {
      out.tag(ErrorPart.stack);
      out.string(stack);
    }
    if (cause !== undefined && objectHasOwn(cause, "value")) {
      out.tag(ErrorPart.cause);
      this.write(cause.value);
    }
    out.tag(ErrorPart.end);
  }
}

const GONE = {};

const bufferOf = (view: ArrayBufferView): ArrayBufferLike =>
  typedArrayTag(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);

/** The number of an array index key, or -1. */
function indexOf(key: string): number {
  if (key.length > 10 || StringProto.charCodeAt(key, 0) > 57 || StringProto.charCodeAt(key, 0) < 48) return -1;
  const number = ToNumber(key);
  return numberIsInteger(number) && number <= MAX_INDEX && NumberProto.toString(number) === key ? number : -1;
}

/** Every index is there, before any other key. */
const isDense = (list: readonly unknown[], keys: readonly string[]): boolean =>
  list.length === 0 || (keys.length >= list.length && keys[list.length - 1] === NumberProto.toString(list.length - 1));

/** V8 keeps an array of numbers that are not all small integers as doubles and writes every element as one. */
function isDoubles(list: readonly unknown[]): boolean {
  let fractions = false;
  for (let i = 0; i < list.length; i++) {
    const descriptor = reflectGetOwnPropertyDescriptor(list, i);
    const value = descriptor?.value as unknown;
    if (typeof value !== "number") return false;
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) fractions = true;
  }
  return fractions;
}

/** Objects with state V8 has no tag for. */
const isUncloneable = (object: object): boolean =>
  typeof object === "function" ||
  brands.isPromise(object) ||
  brands.isWeakMap(object) ||
  brands.isWeakSet(object) ||
  brands.isMapIterator(object) ||
  brands.isSetIterator(object) ||
  brands.isGeneratorObject(object) ||
  brands.isArgumentsObject(object) ||
  brands.isModuleNamespaceObject(object) ||
  isOtherKind(object);

const weakRefDeref = WeakRef.prototype.deref;
const arrayIteratorPrototype: object = Object.getPrototypeOf([].values());

function isOtherKind(object: object): boolean {
  const prototype: object | null = reflectGetPrototypeOf(object);
  if (prototype === null || prototype === ObjectPrototype) return false;
  if (prototype === arrayIteratorPrototype) return true;
  try {
    reflectApply(weakRefDeref, object, []);
    return true;
  } catch {
    return false;
  }
}
