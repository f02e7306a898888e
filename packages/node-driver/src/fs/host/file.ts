import {
  closeSync,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  readSync,
  writeSync,
} from "node:fs";
import { guard } from "../failure.ts";
import type { OpenFile, Stat } from "../node.ts";
import { encodeStat, hostTime } from "./stat.ts";
import type { HostVolume } from "./volume.ts";

/** Reads up to this size go through one shared buffer, so that a short answer costs no large allocation. */
const SCRATCH_BYTES = 256 * 1024;
const scratch = new Uint8Array(SCRATCH_BYTES);

/** An open file of the host. The descriptor never leaves this object. */
export class OpenHostFile implements OpenFile {
  readonly kind = "file";
  readonly #volume: HostVolume;
  readonly #descriptor: number;

  constructor(volume: HostVolume, descriptor: number) {
    this.#volume = volume;
    this.#descriptor = descriptor;
  }

  read(length: number, position: number): Uint8Array {
    return guard(() => {
      if (length <= SCRATCH_BYTES) return scratch.slice(0, readSync(this.#descriptor, scratch, 0, length, position));
      const left = fstatSync(this.#descriptor).size - position;
      // Files of /proc and the like say size 0 and still have contents.
      const buffer = new Uint8Array(left > 0 ? Math.min(length, left) : SCRATCH_BYTES);
      const count = readSync(this.#descriptor, buffer, 0, buffer.length, position);
      return count === buffer.length ? buffer : buffer.slice(0, count);
    });
  }

  write(data: Uint8Array, position: number, append: boolean): number {
    return guard(() => {
      const put = () => writeSync(this.#descriptor, data, 0, data.length, append ? null : position);
      return this.#volume.counter === undefined
        ? put()
        : this.#volume.counter.write(this.#descriptor, data.length, position, append, put);
    });
  }

  stat(): Stat {
    return guard(() => encodeStat(fstatSync(this.#descriptor, { bigint: true }), this.#volume.device));
  }

  size(): number {
    return guard(() => fstatSync(this.#descriptor).size);
  }

  truncate(length: number): void {
    guard(() => {
      this.#volume.counter?.resize(this.#descriptor, length);
      ftruncateSync(this.#descriptor, length);
    });
  }

  chmod(mode: number): void {
    guard(() => fchmodSync(this.#descriptor, mode));
  }

  chown(uid: number, gid: number): void {
    guard(() => fchownSync(this.#descriptor, uid, gid));
  }

  utimes(atime: number, mtime: number): void {
    guard(() => futimesSync(this.#descriptor, hostTime(atime), hostTime(mtime)));
  }

  sync(dataOnly: boolean): void {
    guard(() => (dataOnly ? fdatasyncSync(this.#descriptor) : fsyncSync(this.#descriptor)));
  }

  close(): void {
    guard(() => {
      this.#volume.counter?.closing(this.#descriptor);
      closeSync(this.#descriptor);
    });
  }
}
