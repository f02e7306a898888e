import type { SyncWait } from "../../channel/messages.ts";
import type { BytePipe } from "./byte-pipe.ts";

/** Output of one blocking spawn, bytes, whatever its `maxBuffer` says: it crosses in one frame. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** The supervisor's end of the pipes of a child that its parent waits for. */
export class Collector {
  readonly #wait: SyncWait;
  readonly #input: Uint8Array;
  readonly #onFull: () => void;
  readonly #outputs = new Map<number, Uint8Array[]>();
  readonly #done: Promise<void>[] = [];
  readonly #pipes: BytePipe[] = [];
  #total = 0;

  /** `onFull` is called when a stream is over `maxBuffer`. */
  constructor(wait: SyncWait, input: Uint8Array, onFull: () => void) {
    this.#wait = wait;
    this.#input = input;
    this.#onFull = onFull;
  }

  /** Takes the parent's end of a descriptor's pipe: gives it its input and keeps what comes. */
  attach(fd: number, incoming: BytePipe, outgoing: BytePipe): void {
    const before = this.#wait.inputs.slice(0, fd).reduce((sum, length) => sum + Math.max(0, length), 0);
    const length = Math.max(0, this.#wait.inputs[fd] ?? 0);
    void outgoing.write(this.#input.subarray(before, before + length));
    outgoing.release("write");
    this.#pipes.push(incoming);
    this.#done.push(this.#collect(fd, incoming));
  }

  /** Settles when every stream has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#done);
  }

  /** Reads no more. */
  close(): void {
    for (const pipe of this.#pipes) pipe.release("read");
  }

  /** Length per descriptor (-1: no pipe) and all bytes. */
  result(descriptors: number): { readonly outputs: readonly number[]; readonly body: Uint8Array } {
    const parts: Uint8Array[] = [];
    const outputs = Array.from({ length: descriptors }, (_, fd) => {
      const pieces = this.#outputs.get(fd);
      if (pieces === undefined) return -1;
      parts.push(...pieces);
      return pieces.reduce((sum, { length }) => sum + length, 0);
    });
    return { outputs, body: Buffer.concat(parts) };
  }

  async #collect(fd: number, pipe: BytePipe): Promise<void> {
    const pieces: Uint8Array[] = [];
    this.#outputs.set(fd, pieces);
    const { maxBuffer } = this.#wait;
    let room = maxBuffer < 0 ? Number.POSITIVE_INFINITY : maxBuffer;
    for (let piece = await pipe.next(); piece !== undefined; piece = await pipe.next()) {
      // The piece that goes over `maxBuffer` is kept whole, as `spawnSync` keeps it; what follows it is not.
      const kept = room < 0 ? piece.subarray(0, 0) : piece.subarray(0, MOST_OUTPUT - this.#total);
      if (kept.length > 0) pieces.push(kept);
      room -= piece.length;
      this.#total += kept.length;
      if (room < 0 || kept.length < piece.length) this.#onFull();
    }
  }
}
