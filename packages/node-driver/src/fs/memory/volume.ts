import { BLOCK_SIZE, TMPFS_MAGIC } from "../linux.ts";
import type { Stat, Volume } from "../node.ts";
import { Quota } from "../quota.ts";
import { DEFAULT_QUOTA_BYTES, DEFAULT_QUOTA_FILES, type MemoryMountSpec } from "../spec.ts";
import { MemoryDirectory } from "./directory.ts";
import { MemoryFile } from "./file.ts";

/** A file system in the cell's memory. */
export class MemoryVolume implements Volume {
  readonly device: number;
  readonly refusal = undefined;
  readonly quota: Quota;
  readonly root: MemoryDirectory;
  #lastNumber = 0;

  constructor(device: number, limits: Pick<MemoryMountSpec, "quotaBytes" | "quotaFiles">) {
    this.device = device;
    this.quota = new Quota(limits.quotaBytes ?? DEFAULT_QUOTA_BYTES, limits.quotaFiles ?? DEFAULT_QUOTA_FILES);
    this.root = new MemoryDirectory(this, undefined, 0o755);
  }

  /**
   * Counts a new inode.
   * @returns its number
   * @throws SyscallFailure ENOSPC
   */
  enroll(): number {
    this.quota.takeFile();
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Counts an inode that is gone. */
  dismiss(): void {
    this.quota.giveFile();
  }

  statfs(): Stat {
    return [TMPFS_MAGIC, BLOCK_SIZE, ...this.quota.blocks(BLOCK_SIZE)];
  }

  /** Makes the directories of a path (names joined by `/`) and returns the last. */
  directory(path: string): MemoryDirectory {
    let at = this.root;
    for (const name of path.split("/")) {
      if (name === "") continue;
      const next = at.lookup(name) ?? at.mkdir(name, 0o755);
      if (!(next instanceof MemoryDirectory)) throw new TypeError(`${path} leads through a file`);
      at = next;
    }
    return at;
  }

  /** Fills the volume before the first run. Paths are relative to its root. */
  seed(files: NonNullable<MemoryMountSpec["seed"]>): void {
    for (const [path, content] of Object.entries(files)) {
      const cut = path.lastIndexOf("/");
      const data = typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content.base64, "base64");
      const file = new MemoryFile(this, 0o644);
      this.directory(path.slice(0, cut + 1)).put(path.slice(cut + 1), file);
      if (file.content.write(data, 0) < data.length)
        throw new RangeError(`${path} does not fit into the mount's quota`);
    }
  }
}
