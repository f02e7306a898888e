import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

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

/** One compiled-to-be library module: a function expression, and the columns its wrapper takes. */
export interface LibrarySource {
  readonly code: string;
  readonly prefix: number;
}

/** Node's library as the build left it in `dist/library`. */
export class Library {
  readonly #sources: Buffer;
  readonly #index: Readonly<Record<string, Span>>;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly facts: Facts;
  /** The guest bundle: an expression whose value boots a guest. */
  readonly guest: string;

  constructor(directory: string) {
    const read = (name: string) => readFileSync(path.join(directory, name));
    const { index, manifest, facts } = JSON.parse(read("index.json").toString("latin1")) as {
      index: Record<string, Span>;
      manifest: Record<string, unknown>;
      facts: Facts;
    };
    this.#sources = read("sources.txt");
    this.#index = index;
    this.manifest = manifest;
    this.facts = facts;
    this.guest = read("guest.js").toString("latin1");
  }

  get ids(): readonly string[] {
    return Object.keys(this.#index);
  }

  /** @returns nothing for an id the library does not have */
  source(id: string): LibrarySource | undefined {
    const span = Object.hasOwn(this.#index, id) ? this.#index[id] : undefined;
    if (!span) return undefined;
    const [offset, length, prefix] = span;
    return { code: this.#sources.toString("latin1", offset, offset + length), prefix };
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
export const libraryDirectory: string = path.resolve(
  path.dirname(fileURLToPath(import.meta.resolve("@vivarium/bridge/library"))),
  "../../dist/library",
);
