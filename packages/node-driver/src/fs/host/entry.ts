import { accessSync, type BigIntStats, chmodSync, lchownSync, lstatSync, lutimesSync, readlinkSync } from "node:fs";
import type { Listener } from "../changes.ts";
import { fail, guard } from "../failure.ts";
import * as linux from "../linux.ts";
import type { Kind, Link, Node, OpenFile, Stat, Target } from "../node.ts";
import type { HostDirectory } from "./directory.ts";
import { lastName } from "./paths.ts";
import { encodeStat, hostTime } from "./stat.ts";
import type { HostVolume } from "./volume.ts";
import { watchHost } from "./watch.ts";

/** Something in a host directory, as it was when looked up. */
export class HostEntry implements Node {
  readonly kind: Kind;
  readonly volume: HostVolume;
  /** Real host path; it never leaves the driver. */
  readonly path: string;
  readonly #holder: HostDirectory | undefined;
  #stats: BigIntStats | undefined;

  constructor(
    volume: HostVolume,
    holder: HostDirectory | undefined,
    path: string,
    kind: Kind,
    stats: BigIntStats | undefined,
  ) {
    this.volume = volume;
    this.path = path;
    this.kind = kind;
    this.#holder = holder;
    this.#stats = stats;
  }

  /** The host path operations use: through the holding directory's anchor. */
  get at(): string {
    return this.#holder === undefined ? this.path : this.#holder.reach(lastName(this.path));
  }

  /** Answers once from the look-up itself, so that what was located is what is described. */
  stat(): Stat {
    const stats = this.#stats ?? guard(() => lstatSync(this.at, { bigint: true }));
    this.#stats = undefined;
    return encodeStat(stats, this.volume.device);
  }

  access(mode: number): void {
    if ((mode & linux.W_OK) !== 0 && this.volume.refusal !== undefined) fail(this.volume.refusal);
    if (mode !== 0) this.#pinned((path) => accessSync(path, mode));
  }

  chmod(mode: number): void {
    this.#pinned((path) => chmodSync(path, mode));
  }

  chown(uid: number, gid: number): void {
    guard(() => lchownSync(this.at, uid, gid));
  }

  utimes(atime: number, mtime: number): void {
    guard(() => lutimesSync(this.at, hostTime(atime), hostTime(mtime)));
  }

  open(flags: number): OpenFile {
    // Pipes, sockets and devices of the host are authority that a folder does not grant.
    if (this.kind !== "file" || this.#holder === undefined) return fail("EACCES");
    const holder = this.#holder;
    const plain = flags & ~(linux.O_CREAT | linux.O_EXCL | linux.O_TRUNC);
    if ((flags & linux.O_TRUNC) === 0) return holder.openEntry(lastName(this.path), plain, 0);
    // Emptied only once it is known to be the right file. The handle table holds the guest to its own access mode.
    const file = holder.openEntry(lastName(this.path), linux.writes(flags) ? plain : plain | linux.O_RDWR, 0);
    try {
      file.truncate(0);
    } catch (error) {
      file.close();
      throw error;
    }
    return file;
  }

  watch(listener: Listener): () => void {
    return this.#pinned((path) => watchHost(path, false, listener));
  }

  #pinned<T>(operation: (path: string) => T): T {
    if (this.#holder === undefined) return guard(() => operation(this.path));
    return this.#holder.pinned(lastName(this.path), operation);
  }
}

/** A symbolic link of the host. */
export class HostLink extends HostEntry implements Link {
  override readonly kind = "link";

  constructor(volume: HostVolume, holder: HostDirectory, path: string, stats: BigIntStats) {
    super(volume, holder, path, "link", stats);
  }

  text(): string {
    return this.volume.links.text(this.path, this.#read());
  }

  target(): Target {
    return this.volume.links.target(this.path, this.#read());
  }

  override open(): OpenFile {
    return fail("ELOOP");
  }

  #read(): string {
    return guard(() => readlinkSync(this.at));
  }
}
