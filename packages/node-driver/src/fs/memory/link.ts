import { fail } from "../failure.ts";
import { S_IFLNK } from "../linux.ts";
import type { Link, OpenFile, Target } from "../node.ts";
import { Inode } from "./inode.ts";
import type { MemoryVolume } from "./volume.ts";

/** A symbolic link in memory. Its text is the guest's own, so it may lead anywhere the guest can walk. */
export class MemoryLink extends Inode implements Link {
  readonly kind = "link";
  readonly #text: string;
  readonly #bytes: number;

  constructor(volume: MemoryVolume, text: string) {
    super(volume, S_IFLNK | 0o777);
    this.#text = text;
    this.#bytes = Buffer.byteLength(text);
    if (!volume.quota.tryBytes(this.#bytes)) {
      volume.dismiss();
      fail("ENOSPC");
    }
  }

  text(): string {
    return this.#text;
  }

  target(): Target {
    return { from: this.#text.startsWith("/") ? "root" : "here", path: this.#text, contained: false };
  }

  open(): OpenFile {
    return fail("ELOOP");
  }

  protected extent(): readonly [number, number] {
    return [this.#bytes, 0];
  }

  protected override release(): void {
    this.volume.quota.takeBytes(-this.#bytes);
  }
}
