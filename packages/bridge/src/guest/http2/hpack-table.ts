import { append } from "../lib/define.ts";
import { SafeMap } from "../primordials.ts";

/** One header field; names and values are strings of one character a byte. */
export interface Field {
  readonly name: string;
  readonly value: string;
  /** Never to be put into a table, by nobody on the way (RFC 7541 section 7.1.3). */
  readonly sensitive: boolean;
}

/** What an entry takes beside its texts, bytes (RFC 7541 section 4.1). */
const OVERHEAD = 32;

export const fieldSize = (name: string, value: string): number => name.length + value.length + OVERHEAD;

/** Name and value by turns (RFC 7541 appendix A). */
const STATIC: readonly string[] = [
  ...[":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html", ":scheme", "http"],
  ...[":scheme", "https", ":status", "200", ":status", "204", ":status", "206", ":status", "304", ":status", "400"],
  ...[":status", "404", ":status", "500", "accept-charset", "", "accept-encoding", "gzip, deflate"],
  ...["accept-language", "", "accept-ranges", "", "accept", "", "access-control-allow-origin", "", "age", ""],
  ...["allow", "", "authorization", "", "cache-control", "", "content-disposition", "", "content-encoding", ""],
  ...["content-language", "", "content-length", "", "content-location", "", "content-range", "", "content-type", ""],
  ...["cookie", "", "date", "", "etag", "", "expect", "", "expires", "", "from", "", "host", "", "if-match", ""],
  ...["if-modified-since", "", "if-none-match", "", "if-range", "", "if-unmodified-since", "", "last-modified", ""],
  ...["link", "", "location", "", "max-forwards", "", "proxy-authenticate", "", "proxy-authorization", ""],
  ...["range", "", "referer", "", "refresh", "", "retry-after", "", "server", "", "set-cookie", ""],
  ...["strict-transport-security", "", "transfer-encoding", "", "user-agent", "", "vary", "", "via", ""],
  ...["www-authenticate", ""],
];
const STATIC_COUNT = STATIC.length / 2;

/** Of each name its first index, of each name and value theirs. */
interface Places {
  readonly names: SafeMap<string, number>;
  readonly fields: SafeMap<string, number>;
}

let staticPlaces: Places | undefined;

const keyOf = (name: string, value: string): string => `${name}\0${value}`;

function placesOfStatic(): Places {
  if (staticPlaces) return staticPlaces;
  staticPlaces = { names: new SafeMap(), fields: new SafeMap() };
  for (let i = 0; i < STATIC_COUNT; i++) {
    const name = STATIC[2 * i] as string;
    if (!staticPlaces.names.has(name)) staticPlaces.names.set(name, i + 1);
    staticPlaces.fields.set(keyOf(name, STATIC[2 * i + 1] as string), i + 1);
  }
  return staticPlaces;
}

interface Entry {
  readonly name: string;
  readonly value: string;
}

/** Where a field is found. */
export interface Found {
  /** Of a field with its name, 0 where there is none. */
  readonly index: number;
  /** Its value is the same too. */
  readonly isExact: boolean;
}

/** Gaps at the front of the list before it is moved. */
const MAX_GAP = 64;

/** The static and one dynamic table as one list of indexes from 1 (RFC 7541 section 2.3). */
export class FieldTable {
  /** Oldest first; those before `#oldest` are gone. */
  #entries: (Entry | undefined)[] = [];
  #oldest = 0;
  /** Entries ever moved out of `#entries`, so that places stay the same. */
  #moved = 0;
  #size = 0;
  #limit: number;
  readonly #places: Places | undefined;

  /** @param isSearched an encoder looks fields up */
  constructor(limit: number, isSearched: boolean) {
    this.#limit = limit;
    if (isSearched) this.#places = { names: new SafeMap(), fields: new SafeMap() };
  }

  /** Bytes all entries of the dynamic table take. */
  get size(): number {
    return this.#size;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Changes how much the dynamic table may take; what does not fit any more is dropped. */
  resize(limit: number): void {
    this.#limit = limit;
    this.#makeRoom(0);
  }

  get count(): number {
    return STATIC_COUNT + this.#entries.length - this.#oldest;
  }

  /** @param index from 1 to `count` */
  at(index: number): Entry {
    if (index <= STATIC_COUNT) {
      return { name: STATIC[2 * index - 2] as string, value: STATIC[2 * index - 1] as string };
    }
    return this.#entries[this.#entries.length - (index - STATIC_COUNT)] as Entry;
  }

  /** Adds a field; one larger than the table empties it. */
  add(name: string, value: string): void {
    const size = fieldSize(name, value);
    this.#makeRoom(size);
    if (size > this.#limit) return;
    this.#size += size;
    const place = this.#moved + append(this.#entries, { name, value });
    this.#places?.names.set(name, place);
    this.#places?.fields.set(keyOf(name, value), place);
  }

  #makeRoom(size: number): void {
    while (this.#size + size > this.#limit && this.#oldest < this.#entries.length) this.#drop();
    if (this.#oldest < MAX_GAP || this.#oldest * 2 < this.#entries.length) return;
    const kept: Entry[] = [];
    for (let i = this.#oldest; i < this.#entries.length; i++) append(kept, this.#entries[i] as Entry);
    this.#moved += this.#oldest;
    this.#oldest = 0;
    this.#entries = kept;
  }

  #drop(): void {
    const { name, value } = this.#entries[this.#oldest] as Entry;
    const place = this.#moved + this.#oldest;
    this.#entries[this.#oldest++] = undefined;
    this.#size -= fieldSize(name, value);
    const places = this.#places;
    if (places?.names.get(name) === place) places.names.delete(name);
    const key = keyOf(name, value);
    if (places?.fields.get(key) === place) places.fields.delete(key);
  }

  #indexOf(place: number): number {
    return STATIC_COUNT + this.#entries.length + this.#moved - place;
  }

  /** @param nameOnly the value is none of the table's business */
  find(name: string, value: string, nameOnly: boolean): Found {
    const own = this.#places as Places;
    const fixed = placesOfStatic();
    if (!nameOnly) {
      const key = keyOf(name, value);
      const place = own.fields.get(key);
      if (place !== undefined) return { index: this.#indexOf(place), isExact: true };
      const index = fixed.fields.get(key);
      if (index !== undefined) return { index, isExact: true };
    }
    const index = fixed.names.get(name);
    if (index !== undefined) return { index, isExact: false };
    const place = own.names.get(name);
    return { index: place === undefined ? 0 : this.#indexOf(place), isExact: false };
  }
}
