import { latin1Write } from "../lib/latin1.ts";
import { mathMin } from "../primordials.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type Field, FieldTable, fieldSize } from "./hpack-table.ts";
import { huffmanEncode, huffmanSize } from "./huffman.ts";

/** How a literal begins: its first bits and the bits left for an index (RFC 7541 section 6). */
const Literal = {
  indexed: { mark: 0x40, prefix: 6 },
  plain: { mark: 0x00, prefix: 4 },
  never: { mark: 0x10, prefix: 4 },
} as const;
type LiteralKind = (typeof Literal)[keyof typeof Literal];

const DEFAULT_LIMIT = 4096;
/** A short cookie can be guessed from the sizes of what a table makes of it. */
const SHORT_COOKIE = 20;

/** Names whose values rarely come twice. */
const UNSTABLE: Readonly<Record<string, true | undefined>> = {
  __proto__: null as never,
  ":path": true,
  age: true,
  "content-length": true,
  etag: true,
  "if-modified-since": true,
  "if-none-match": true,
  location: true,
  "set-cookie": true,
};

/** Makes blocks of header fields (RFC 7541), with the choices nghttp2 makes: the bytes are the same. */
export class FieldEncoder {
  readonly #table: FieldTable;
  /** Most the dynamic table may take, whatever the other side allows. */
  readonly #maximum: number;
  /** The other side is to be told of a new limit, and of the smallest there was meanwhile. */
  #isResized: boolean;
  #smallest = Number.POSITIVE_INFINITY;

  constructor(maximum: number) {
    this.#maximum = maximum;
    this.#table = new FieldTable(mathMin(maximum, DEFAULT_LIMIT), true);
    this.#isResized = maximum < DEFAULT_LIMIT;
  }

  get tableSize(): number {
    return this.#table.size;
  }

  /** The other side has said how large a table it keeps. */
  resize(limit: number): void {
    const next = mathMin(limit, this.#maximum);
    this.#smallest = mathMin(this.#smallest, next);
    this.#isResized = true;
    this.#table.resize(next);
  }

  encode(fields: readonly Field[]): Uint8Array {
    const out = new ByteWriter(256);
    if (this.#isResized) {
      const { limit } = this.#table;
      if (this.#smallest < limit) writeInteger(out, 0x20, 5, this.#smallest);
      writeInteger(out, 0x20, 5, limit);
      this.#isResized = false;
      this.#smallest = Number.POSITIVE_INFINITY;
    }
    for (let i = 0; i < fields.length; i++) this.#encodeField(out, fields[i] as Field);
    return out.written();
  }

  #kindOf({ name, value, sensitive }: Field): LiteralKind {
    if (sensitive || name === "authorization" || (name === "cookie" && value.length < SHORT_COOKIE)) {
      return Literal.never;
    }
    const isLarge = fieldSize(name, value) > (this.#table.limit * 3) / 4;
    return isLarge || UNSTABLE[name] ? Literal.plain : Literal.indexed;
  }

  #encodeField(out: ByteWriter, field: Field): void {
    const { name, value } = field;
    const kind = this.#kindOf(field);
    const { index, isExact } = this.#table.find(name, value, kind === Literal.never);
    if (isExact) {
      writeInteger(out, 0x80, 7, index);
      return;
    }
    writeInteger(out, kind.mark, kind.prefix, index);
    if (index === 0) writeText(out, name);
    writeText(out, value);
    if (kind === Literal.indexed) this.#table.add(name, value);
  }
}

/** An integer that begins in the last bits of a byte (RFC 7541 section 5.1). */
function writeInteger(out: ByteWriter, mark: number, prefix: number, value: number): void {
  const most = (1 << prefix) - 1;
  if (value < most) {
    out.byte(mark | value);
    return;
  }
  out.byte(mark | most);
  let rest = value - most;
  for (; rest >= 0x80; rest = (rest - (rest % 0x80)) / 0x80) out.byte((rest % 0x80) | 0x80);
  out.byte(rest);
}

function writeText(out: ByteWriter, text: string): void {
  const packed = huffmanSize(text);
  const isPacked = packed < text.length;
  const size = isPacked ? packed : text.length;
  writeInteger(out, isPacked ? 0x80 : 0, 7, size);
  const at = out.reserve(size);
  if (isPacked) huffmanEncode(text, out.memory, at);
  else latin1Write(out.memory, text, at, size);
}
