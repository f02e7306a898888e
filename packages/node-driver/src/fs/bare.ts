import { fail } from "./failure.ts";
import { BLOCK_SIZE, S_IFDIR } from "./linux.ts";
import type { Directory, Listing, OpenFile, Stat, Volume } from "./node.ts";
import { OpenDirectory } from "./open-directory.ts";

/** The volume of directories that exist only because something is mounted below them. */
export class BareVolume implements Volume {
  readonly device: number;
  readonly refusal = "EACCES";
  #lastNumber = 0;

  constructor(device: number) {
    this.device = device;
  }

  directory(): Directory {
    this.#lastNumber += 1;
    return new BareDirectory(this, this.#lastNumber);
  }

  statfs(): Stat {
    return [0, BLOCK_SIZE, 0, 0, 0, 0, 0];
  }
}

const refuse = (): never => fail("EACCES");

class BareDirectory implements Directory {
  readonly kind = "directory";
  readonly volume: Volume;
  readonly #number: number;
  readonly #made = Math.floor(Date.now() / 1000);

  constructor(volume: Volume, number: number) {
    this.volume = volume;
    this.#number = number;
  }

  stat(): Stat {
    const time = [this.#made, 0];
    const head = [this.volume.device, S_IFDIR | 0o555, 2, 0, 0, 0, BLOCK_SIZE, this.#number, BLOCK_SIZE, 0];
    return [...head, ...time, ...time, ...time, ...time];
  }

  access(mode: number): void {
    if ((mode & 2) !== 0) refuse();
  }

  lookup(): undefined {
    return undefined;
  }

  list(): Listing {
    return [];
  }

  open(): OpenFile {
    return new OpenDirectory(this);
  }

  /** Nothing changes here. */
  watch(): () => void {
    return () => {};
  }

  readonly chmod = refuse;
  readonly chown = refuse;
  readonly utimes = refuse;
  readonly create = refuse;
  readonly mkdir = refuse;
  readonly symlink = refuse;
  readonly link = refuse;
  readonly unlink = refuse;
  readonly rmdir = refuse;
  readonly rename = refuse;
}
