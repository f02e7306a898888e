import { fail } from "./failure.ts";
import { O_APPEND, reads, writes } from "./linux.ts";
import type { OpenFile } from "./node.ts";
import { MAX_DESCRIPTORS, MAX_READ } from "./spec.ts";

/** An open file as the guest holds it: its own offset and access mode. */
export class Handle {
  readonly file: OpenFile;
  readonly #flags: number;
  #offset = 0;

  constructor(file: OpenFile, flags: number) {
    this.file = file;
    this.#flags = flags;
  }

  get writable(): boolean {
    return writes(this.#flags);
  }

  /** `position` -1 reads at the handle's own offset and moves it. */
  read(length: number, position: number): Uint8Array {
    if (!reads(this.#flags)) fail("EBADF");
    if (length < 0 || position < -1) fail("EINVAL");
    const own = position === -1;
    const data = this.file.read(Math.min(length, MAX_READ), own ? this.#offset : position);
    if (own) this.#offset += data.length;
    return data;
  }

  /** `position` -1 writes at the handle's own offset and moves it; append goes to the end, wherever that is. */
  write(data: Uint8Array, position: number): number {
    if (!this.writable) fail("EBADF");
    if (position < -1) fail("EINVAL");
    const own = position === -1;
    const append = (this.#flags & O_APPEND) !== 0;
    const written = this.file.write(data, own ? this.#offset : position, append);
    if (own) this.#offset = append && reads(this.#flags) ? this.file.size() : this.#offset + written;
    return written;
  }
}

/** The run's descriptors. Numbers are the guest's own, from 3, lowest free first; no host number is among them. */
export class Handles {
  readonly #slots: (Handle | undefined)[] = [];
  /** No slot below this one is free. */
  #lowest = 0;

  /**
   * Takes a descriptor for what `open` opens, which is not called when there is none to take.
   * @throws SyscallFailure EMFILE
   */
  open(flags: number, open: () => OpenFile): number {
    let slot = this.#lowest;
    while (this.#slots[slot] !== undefined) slot += 1;
    this.#lowest = slot;
    if (slot + 3 >= MAX_DESCRIPTORS) fail("EMFILE");
    this.#slots[slot] = new Handle(open(), flags);
    return slot + 3;
  }

  /** @throws SyscallFailure EBADF */
  get(descriptor: number): Handle {
    return this.#slots[descriptor - 3] ?? fail("EBADF");
  }

  /** @throws SyscallFailure EBADF */
  close(descriptor: number): void {
    const { file } = this.get(descriptor);
    const slot = descriptor - 3;
    this.#slots[slot] = undefined;
    if (slot < this.#lowest) this.#lowest = slot;
    file.close();
  }

  closeAll(): void {
    for (const [slot, handle] of this.#slots.entries()) {
      if (handle === undefined) continue;
      this.#slots[slot] = undefined;
      handle.file.close();
    }
    this.#slots.length = 0;
    this.#lowest = 0;
  }
}
