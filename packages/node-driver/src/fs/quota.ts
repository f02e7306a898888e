import { fail } from "./failure.ts";

/** Counts bytes and files of one mount against its limits. */
export class Quota {
  readonly maxBytes: number;
  readonly maxFiles: number;
  bytes = 0;
  files = 0;

  constructor(maxBytes: number, maxFiles: number) {
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
  }

  /**
   * Takes bytes, or gives them back when negative.
   * @throws SyscallFailure ENOSPC, having taken nothing
   */
  takeBytes(count: number): void {
    if (!this.tryBytes(count)) fail("ENOSPC");
  }

  /** As `takeBytes`, answering false where that throws. */
  tryBytes(count: number): boolean {
    if (count > 0 && this.bytes + count > this.maxBytes) return false;
    this.bytes += count;
    return true;
  }

  /**
   * Takes one file.
   * @throws SyscallFailure ENOSPC
   */
  takeFile(): void {
    if (this.files >= this.maxFiles) fail("ENOSPC");
    this.files += 1;
  }

  giveFile(): void {
    this.files -= 1;
  }

  /** blocks, free blocks, available blocks, files, free files, in blocks of `size` bytes: the tail of `statfs`. */
  blocks(size: number): readonly number[] {
    const total = Math.floor(this.maxBytes / size);
    const free = Math.max(0, Math.floor((this.maxBytes - this.bytes) / size));
    return [total, free, free, this.maxFiles, Math.max(0, this.maxFiles - this.files)];
  }
}
