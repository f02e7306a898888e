/** What libuv reads at once; a read that fills it is handed on with its memory. */
export const PIECE_BYTES = 64 * 1024;

/**
 * Where every socket of the process reads to at first: whoever gets the bytes copies them before anything else is read.
 * It saves an allocation for each piece, and its size lets one system call take what several have sent.
 */
const COMMON = new Uint8Array(256 * 1024);

/** So many sockets have memory of their own at a time; what others read is copied. */
const MOST_OWN = 64;
let owners = 0;

/**
 * The memory one socket reads to. While it reads much at a time it has a piece of its own, which goes to the reader when
 * it is full: a body that streams through is not copied.
 */
export class ReadMemory {
  #own: Uint8Array<ArrayBuffer> | undefined;
  #last = 0;

  /** Where the next bytes go; to be asked after each `take`. */
  next(): Uint8Array {
    if (this.#last >= PIECE_BYTES) this.#reserve();
    else if (this.#last < PIECE_BYTES / 2) this.release();
    return this.#own ?? COMMON;
  }

  #reserve(): void {
    if (this.#own || owners === MOST_OWN) return;
    owners += 1;
    this.#own = Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  /** Gives memory of its own back. */
  release(): void {
    if (this.#own) owners -= 1;
    this.#own = undefined;
  }

  /** So many bytes have been read. -> them, and whether the memory is whoever's gets them */
  take(size: number): readonly [bytes: Uint8Array, isGiven: boolean] {
    this.#last = size;
    const own = this.#own;
    if (own?.byteLength !== size) return [(own ?? COMMON).subarray(0, size), false];
    this.release();
    return [own, true];
  }
}
