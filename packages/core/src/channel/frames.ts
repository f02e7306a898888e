import { Buffer } from "node:buffer";

/** Bytes before every frame: header length and body length, both u32 little-endian. */
export const PREFIX_BYTES = 8;
/** Longest JSON header of a report, a question or an answer, bytes. */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** Longest JSON header of a command, which carries programs and seed files; only the supervisor writes them. */
export const MAX_COMMAND_HEADER_BYTES = 160 * 1024 * 1024;
/** Longest raw body of a frame, bytes. */
export const MAX_BODY_BYTES = 80 * 1024 * 1024;

/** One message: a JSON header, not yet judged against a schema, and its raw body. */
export interface Frame {
  readonly header: unknown;
  readonly body: Uint8Array;
}

/** The other side does not speak the protocol; nothing after it on the pipe means anything. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export const EMPTY_BODY: Uint8Array = new Uint8Array(0);

/** Throws unless both lengths are within the limits of a frame. @throws FrameError */
export function checkLengths(headerBytes: number, bodyBytes: number, maxHeader: number = MAX_HEADER_BYTES): void {
  if (headerBytes > maxHeader) throw new FrameError(`frame header of ${headerBytes} bytes is over ${maxHeader}`);
  if (bodyBytes > MAX_BODY_BYTES) throw new FrameError(`frame body of ${bodyBytes} bytes is over ${MAX_BODY_BYTES}`);
}

/** The bytes in front of a frame's body: prefix and JSON header. The body itself is written after it, uncopied. */
export function encodeHead(header: object, bodyBytes: number, maxHeader?: number): Uint8Array {
  const json = Buffer.from(JSON.stringify(header), "utf8");
  checkLengths(json.length, bodyBytes, maxHeader);
  const head = Buffer.allocUnsafe(PREFIX_BYTES + json.length);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(bodyBytes, 4);
  json.copy(head, PREFIX_BYTES);
  return head;
}

/** A whole frame in one piece. @throws FrameError when header or body is over its limit. */
export function encodeFrame(header: object, body: Uint8Array = EMPTY_BODY): Uint8Array {
  const head = encodeHead(header, body.length);
  return body.length === 0 ? head : Buffer.concat([head, body]);
}

/** Reads a header's JSON. @throws FrameError when it is not a JSON object. */
export function parseHeader(bytes: Uint8Array): object {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8"));
  } catch {
    throw new FrameError("frame header is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new FrameError("frame header is not an object");
  return value;
}

/** Collects exactly `size` bytes; a part that arrives in one piece is handed on without a copy. */
class Part {
  readonly #size: number;
  #whole: Uint8Array | undefined;
  #filled = 0;

  constructor(size: number) {
    this.#size = size;
    if (size === 0) this.#whole = EMPTY_BODY;
  }

  /** Takes what it needs from `chunk` at `offset`; -> bytes taken. */
  take(chunk: Uint8Array, offset: number): number {
    const count = Math.min(this.#size - this.#filled, chunk.length - offset);
    if (count === this.#size) this.#whole = chunk.subarray(offset, offset + count);
    else if (count > 0) {
      this.#whole ??= Buffer.allocUnsafe(this.#size);
      this.#whole.set(chunk.subarray(offset, offset + count), this.#filled);
    }
    this.#filled += count;
    return count;
  }

  /** The bytes once all are there. */
  get done(): Uint8Array | undefined {
    return this.#filled === this.#size ? this.#whole : undefined;
  }
}

/** Cuts a stream of chunks into frames. Bodies may be views into the chunks that were pushed. */
export class FrameReader {
  #prefix = new Part(PREFIX_BYTES);
  #header: Part | undefined;
  #body: Part | undefined;
  readonly #maxHeader: number;
  #started = false;

  constructor(maxHeader: number = MAX_HEADER_BYTES) {
    this.#maxHeader = maxHeader;
  }

  /** True when nothing of an unfinished frame is held: the only place where a stream may end. */
  get idle(): boolean {
    return !this.#started;
  }

  /** The frames that `chunk` completes, in order. @throws FrameError when it breaks the protocol. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#header === undefined || this.#body === undefined) {
        this.#started = true;
        offset += this.#prefix.take(chunk, offset);
        const prefix = this.#prefix.done;
        if (prefix === undefined) break;
        const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
        const headerBytes = view.getUint32(0, true);
        const bodyBytes = view.getUint32(4, true);
        checkLengths(headerBytes, bodyBytes, this.#maxHeader);
        if (headerBytes === 0) throw new FrameError("frame without a header");
        this.#header = new Part(headerBytes);
        this.#body = new Part(bodyBytes);
      } else if (this.#header.done === undefined) offset += this.#header.take(chunk, offset);
      else offset += this.#body.take(chunk, offset);
      const header = this.#header?.done;
      const body = this.#body?.done;
      if (header === undefined || body === undefined) continue;
      frames.push({ header: parseHeader(header), body });
      this.#prefix = new Part(PREFIX_BYTES);
      this.#header = undefined;
      this.#body = undefined;
      this.#started = false;
    }
    return frames;
  }
}
