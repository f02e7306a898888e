/** One value of DER (X.690): its tag and content. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

export const DER = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** Longest length field that is looked at: lengths of four bytes. */
const LENGTH_BYTES = 4;

interface Length {
  readonly length: number;
  readonly next: number;
}

/** A definite length in its shortest form, or nothing. */
function readLength(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, next: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > LENGTH_BYTES || at + 1 + count > bytes.length) return undefined;
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + (bytes[at + i] as number);
  const shortest = length >= 0x80 && bytes[at + 1] !== 0;
  return shortest ? { length, next: at + 1 + count } : undefined;
}

/** The values that lie end to end in some bytes; nothing where they are not DER to the last byte. */
export function readDer(bytes: Uint8Array): readonly DerValue[] | undefined {
  const values: DerValue[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] as number;
    const found = readLength(bytes, at + 1);
    if (!found || found.next + found.length > bytes.length) return undefined;
    at = found.next + found.length;
    values.push({ tag, content: bytes.subarray(found.next, at) });
  }
  return values;
}

/** The values inside a sequence. */
export const inSequence = (value: DerValue | undefined): readonly DerValue[] | undefined =>
  value?.tag === DER.sequence ? readDer(value.content) : undefined;

/** An object identifier's content. */
export const oid = (hex: string): Buffer => Buffer.from(hex, "hex");

export const isOid = (value: DerValue | undefined, id: Buffer): boolean =>
  value?.tag === DER.oid && Buffer.compare(value.content, id) === 0;

/** A non-negative integer; Infinity where it is too large to count with, nothing where it is no such integer. */
export function integerOf(value: DerValue | undefined): number | undefined {
  if (value?.tag !== DER.integer || value.content.length === 0) return undefined;
  if ((value.content[0] as number) >= 0x80) return undefined;
  let number = 0;
  for (const byte of value.content) number = number * 256 + byte;
  return Number.isSafeInteger(number) ? number : Number.POSITIVE_INFINITY;
}
