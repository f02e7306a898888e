import { Errno } from "../lib/llhttp.ts";

/** Bytes of extensions one chunk may have (`kMaxChunkExtensionsSize` of src/node_http_parser.cc). */
const MOST_EXTENSION_BYTES = 16_384;

/** An error of our own making, as llhttp would report one of its user's. */
export interface ParserError {
  readonly code: string;
  readonly reason: string;
}

const HEADER_OVERFLOW: ParserError = { code: "HPE_HEADER_OVERFLOW", reason: "Header overflow" };
const EXTENSIONS_OVERFLOW: ParserError = {
  code: "HPE_CHUNK_EXTENSIONS_OVERFLOW",
  reason: "Chunk extensions overflow",
};

/** How much a peer may say beside its bodies. Each count answers 0, or the number llhttp is to stop with. */
export class ParserLimits {
  #headerBytes = 0;
  #extensionBytes = 0;
  #fields = 0;
  readonly #maxHeaderSize: number;
  /** The limit that was passed, or what a callback did; nothing is parsed any more. */
  error: ParserError | undefined;

  /** @param maxHeaderSize in bytes; this many are too many */
  constructor(maxHeaderSize: number) {
    this.#maxHeaderSize = maxHeaderSize;
  }

  /** A part of a message's first line, header fields or trailers. */
  countHeader(size: number): number {
    this.#headerBytes += size;
    return this.#headerBytes < this.#maxHeaderSize ? 0 : this.#stop(HEADER_OVERFLOW);
  }

  /** One more header field. @param most names and values a request may have; 0 and what is no number: as many as it likes */
  countField(most: unknown): number {
    this.#fields++;
    return typeof most === "number" && most > 0 && 2 * this.#fields > most ? this.#stop(HEADER_OVERFLOW) : 0;
  }

  /** A name or value of a chunk's extensions. */
  countExtension(size: number): number {
    this.#extensionBytes += size;
    return this.#extensionBytes <= MOST_EXTENSION_BYTES ? 0 : this.#stop(EXTENSIONS_OVERFLOW);
  }

  #stop(error: ParserError): number {
    this.error = error;
    return Errno.user;
  }

  endHeaders(): void {
    this.#headerBytes = 0;
    this.#fields = 0;
  }

  beginMessage(): void {
    this.#fields = 0;
    this.#extensionBytes = 0;
  }

  beginChunk(): void {
    this.#headerBytes = 0;
    this.#extensionBytes = 0;
  }
}
