import { brands } from "../guest/lib/brands.ts";
import { bytesOfView } from "../guest/lib/bytes.ts";
import { append } from "../guest/lib/define.ts";
import { Bytes } from "../guest/lib/intrinsics.ts";
import {
  ArrayProto,
  arrayIsArray,
  BigIntProto,
  DateProto,
  getterOf,
  isArrayBufferView,
  MapProto,
  objectHasOwn,
  objectKeys,
  reflectGetOwnPropertyDescriptor,
  SafeMap,
  SetProto,
  StringProto,
  typedArrayTag,
} from "../guest/primordials.ts";
import { MAX_WIRE_DEPTH, Tag, VIEWS, WIRE_VERSION, WireError } from "./wire-format.ts";
import { WireWriter } from "./wire-writer.ts";

const regExpSource = getterOf<string>(RegExp.prototype, "source");
const regExpFlags = getterOf<string>(RegExp.prototype, "flags");

/** Kinds of objects that would arrive as something else. */
const REFUSED = [
  ["isPromise", "a Promise"],
  ["isWeakMap", "a WeakMap"],
  ["isWeakSet", "a WeakSet"],
  ["isSharedArrayBuffer", "a SharedArrayBuffer"],
  ["isGeneratorObject", "a generator"],
  ["isMapIterator", "an iterator"],
  ["isSetIterator", "an iterator"],
  ["isBoxedPrimitive", "a boxed primitive"],
] as const;

/** Writes one value; `path` names where it stands for the error text. */
export class WireEncoder {
  readonly #out: WireWriter;
  readonly #seen = new SafeMap<object, number>();
  readonly #path: string[] = [];
  readonly #root: string;

  constructor(limit: number, root: string) {
    this.#out = new WireWriter(limit);
    this.#root = root;
  }

  encode(value: unknown): Uint8Array<ArrayBuffer> {
    this.#out.byte(WIRE_VERSION);
    this.#value(value);
    return this.#out.finish();
  }

  #refuse(what: string): never {
    throw new WireError(
      "ERR_SANDBOX_UNCLONEABLE",
      `${this.#where()} is ${what}, which cannot cross the sandbox boundary`,
    );
  }

  #where(): string {
    let text = this.#root;
    for (let i = 0; i < this.#path.length; i++) text += this.#path[i] as string;
    return StringProto.slice(text, 0, 500);
  }

  #at(step: string, value: unknown): void {
    append(this.#path, step);
    if (this.#path.length > MAX_WIRE_DEPTH) {
      throw new WireError("ERR_SANDBOX_PAYLOAD_TOO_LARGE", `value is nested deeper than ${MAX_WIRE_DEPTH} levels`);
    }
    this.#value(value);
    ArrayProto.pop(this.#path);
  }

  #value(value: unknown): void {
    const out = this.#out;
    switch (typeof value) {
      case "undefined":
        out.byte(Tag.undefined);
        return;
      case "boolean":
        out.byte(value ? Tag.true : Tag.false);
        return;
      case "number":
        this.#number(value);
        return;
      case "string":
        out.string(value);
        return;
      case "bigint":
        out.byte(Tag.bigint);
        out.byte(value < 0n ? 1 : 0);
        out.string(BigIntProto.toString(value < 0n ? -value : value, 16));
        return;
      case "object":
        value === null ? out.byte(Tag.null) : this.#object(value);
        return;
      default:
        this.#refuse(`a ${typeof value}`);
    }
  }

  #number(value: number): void {
    // -0 compares equal to its int but must stay a double.
    if ((value | 0) !== value || (value === 0 && 1 / value < 0)) {
      this.#out.byte(Tag.double);
      this.#out.double(value);
      return;
    }
    this.#out.byte(Tag.int);
    this.#out.count(value < 0 ? -value * 2 - 1 : value * 2);
  }

  #object(value: object): void {
    const out = this.#out;
    const seen = this.#seen.get(value);
    if (seen !== undefined) {
      out.byte(Tag.ref);
      out.count(seen);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    if (arrayIsArray(value)) {
      this.#array(value);
      return;
    }
    if (isArrayBufferView(value)) {
      this.#view(value);
      return;
    }
    if (brands.isNativeError(value)) {
      this.#error(value);
      return;
    }
    if (brands.isMap(value)) {
      this.#map(value as Map<unknown, unknown>);
      return;
    }
    if (brands.isSet(value)) {
      this.#set(value as Set<unknown>);
      return;
    }
    if (brands.isDate(value)) {
      out.byte(Tag.date);
      out.double(DateProto.getTime(value as Date));
      return;
    }
    if (brands.isRegExp(value)) {
      out.byte(Tag.regexp);
      out.string(regExpSource(value));
      out.string(regExpFlags(value));
      return;
    }
    if (brands.isArrayBuffer(value)) {
      out.byte(Tag.buffer);
      out.raw(new Bytes(value as ArrayBuffer));
      return;
    }
    for (let i = 0; i < REFUSED.length; i++) {
      const kind = REFUSED[i] as (typeof REFUSED)[number];
      if (brands[kind[0]](value)) this.#refuse(kind[1]);
    }
    this.#record(value as Record<string, unknown>);
  }

  #array(list: readonly unknown[]): void {
    const { length } = list;
    this.#out.byte(Tag.array);
    this.#out.count(length);
    for (let i = 0; i < length; i++) {
      if (objectHasOwn(list, i)) this.#at(`[${i}]`, list[i]);
      else this.#out.byte(Tag.hole);
    }
  }

  #record(record: Record<string, unknown>): void {
    const keys = objectKeys(record);
    this.#out.byte(Tag.object);
    this.#out.count(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      this.#out.string(key);
      this.#at(`.${key}`, record[key]);
    }
  }

  #map(map: Map<unknown, unknown>): void {
    // A getter further down may change the map: its entries are taken first.
    const flat: unknown[] = [];
    MapProto.forEach(map, (value, key) => {
      append(flat, key);
      append(flat, value);
    });
    this.#out.byte(Tag.map);
    this.#out.count(flat.length / 2);
    for (let i = 0; i < flat.length; i += 2) {
      this.#at(".<key>", flat[i]);
      this.#at(".<value>", flat[i + 1]);
    }
  }

  #set(set: Set<unknown>): void {
    const items: unknown[] = [];
    SetProto.forEach(set, (value) => void append(items, value));
    this.#out.byte(Tag.set);
    this.#out.count(items.length);
    for (let i = 0; i < items.length; i++) this.#at(".<item>", items[i]);
  }

  #view(view: ArrayBufferView): void {
    const kind = ArrayProto.indexOf(VIEWS, typedArrayTag(view) ?? "DataView");
    if (kind === -1) this.#refuse("a view of a kind that has no wire format");
    this.#out.byte(Tag.view);
    this.#out.byte(kind);
    this.#out.raw(bytesOfView(view));
  }

  #error(error: object): void {
    const { name, message, code, stack } = error as Record<string, unknown>;
    const out = this.#out;
    out.byte(Tag.error);
    this.#value(typeof name === "string" ? name : "Error");
    this.#value(typeof message === "string" ? message : "");
    this.#value(typeof code === "string" || typeof code === "number" ? code : undefined);
    this.#value(typeof stack === "string" ? stack : undefined);
    this.#own(error, "cause");
    this.#own(error, "errors");
  }

  #own(error: object, key: "cause" | "errors"): void {
    if (reflectGetOwnPropertyDescriptor(error, key) === undefined) this.#out.byte(Tag.hole);
    else this.#at(`.${key}`, (error as Record<string, unknown>)[key]);
  }
}
