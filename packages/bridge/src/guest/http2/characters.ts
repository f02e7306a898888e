import { Bytes } from "../lib/intrinsics.ts";
import { StringProto } from "../primordials.ts";

/** Sets of characters, each a bit: what may stand in a part of a message (RFC 9110, RFC 3986, as nghttp2 reads them). */
const NAME = 1;
const VALUE = 2;
const METHOD = 4;
const PATH = 8;
const AUTHORITY = 16;

const TOKEN_MARKS = "!#$%&'*+-.^_`|~";
const AUTHORITY_MARKS = "!$%&'()*+,-.:;=[]_~";

let table: Uint8Array | undefined;

function makeTable(): Uint8Array {
  const made = new Bytes(256);
  const add = (code: number, sets: number): void => {
    made[code] = (made[code] as number) | sets;
  };
  const addAll = (characters: string, sets: number): void => {
    for (let i = 0; i < characters.length; i++) add(StringProto.charCodeAt(characters, i), sets);
  };
  for (let code = 0x21; code <= 0xff; code++) if (code !== 0x7f) add(code, VALUE | PATH);
  addAll("\t ", VALUE);
  addAll("0123456789abcdefghijklmnopqrstuvwxyz", NAME | METHOD | AUTHORITY);
  addAll("ABCDEFGHIJKLMNOPQRSTUVWXYZ", METHOD | AUTHORITY);
  addAll(TOKEN_MARKS, NAME | METHOD);
  addAll(AUTHORITY_MARKS, AUTHORITY);
  return made;
}

function consistsOf(text: string, set: number, start = 0): boolean {
  table ??= makeTable();
  for (let i = start; i < text.length; i++) {
    if (((table[StringProto.charCodeAt(text, i)] as number) & set) === 0) return false;
  }
  return true;
}

/** A pseudo field's begins with a colon. */
export function isFieldName(name: string): boolean {
  const start = StringProto.charCodeAt(name, 0) === 0x3a ? 1 : 0;
  return name.length > start && consistsOf(name, NAME, start);
}

export const isFieldValue = (value: string): boolean => consistsOf(value, VALUE);
export const isMethod = (value: string): boolean => value.length > 0 && consistsOf(value, METHOD);
export const isPath = (value: string): boolean => consistsOf(value, PATH);
export const isAuthority = (value: string): boolean => consistsOf(value, AUTHORITY);

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** No blank at its beginning or end (RFC 9113 section 8.2.1). */
export const isTrimmed = (value: string): boolean =>
  value.length === 0 ||
  !(isBlank(StringProto.charCodeAt(value, 0)) || isBlank(StringProto.charCodeAt(value, value.length - 1)));

const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** RFC 3986 section 3.1. */
export function isScheme(value: string): boolean {
  if (value.length === 0 || !isLetter(StringProto.charCodeAt(value, 0))) return false;
  for (let i = 1; i < value.length; i++) {
    const code = StringProto.charCodeAt(value, i);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!(isLetter(code) || isDigit || code === 0x2b || code === 0x2d || code === 0x2e)) return false;
  }
  return true;
}
