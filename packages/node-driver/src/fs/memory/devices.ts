import { late } from "../../late.ts";
import { fail } from "../failure.ts";
import { S_IFCHR } from "../linux.ts";
import type { OpenFile, Stat } from "../node.ts";
import { Inode } from "./inode.ts";
import type { MemoryVolume } from "./volume.ts";

/** What a device does; the numbers are Linux's (major 1, minor ...). */
interface Character {
  readonly rdev: number;
  readonly read: (length: number) => Uint8Array;
  readonly write: (data: Uint8Array) => number;
}

const empty = (): Uint8Array => new Uint8Array(0);
const zeros = (length: number): Uint8Array => new Uint8Array(length);
const noise = (length: number): Uint8Array => late.crypto.randomFillSync(new Uint8Array(length));
const swallow = (data: Uint8Array): number => data.length;
const full = (): number => fail("ENOSPC");

const CHARACTERS: Readonly<Record<string, Character>> = {
  null: { rdev: 0x103, read: empty, write: swallow },
  zero: { rdev: 0x105, read: zeros, write: swallow },
  full: { rdev: 0x107, read: zeros, write: full },
  random: { rdev: 0x108, read: noise, write: swallow },
  urandom: { rdev: 0x109, read: noise, write: swallow },
};

const STREAMS = ["stdin", "stdout", "stderr"] as const;

/** A character device in memory. */
export class Device extends Inode {
  readonly kind = "device";
  readonly #character: Character;
  /** 0, 1 or 2 for the standard streams, which the cell itself serves. */
  readonly stream: 0 | 1 | 2 | undefined;

  constructor(volume: MemoryVolume, character: Character, stream?: 0 | 1 | 2) {
    super(volume, S_IFCHR | 0o666);
    this.#character = character;
    this.stream = stream;
  }

  open(): OpenFile {
    return this.stream === undefined ? new OpenDevice(this, this.#character) : fail("ENXIO");
  }

  protected override get device(): number {
    return this.#character.rdev;
  }

  protected extent(): readonly [number, number] {
    return [0, 0];
  }
}

class OpenDevice implements OpenFile {
  readonly kind = "device";
  readonly #device: Device;
  readonly #character: Character;

  constructor(device: Device, character: Character) {
    this.#device = device;
    this.#character = character;
  }

  read(length: number): Uint8Array {
    return this.#character.read(length);
  }

  write(data: Uint8Array): number {
    return this.#character.write(data);
  }

  stat(): Stat {
    return this.#device.stat();
  }

  size(): number {
    return 0;
  }

  truncate(): void {
    fail("EINVAL");
  }

  chmod(mode: number): void {
    this.#device.chmod(mode);
  }

  chown(uid: number, gid: number): void {
    this.#device.chown(uid, gid);
  }

  utimes(atime: number, mtime: number): void {
    this.#device.utimes(atime, mtime);
  }

  sync(): void {
    fail("EINVAL");
  }

  close(): void {}
}

/** Puts `/dev`'s entries into a directory of the volume. */
export function addDevices(volume: MemoryVolume): void {
  const directory = volume.directory("dev");
  for (const [name, character] of Object.entries(CHARACTERS)) directory.put(name, new Device(volume, character));
  const stream: Character = { rdev: 0x8800, read: empty, write: swallow };
  for (const [number, name] of STREAMS.entries()) {
    directory.put(name, new Device(volume, stream, number as 0 | 1 | 2));
  }
}
