import { statfsSync } from "node:fs";
import { guard } from "../failure.ts";
import type { Reached, Stat, Target, Volume } from "../node.ts";
import { Anchors } from "./anchors.ts";
import type { Counter } from "./counter.ts";
import { HostDirectory } from "./directory.ts";
import { hostJoin } from "./paths.ts";

/** How a mount reads its links: text for `readlink`, and where following leads. `link` is the link's own host path. */
export interface LinkPolicy {
  text(link: string, text: string): string;
  target(link: string, text: string): Target;
  /** The text to store for a link the guest makes. */
  store(link: string, text: string): string;
}

/** A host directory shown to the guest. */
export class HostVolume implements Volume {
  readonly device: number;
  readonly refusal: string | undefined;
  readonly anchors: Anchors;
  readonly links: LinkPolicy;
  readonly counter: Counter | undefined;
  readonly root: HostDirectory;
  readonly #path: string;

  /** `path` must be real: the root is resolved once, before. */
  constructor(
    device: number,
    path: string,
    options: { links: LinkPolicy; refusal?: string; counter?: Counter; anchors?: Anchors },
  ) {
    this.device = device;
    this.refusal = options.refusal;
    this.links = options.links;
    this.counter = options.counter;
    this.anchors = options.anchors ?? new Anchors();
    this.#path = path;
    this.root = new HostDirectory(this, undefined, path);
  }

  statfs(): Stat {
    return guard(() => {
      const { type, bsize, blocks, bfree, bavail, files, ffree } = statfsSync(this.#path);
      if (this.counter !== undefined) return [type, bsize, ...this.counter.quota.blocks(bsize)];
      return [type, bsize, blocks, bfree, bavail, files, ffree];
    });
  }

  reach(relative: string): Reached | undefined {
    const cut = relative.lastIndexOf("/");
    const holder = cut === -1 ? this.#path : hostJoin(this.#path, relative.slice(0, cut));
    const anchor = this.anchors.seemsCrooked(holder) ? undefined : this.anchors.acquire(holder);
    if (anchor === undefined) return undefined;
    const directory = new HostDirectory(this, undefined, holder, undefined, anchor);
    const name = relative.slice(cut + 1);
    return { directory, name, node: directory.lookup(name) };
  }
}
