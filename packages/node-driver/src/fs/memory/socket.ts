import { fail } from "../failure.ts";
import { S_IFSOCK } from "../linux.ts";
import type { OpenFile } from "../node.ts";
import { Inode } from "./inode.ts";
import type { MemoryVolume } from "./volume.ts";

/** The entry of a Unix domain socket. It says where a server is; connections do not go through it. */
export class MemorySocket extends Inode {
  readonly kind = "socket";

  constructor(volume: MemoryVolume, mode: number) {
    super(volume, S_IFSOCK | mode);
  }

  open(): OpenFile {
    return fail("ENXIO");
  }

  protected extent(): readonly [number, number] {
    return [0, 0];
  }
}
