import { bytesOf } from "../lib/bytes.ts";
import { decodeBytes, Encoding, parseEncoding } from "../lib/encodings.ts";
import { decodeName, encodeNameBytes } from "../lib/escaped-utf8.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { utf8Decode } from "../lib/utf8.ts";
import { ArrayProto, mathMax, mathMin, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { failure } from "./fs-error.ts";

/** A path as the library hands it on: text, or the bytes of its text. */
export type PathLike = string | Uint8Array;

/** Longest path that goes to the host, characters; what is longer fails as it would at PATH_MAX. */
const MAX_PATH = 16 * 1024;

/** A path as text. A lone surrogate in a string is U+FFFD by the time it is a path; one in the text is an odd byte. */
export function pathText(path: unknown): string {
  if (typeof path === "string") return StringProto.toWellFormed(path);
  const bytes = bytesOf(path);
  return bytes === undefined ? `${path as string}` : decodeName(bytes);
}

/** A path as errors show it. */
export const shownPath = (path: unknown): string => StringProto.toWellFormed(pathText(path));

/** Puts text that is not absolute under a directory, without looking at its dots. */
export const below = (directory: string, text: string): string => {
  if (StringProto.startsWith(text, "/")) return text;
  return StringProto.endsWith(directory, "/") ? directory + text : `${directory}/${text}`;
};

/**
 * A path as the host takes it: absolute, with its dots.
 * @throws SyscallError ENOENT for an empty path, ENAMETOOLONG
 */
export function absolute(realm: Realm, path: unknown): string {
  const text = pathText(path);
  if (text === "") throw failure("ENOENT");
  const whole = below(realm.cwd, text);
  if (whole.length > MAX_PATH) throw failure("ENAMETOOLONG");
  return whole;
}

/** A name or path of the host in the encoding the program asked for: a string, or a Buffer for `buffer`. */
export function encodeName(realm: Realm, text: string, encoding: unknown): string | Uint8Array {
  const known = parseEncoding(encoding);
  if (known === Encoding.utf8 && StringProto.isWellFormed(text)) return text;
  const bytes = encodeNameBytes(text);
  if (known === Encoding.utf8) return utf8Decode(bytes, 0, bytes.length);
  if (known === Encoding.buffer) return asNodeBuffer(realm, bytes);
  return decodeBytes(bytes, 0, bytes.length, known);
}

/** An absolute path without dots and double slashes, by its text alone. */
export function lexical(path: string): string {
  const parts = StringProto.split(path, "/");
  const kept: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part === "..") ArrayProto.pop(kept);
    else if (part !== "" && part !== ".") ArrayProto.push(kept, part);
  }
  return `/${ArrayProto.join(kept, "/")}`;
}

/** The directory part of a path, by its text alone; empty where there is none. */
export function parentText(path: string): string {
  const at = StringProto.lastIndexOf(path, "/");
  return at === 0 ? "/" : StringProto.slice(path, 0, mathMax(at, 0));
}

const lastName = (path: string): string => StringProto.slice(path, StringProto.lastIndexOf(path, "/") + 1);

/**
 * The first directory that a recursive mkdir made, as the part of `given` that leads to it: that is how Node reports
 * it, while the host answers with its canonical path.
 */
export function firstMade(realm: Realm, given: string, made: string): string {
  const name = lastName(made);
  let byName: string | undefined;
  for (let end = 1; end <= given.length; end++) {
    if (end < given.length && given[end] !== "/") continue;
    const prefix = StringProto.slice(given, 0, end);
    const rest = StringProto.slice(given, end);
    const whole = lexical(rest) === "/" && !StringProto.includes(rest, ".") ? given : prefix;
    if (lexical(below(realm.cwd, prefix)) === made) return whole;
    if (lastName(prefix) === name) byName ??= whole;
  }
  return byName ?? made;
}

/** Compares as the bytes of the names compare: what lies past U+FFFF comes after all of the rest. */
function byBytes(left: string, right: string): number {
  const length = mathMin(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = StringProto.charCodeAt(left, i);
    const b = StringProto.charCodeAt(right, i);
    if (a === b) continue;
    const high = (unit: number): number => ((unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit);
    return high(a) - high(b);
  }
  return left.length - right.length;
}

/** One entry of a directory: its name and its UV_DIRENT_* type. */
export type Entry = readonly [name: string, type: number];

/** A listing of the host, sorted as libuv's scandir sorts. */
export function sortedEntries(listing: readonly unknown[]): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < listing.length; i += 2) {
    ArrayProto.push(entries, [listing[i] as string, listing[i + 1] as number]);
  }
  ArrayProto.sort(entries, (a, b) => byBytes((a as Entry)[0], (b as Entry)[0]));
  return entries;
}
