import { openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Where a library module stands in `sources.txt`, and how long the wrapper before its first character is. */
type Span = readonly [offset: number, length: number, prefix: number];

/** Facts about the Node whose library this is. */
export interface Facts {
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly builtinIds: readonly string[];
  /** Described as library/extract.cjs does. */
  readonly cliOptionsInfo: unknown;
  /** errno, name and text of every system error. */
  readonly errorMap: unknown;
}

/** The parts of the library that are not code. */
interface Shape {
  /** What each internal binding has, by its name. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly facts: Facts;
}

/** One compiled-to-be library module: a function expression, and the columns its wrapper takes. */
export interface LibrarySource {
  readonly code: string;
  readonly prefix: number;
}

/**
 * Node's library as the build left it in `dist/library`. A cell starts with all of it in the snapshot or unused, so only
 * the index is read at once; sources are read from the file one by one, the rest when it is asked for.
 */
export class Library {
  readonly #directory: string;
  readonly #index: Readonly<Record<string, Span>>;
  /** Descriptor of the sources, open as long as the process: a build that replaces the file changes nothing here. */
  readonly #sources: number;
  #shape: Shape | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#sources = openSync(path.join(directory, "sources.txt"), "r");
    this.#index = JSON.parse(this.#read("index.json")) as Record<string, Span>;
  }

  #read(name: string): string {
    return readFileSync(path.join(this.#directory, name), "latin1");
  }

  get #facts(): Shape {
    this.#shape ??= JSON.parse(this.#read("manifest.json")) as Shape;
    return this.#shape;
  }

  get manifest(): Readonly<Record<string, unknown>> {
    return this.#facts.manifest;
  }

  get facts(): Facts {
    return this.#facts.facts;
  }

  /** The guest bundle: an expression whose value boots a guest. */
  get guest(): string {
    return this.#read("guest.js");
  }

  /** The bundle of a context of `vm` in patch mode: an expression whose value turns the context it runs in into one. */
  get context(): string {
    return this.#read("context.js");
  }

  get ids(): readonly string[] {
    return Object.keys(this.#index);
  }

  /** @returns nothing for an id the library does not have */
  source(id: string): LibrarySource | undefined {
    const span = Object.hasOwn(this.#index, id) ? this.#index[id] : undefined;
    if (!span) return undefined;
    const [offset, length, prefix] = span;
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.#sources, bytes, 0, length, offset) !== length) throw new Error(`the library ends within ${id}`);
    return { code: bytes.toString("latin1"), prefix };
  }

  /** A module's text as it stands in the library, comments blanked; empty for an id the library does not have. */
  text(id: string): string {
    const source = this.source(id);
    return source ? source.code.slice(source.prefix, -3) : "";
  }
}

/**
 * The library that ships with this package. Found by the package's name, because this code may stand in a bundle of
 * another one.
 */
export const libraryDirectory: string = path.dirname(
  createRequire(import.meta.url).resolve("@vivarium/bridge/library/index.json"),
);
