import { SyscallFailure } from "../errors/failure.ts";

/** Standard input as it arrives: readers wait until bytes are there or the end is. */
export class Input {
  readonly #want: () => void;
  readonly #chunks: Uint8Array[] = [];
  readonly #waiting: { readonly bytes: number; readonly resolve: (data: Uint8Array) => void }[] = [];
  #ended = false;
  #wanted = false;

  /** @param want asks for more; every question is answered by one `push` */
  constructor(want: () => void) {
    this.#want = want;
  }

  push(data: Uint8Array, end: boolean): void {
    this.#wanted = false;
    if (data.length > 0) this.#chunks.push(data);
    if (end) this.#ended = true;
    while (this.#waiting.length > 0 && this.#available()) {
      const reader = this.#waiting.shift();
      if (reader) reader.resolve(this.#take(reader.bytes));
    }
    if (this.#waiting.length > 0) this.#ask();
  }

  #ask(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#want();
  }

  read(bytes: number): Promise<Uint8Array> {
    if (bytes <= 0) return Promise.reject(new SyscallFailure("EINVAL"));
    if (this.#available()) return Promise.resolve(this.#take(bytes));
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, resolve });
      this.#ask();
    });
  }

  /** What is there already, or nothing when one would have to wait. */
  readNow(bytes: number): Uint8Array | undefined {
    return this.#available() ? this.#take(bytes) : undefined;
  }

  #available(): boolean {
    return this.#chunks.length > 0 || this.#ended;
  }

  #take(bytes: number): Uint8Array {
    const [first] = this.#chunks;
    if (!first) return new Uint8Array(0);
    if (first.length <= bytes) {
      this.#chunks.shift();
      return first;
    }
    this.#chunks[0] = first.subarray(bytes);
    return first.subarray(0, bytes);
  }
}
