/** Bytes a pipe holds before its writer has to wait (pipe(7)). */
const CAPACITY = 64 * 1024;
const PIECE_BYTES = 64 * 1024;
/** What a writer that does not wait may have in it at most: the bytes are kept in the embedder's memory. */
const MOST_BYTES = 16 * 1024 * 1024;
/** What keeping one piece costs beside its bytes. */
const PIECE_COST = 256;

/** One direction of a pipe between two processes, held by the supervisor. Its end comes when its last writer is gone. */
export class BytePipe {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;
  #writers = 1;
  #readers = 1;
  #reading: ((data: Uint8Array | undefined) => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #room: (() => void)[] = [];
  #wasRead = false;
  #isDone: () => void = () => {};
  /** Settles when its end has reached a reader, or nobody reads it. */
  readonly done: Promise<void> = new Promise((resolve) => {
    this.#isDone = resolve;
  });

  /** Whether a writer may go on: somebody can still read, and what was written before has not piled up. */
  get open(): boolean {
    return this.#readers > 0 && this.#bytes + this.#pieces.length * PIECE_COST < MOST_BYTES;
  }

  /** Takes bytes; -> a promise while there is no room for more. What nobody will read is dropped. */
  write(data: Uint8Array): void | Promise<void> {
    if (data.length === 0 || this.#readers === 0 || this.#writers === 0) return;
    // The bytes of a report are a view of the channel's own buffer.
    this.#pieces.push(new Uint8Array(data));
    this.#bytes += data.length;
    this.#serve();
    if (this.#bytes < CAPACITY) return;
    return new Promise((resolve) => {
      this.#room.push(resolve);
    });
  }

  /** Whether its end is on its way to a reader: nobody writes any more, and somebody has begun to read. */
  get ending(): boolean {
    return this.#writers === 0 && this.#wasRead;
  }

  /** The next piece, of 1 to `bytes` bytes, or nothing at the end. Readers are served in order. */
  next(bytes: number = PIECE_BYTES): Promise<Uint8Array | undefined> {
    this.#wasRead = true;
    const mine = this.#turn.then(() => this.#take(Math.max(1, Math.min(bytes, PIECE_BYTES))));
    this.#turn = mine;
    return mine;
  }

  /** One more process holds an end. */
  retain(end: "read" | "write"): void {
    if (end === "read") this.#readers += 1;
    else this.#writers += 1;
  }

  /** A process lets go of an end. */
  release(end: "read" | "write"): void {
    if (end === "read") this.#readers -= 1;
    else this.#writers -= 1;
    if (this.#readers === 0) {
      this.#clear();
      this.#isDone();
    }
    this.#serve();
  }

  async #take(bytes: number): Promise<Uint8Array | undefined> {
    const first = this.#pieces[0] ?? (await this.#arrival());
    if (first === undefined) {
      this.#isDone();
      return undefined;
    }
    const piece = first.subarray(0, bytes);
    if (piece.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(bytes);
    this.#bytes -= piece.length;
    if (this.#bytes < CAPACITY) this.#makeRoom();
    return piece;
  }

  #arrival(): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      this.#reading = resolve;
      this.#serve();
    });
  }

  #serve(): void {
    const [first] = this.#pieces;
    if (first === undefined && this.#writers > 0 && this.#readers > 0) return;
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.(first);
  }

  #clear(): void {
    this.#pieces.length = 0;
    this.#bytes = 0;
    this.#makeRoom();
  }

  #makeRoom(): void {
    const waiting = this.#room;
    this.#room = [];
    for (const resolve of waiting) resolve();
  }
}
