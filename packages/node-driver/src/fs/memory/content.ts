import { fail } from "../failure.ts";
import type { Quota } from "../quota.ts";

const CHUNK = 64 * 1024;
/** A chunk in the middle of a sparse file costs at least this much, so holes cannot hide memory. */
const MIN_CHUNK = 2048;
/** Largest file, bytes: chunk numbers stay well inside an array's index range. */
const MAX_SIZE = 2 ** 46;

interface Chunk {
  bytes: Uint8Array;
  /** Bytes charged to the quota; past it the chunk reads as zeros. */
  charged: number;
}

/**
 * A file's bytes, in chunks: appending never copies what is there, holes take no memory. The quota is charged per
 * chunk by its highest byte written; the buffer behind it is at most twice that.
 */
export class Content {
  readonly #quota: Quota;
  readonly #chunks = new Map<number, Chunk>();
  #size = 0;
  #charged = 0;

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of memory charged, which is what `st_blocks` counts. */
  get charged(): number {
    return this.#charged;
  }

  read(length: number, position: number): Uint8Array {
    const count = Math.max(0, Math.min(length, this.#size - position));
    const out = new Uint8Array(count);
    let done = 0;
    while (done < count) {
      const at = position + done;
      const index = Math.floor(at / CHUNK);
      const start = at - index * CHUNK;
      const step = Math.min(count - done, CHUNK - start);
      const chunk = this.#chunks.get(index);
      if (chunk !== undefined && start < chunk.bytes.length) {
        out.set(chunk.bytes.subarray(start, Math.min(start + step, chunk.bytes.length)), done);
      }
      done += step;
    }
    return out;
  }

  /**
   * Writes until the quota ends.
   * @returns bytes written, at least one unless `data` is empty
   * @throws SyscallFailure ENOSPC when nothing fits, EFBIG past the largest file
   */
  write(data: Uint8Array, position: number): number {
    if (position + data.length > MAX_SIZE) fail("EFBIG");
    let done = 0;
    while (done < data.length) {
      const at = position + done;
      const index = Math.floor(at / CHUNK);
      const start = at - index * CHUNK;
      const step = Math.min(data.length - done, CHUNK - start);
      const chunk = this.#extend(index, start + step);
      if (chunk === undefined) {
        if (done === 0) fail("ENOSPC");
        break;
      }
      chunk.bytes.set(data.subarray(done, done + step), start);
      done += step;
      if (position + done > this.#size) this.#size = position + done;
    }
    return done;
  }

  /** @throws SyscallFailure EFBIG */
  truncate(length: number): void {
    if (length > MAX_SIZE) fail("EFBIG");
    if (length < this.#size) this.#cut(length);
    this.#size = length;
  }

  /** Gives everything back to the quota. */
  release(): void {
    this.#quota.takeBytes(-this.#charged);
    this.#charged = 0;
    this.#chunks.clear();
    this.#size = 0;
  }

  #extend(index: number, end: number): Chunk | undefined {
    const chunk = this.#chunks.get(index);
    const needed = index === 0 ? end : Math.max(end, MIN_CHUNK);
    const charged = chunk?.charged ?? 0;
    if (needed > charged) {
      if (!this.#quota.tryBytes(needed - charged)) return undefined;
      this.#charged += needed - charged;
    }
    if (chunk === undefined) {
      const fresh = { bytes: new Uint8Array(needed), charged: needed };
      this.#chunks.set(index, fresh);
      return fresh;
    }
    if (needed > charged) chunk.charged = needed;
    if (end > chunk.bytes.length) {
      const grown = new Uint8Array(Math.min(CHUNK, Math.max(needed, chunk.bytes.length * 2)));
      grown.set(chunk.bytes);
      chunk.bytes = grown;
    }
    return chunk;
  }

  #cut(length: number): void {
    const last = Math.floor(length / CHUNK);
    const keep = length - last * CHUNK;
    for (const index of this.#chunks.keys()) if (index > last) this.#discard(index, 0);
    this.#discard(last, keep);
  }

  #discard(index: number, keep: number): void {
    const chunk = this.#chunks.get(index);
    if (chunk === undefined || keep >= chunk.bytes.length) return;
    if (keep === 0) {
      this.#give(chunk.charged);
      this.#chunks.delete(index);
      return;
    }
    // A fresh buffer: what was cut off must read as zeros when the file grows again.
    chunk.bytes = chunk.bytes.slice(0, keep);
    const charge = index === 0 ? keep : Math.max(keep, MIN_CHUNK);
    if (charge < chunk.charged) {
      this.#give(chunk.charged - charge);
      chunk.charged = charge;
    }
  }

  #give(count: number): void {
    this.#quota.takeBytes(-count);
    this.#charged -= count;
  }
}
