import {
  type BigIntStats,
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import type { Listener } from "../changes.ts";
import { errnoOf, fail, guard } from "../failure.ts";
import * as linux from "../linux.ts";
import type { Directory, Listing, Node, OpenFile } from "../node.ts";
import { OpenDirectory } from "../open-directory.ts";
import { type Anchor, isAt } from "./anchors.ts";
import { HostEntry, HostLink } from "./entry.ts";
import { OpenHostFile } from "./file.ts";
import { hostFlags } from "./flags.ts";
import { hostJoin } from "./paths.ts";
import { kindOf } from "./stat.ts";
import type { HostVolume } from "./volume.ts";
import { watchHost } from "./watch.ts";

const LOOK = { bigint: true, throwIfNoEntry: false } as const;

/** A directory of the host, reached through its anchor: entries can be swapped, the directory cannot. */
export class HostDirectory extends HostEntry implements Directory {
  override readonly kind = "directory";
  #anchor: Anchor | undefined;
  /** A mount's root outlives the syscall, so it never trusts the anchor of an earlier one. */
  readonly #lasting: boolean;

  constructor(
    volume: HostVolume,
    holder: HostDirectory | undefined,
    path: string,
    stats?: BigIntStats,
    anchor?: Anchor,
  ) {
    super(volume, holder, path, "directory", stats);
    this.#anchor = anchor;
    this.#lasting = holder === undefined && anchor === undefined;
  }

  /**
   * The host path through which an entry is reached.
   * @throws SyscallFailure EACCES when this directory is no longer at its path
   */
  reach(name: string): string {
    // The bytes of a name that is not UTF-8 are not kept on the way to the host: it would be another name.
    if (!name.isWellFormed()) fail("EILSEQ");
    let anchor = this.#anchor;
    if (anchor === undefined || !anchor.held || this.#lasting) {
      anchor = this.volume.anchors.acquire(this.path) ?? fail("EACCES");
      this.#anchor = anchor;
    }
    return `${anchor.base}/${name}`;
  }

  lookup(name: string): Node | undefined {
    const stats = this.#look(name) ?? this.#lookAgain(name);
    if (stats === undefined) return undefined;
    const path = hostJoin(this.path, name);
    const kind = kindOf(stats);
    if (kind === "directory") return new HostDirectory(this.volume, this, path, stats);
    if (kind === "link") return new HostLink(this.volume, this, path, stats);
    return new HostEntry(this.volume, this, path, kind, stats);
  }

  list(): Listing {
    return guard(() => {
      const listing: (string | number)[] = [];
      for (const entry of readdirSync(this.reach("."), { withFileTypes: true })) {
        let type = linux.DIRENT_UNKNOWN;
        if (entry.isFile()) type = linux.DIRENT_FILE;
        else if (entry.isDirectory()) type = linux.DIRENT_DIR;
        else if (entry.isSymbolicLink()) type = linux.DIRENT_LINK;
        else if (entry.isFIFO()) type = linux.DIRENT_FIFO;
        else if (entry.isSocket()) type = linux.DIRENT_SOCKET;
        else if (entry.isCharacterDevice()) type = linux.DIRENT_CHAR;
        else if (entry.isBlockDevice()) type = linux.DIRENT_BLOCK;
        listing.push(entry.name, type);
      }
      return listing;
    });
  }

  override open(): OpenFile {
    return new OpenDirectory(this);
  }

  override watch(listener: Listener): () => void {
    return watchHost(this.reach("."), true, listener);
  }

  create(name: string, flags: number, mode: number): OpenFile {
    // O_EXCL: what appeared since the look-up was never granted.
    return this.#adding(() => this.openEntry(name, flags | linux.O_CREAT | linux.O_EXCL, mode & ~linux.UMASK));
  }

  mkdir(name: string, mode: number): void {
    this.#adding(() => guard(() => mkdirSync(this.reach(name), mode & ~linux.UMASK)));
  }

  symlink(name: string, text: string): void {
    const stored = this.volume.links.store(hostJoin(this.path, name), text);
    this.#adding(() => guard(() => symlinkSync(stored, this.reach(name))));
  }

  link(name: string, node: Node): void {
    if (!(node instanceof HostEntry) || node.volume !== this.volume) fail("EXDEV");
    this.#adding(() => guard(() => linkSync(node.at, this.reach(name))));
  }

  unlink(name: string): void {
    this.#removing(name, () => guard(() => unlinkSync(this.reach(name))));
  }

  rmdir(name: string): void {
    this.#removing(name, () => guard(() => rmdirSync(this.reach(name))));
    this.volume.anchors.forget(hostJoin(this.path, name));
  }

  rename(name: string, to: Directory, toName: string): void {
    if (!(to instanceof HostDirectory) || to.volume !== this.volume) fail("EXDEV");
    const { counter } = this.volume;
    const [from, onto] = [this.reach(name), to.reach(toName)];
    const old = counter && guard(() => lstatSync(onto, { throwIfNoEntry: false }));
    const same = old !== undefined && guard(() => lstatSync(from)).ino === old.ino;
    guard(() => renameSync(from, onto));
    this.volume.anchors.forget(hostJoin(this.path, name));
    to.volume.anchors.forget(hostJoin(to.path, toName));
    if (counter !== undefined && old !== undefined && !same) counter.removed(old);
    this.volume.anchors.doubt();
  }

  /**
   * Opens an entry, never through a link, and makes sure it is the one that was asked for.
   * @throws SyscallFailure EACCES when the path has changed hands since the look-up
   */
  openEntry(name: string, flags: number, mode: number): OpenFile {
    return guard(() => {
      const descriptor = openSync(this.reach(name), hostFlags(flags), mode);
      if (!isAt(descriptor, hostJoin(this.path, name))) {
        closeSync(descriptor);
        fail("EACCES");
      }
      this.volume.counter?.opened(descriptor);
      return new OpenHostFile(this.volume, descriptor);
    });
  }

  /** Runs something on one entry by a path that cannot be redirected by a link. */
  pinned<T>(name: string, operation: (path: string) => T): T {
    return guard(() => {
      if (process.platform !== "linux") return operation(this.reach(name));
      const descriptor = openSync(this.reach(name), linux.O_PATH | constants.O_NOFOLLOW);
      try {
        return operation(`/proc/self/fd/${descriptor}`);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  /** A miss under an anchor that was not verified just now may only mean that the directory moved. */
  #lookAgain(name: string): BigIntStats | undefined {
    const before = this.#anchor;
    this.#anchor = this.volume.anchors.acquire(this.path, true);
    if (this.#anchor === undefined || this.#anchor === before) return undefined;
    return this.#look(name);
  }

  #look(name: string): BigIntStats | undefined {
    try {
      return lstatSync(this.reach(name), LOOK);
    } catch (error) {
      return fail(errnoOf(error));
    }
  }

  #adding<T>(operation: () => T): T {
    const { counter } = this.volume;
    counter?.adding();
    try {
      return operation();
    } catch (error) {
      counter?.notAdded();
      throw error;
    }
  }

  #removing(name: string, operation: () => void): void {
    const { counter } = this.volume;
    const stats = counter && guard(() => lstatSync(this.reach(name)));
    operation();
    if (counter !== undefined && stats !== undefined) counter.removed(stats);
    this.volume.anchors.doubt();
  }
}
