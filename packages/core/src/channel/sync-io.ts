import { Buffer } from "node:buffer";
import { readSync, writeSync } from "node:fs";
import { checkLengths, EMPTY_BODY, encodeHead, FrameError, PREFIX_BYTES, parseHeader } from "./frames.ts";

/** Bodies up to this many bytes are copied behind their head, so that the frame is one write. */
const ONE_WRITE_BYTES = 16 * 1024;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A pipe may be in non-blocking mode; waits a little longer each time it says so, up to 5 ms. */
function backOff(attempt: number): void {
  Atomics.wait(pause, 0, 0, Math.min(5, 0.1 * 2 ** Math.min(attempt, 6)));
}

const again = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "EAGAIN" || code === "EINTR";
};

function writeAll(fd: number, bytes: Uint8Array): void {
  let offset = 0;
  let attempt = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset, bytes.length - offset);
      attempt = 0;
    } catch (error) {
      if (!again(error)) throw error;
      backOff(attempt++);
    }
  }
}

/** Writes frames and returns when the pipe has taken them: a slow reader holds the writer up. */
export class SyncReportWriter {
  readonly #fd: number;
  /** Frames of output are many, small and alike: they are put together here, behind a head made once per stream. */
  readonly #scratch: Buffer = Buffer.allocUnsafeSlow(ONE_WRITE_BYTES + 64);
  readonly #stdioHeads: readonly Uint8Array[] = [1, 2].map((channel) => encodeHead({ type: "stdio", channel }, 0));

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Writes one frame. @throws EPIPE when the reader is gone. */
  write(header: object, body: Uint8Array = EMPTY_BODY): void {
    const head = encodeHead(header, body.length);
    if (body.length > ONE_WRITE_BYTES) {
      writeAll(this.#fd, head);
      writeAll(this.#fd, body);
    } else writeAll(this.#fd, body.length === 0 ? head : Buffer.concat([head, body]));
  }

  /** Writes one frame of output: the same bytes as `write({ type: "stdio", channel }, body)`. */
  writeStdio(channel: number, body: Uint8Array): void {
    const head = this.#stdioHeads[channel - 1];
    if (head === undefined || body.length > ONE_WRITE_BYTES) {
      this.write({ type: "stdio", channel }, body);
      return;
    }
    const scratch = this.#scratch;
    scratch.set(head);
    scratch.writeUInt32LE(body.length, 4);
    scratch.set(body, head.length);
    writeAll(this.#fd, scratch.subarray(0, head.length + body.length));
  }
}

/** Reads frames one at a time, blocking the thread until one is whole. */
export class SyncAnswerReader {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The next frame. @throws FrameError when the pipe ended or broke the protocol. */
  read(): { header: object; body: Uint8Array } {
    const prefix = this.#exactly(PREFIX_BYTES);
    const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
    const headerBytes = view.getUint32(0, true);
    const bodyBytes = view.getUint32(4, true);
    checkLengths(headerBytes, bodyBytes);
    const header = parseHeader(this.#exactly(headerBytes));
    return { header, body: this.#exactly(bodyBytes) };
  }

  #exactly(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    let filled = 0;
    let attempt = 0;
    while (filled < size) {
      try {
        const count = readSync(this.#fd, bytes, filled, size - filled, null);
        if (count === 0) throw new FrameError("the answer pipe ended");
        filled += count;
        attempt = 0;
      } catch (error) {
        if (!again(error)) throw error;
        backOff(attempt++);
      }
    }
    return bytes;
  }
}
