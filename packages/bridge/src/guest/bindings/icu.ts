import { bytesOfView, exactCopy } from "../lib/bytes.ts";
import { decodeBytes, Encoding, encodeString } from "../lib/encodings.ts";
import { implement } from "../lib/implement.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { Utf8Stream } from "../lib/utf8-stream.ts";
import { stringWidth } from "../lib/width.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { decoderInput, invalidData } from "./encoding-binding.ts";

/** Flags of lib/internal/encoding.js. */
const FLUSH = 1;
const FATAL = 2;
const IGNORE_BOM = 4;

/** U_ILLEGAL_ARGUMENT_ERROR of ICU, for encodings `transcode` does not know. */
const ILLEGAL_ARGUMENT = 1;

/** A decoder object as the library holds it. Host decoders exist only while a stream is open. */
class Converter {
  readonly #realm: Realm;
  readonly #label: string;
  readonly #flags: number;
  readonly #utf8: Utf8Stream | undefined;
  #host = -1;

  constructor(realm: Realm, label: string, flags: number) {
    this.#realm = realm;
    this.#label = label;
    this.#flags = flags;
    const utf8 = label === "utf-8" || label === "utf8";
    this.#utf8 = utf8 ? new Utf8Stream((flags & FATAL) !== 0, (flags & IGNORE_BOM) !== 0) : undefined;
  }

  decode(bytes: Uint8Array, flush: boolean): string | undefined {
    if (this.#utf8 !== undefined) return this.#utf8.decode(bytes, flush);
    const { text } = this.#realm.sys;
    if (this.#host === -1) {
      this.#host = text.openDecoder(this.#label, (this.#flags & FATAL) !== 0, (this.#flags & IGNORE_BOM) !== 0);
    }
    const decoded = text.decode(this.#host, exactCopy(bytes), !flush);
    if (flush || decoded === undefined) {
      text.closeDecoder(this.#host);
      this.#host = -1;
    }
    return decoded;
  }
}

function transcodable(name: string): Encoding | undefined {
  switch (StringProto.toLowerCase(name)) {
    case "ascii":
      return Encoding.ascii;
    case "latin1":
    case "binary":
      return Encoding.latin1;
    case "ucs2":
    case "ucs-2":
    case "utf16le":
    case "utf-16le":
      return Encoding.ucs2;
    case "utf8":
    case "utf-8":
      return Encoding.utf8;
    default:
      return undefined;
  }
}

/** Characters the narrow encoding lacks become `?`. */
function narrow(text: string, most: number): Uint8Array {
  const bytes = new Bytes(text.length);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = StringProto.codePointAt(text, i) as number;
    if (point > 0xffff) i++;
    bytes[at++] = point > most ? 0x3f : point;
  }
  return exactCopy(bytes, 0, at);
}

function transcode(realm: Realm, source: ArrayBufferView, from: string, to: string): unknown {
  const input = transcodable(from);
  const output = transcodable(to);
  if (input === undefined || output === undefined) return ILLEGAL_ARGUMENT;
  const bytes = bytesOfView(source);
  const text = decodeBytes(bytes, 0, bytes.length, input === Encoding.ascii ? Encoding.latin1 : input);
  const result =
    output === Encoding.ascii
      ? narrow(text, 0x7f)
      : output === Encoding.latin1
        ? narrow(text, 0xff)
        : encodeString(text, output);
  return asNodeBuffer(realm, result);
}

export const install: InstallBinding = (binding, realm) => {
  implement(binding, {
    hasConverter: (label: string) => realm.sys.text.hasDecoder(label),
    getConverter(label: string, flags: number) {
      const known = label === "utf-8" || label === "utf8" || realm.sys.text.hasDecoder(label);
      return known ? new Converter(realm, label, flags) : undefined;
    },
    decode(converter: Converter, value: unknown, flags: number, encoding: string) {
      const text = converter.decode(decoderInput(value), (flags & FLUSH) !== 0);
      if (text === undefined) throw invalidData(encoding);
      return text;
    },
    icuErrName: (code: number) => (code === ILLEGAL_ARGUMENT ? "U_ILLEGAL_ARGUMENT_ERROR" : "U_ZERO_ERROR"),
    transcode: (source: ArrayBufferView, from: string, to: string) => transcode(realm, source, from, to),
    getStringWidth: (text: string, _ambiguousFull?: boolean, expandEmoji?: boolean) =>
      stringWidth(text, expandEmoji !== false),
  });
};
