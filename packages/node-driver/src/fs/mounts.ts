import type { BareVolume } from "./bare.ts";
import { DIRENT_DIR } from "./linux.ts";
import type { Directory, Listing, Node } from "./node.ts";

/** One place where a file system hangs in the guest's tree. */
export interface Mount {
  /** Canonical guest path. */
  readonly guest: string;
  /** Components in `guest`. */
  readonly depth: number;
  readonly root: Directory;
  readonly overlay: boolean;
  /** Real host directory, for mounts that have one. */
  readonly host?: string;
}

interface Added {
  readonly guest: string;
  readonly root: Directory;
  readonly overlay?: boolean;
  readonly host?: string;
  /** Reachable by its path, but absent from its parent's listing. */
  readonly hidden?: boolean;
}

export const depthOf = (path: string): number => (path === "/" ? 0 : path.split("/").length - 1);
export const joinPath = (directory: string, name: string): string =>
  directory === "/" ? `/${name}` : `${directory}/${name}`;
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

/** The mount table. Mount points hide what lies under them; directories above a mount point exist even where nothing made them. */
export class Mounts {
  readonly #byPath = new Map<string, Mount>();
  readonly #bare: BareVolume;
  readonly #implied = new Map<string, Directory>();
  readonly #names = new Map<string, Set<string>>();
  /** Asked once when something may be missing only because nobody has looked for it yet. */
  readonly #scouts: { readonly base: string; readonly scout: () => void }[] = [];

  constructor(root: Directory, bare: BareVolume) {
    this.#bare = bare;
    this.#byPath.set("/", { guest: "/", depth: 0, root, overlay: false });
  }

  get root(): Mount {
    return this.holder("/");
  }

  add(added: Added): void {
    const { guest, root, overlay = false, host, hidden = false } = added;
    if (this.#byPath.has(guest)) throw new TypeError(`${guest} is mounted twice`);
    this.#byPath.set(guest, { guest, depth: depthOf(guest), root, overlay, ...(host === undefined ? {} : { host }) });
    for (let path = guest; path !== "/"; path = parentOf(path)) {
      const parent = parentOf(path);
      if (!hidden) {
        const names = this.#names.get(parent) ?? new Set();
        this.#names.set(parent, names.add(path.slice(path.lastIndexOf("/") + 1)));
      }
      if (!this.#implied.has(parent)) this.#implied.set(parent, this.#bare.directory());
    }
  }

  /** Registers somebody who may add mounts below `base` when asked to look. */
  addScout(base: string, scout: () => void): void {
    this.#scouts.push({ base, scout });
  }

  at(path: string): Mount | undefined {
    return this.#byPath.get(path);
  }

  /** The mount a path without links lies in. */
  holder(path: string): Mount {
    for (let at = path; ; at = parentOf(at)) {
      const mount = this.#byPath.get(at);
      if (mount !== undefined) return mount;
    }
  }

  /** Whether anything is mounted under this path. */
  hasBelow(path: string): boolean {
    return this.#implied.has(path);
  }

  /** One step of a walk: what `name` is in `directory`, whose path with the name is `path`. */
  step(directory: Directory, path: string, name: string): Node | undefined {
    const mount = this.#byPath.get(path);
    if (mount !== undefined) return mount.root;
    return directory.lookup(name) ?? this.#missing(path);
  }

  /** A directory's entries with the mount points in it. */
  list(directory: Directory, path: string): Listing {
    this.#scoutFor(joinPath(path, "x"));
    const own = directory.list();
    const names = this.#names.get(path);
    if (names === undefined) return own;
    const listing: (string | number)[] = [];
    for (let i = 0; i < own.length; i += 2) {
      const name = own[i] as string;
      listing.push(
        name,
        names.has(name) && this.#byPath.has(joinPath(path, name)) ? DIRENT_DIR : (own[i + 1] as number),
      );
    }
    const seen = new Set(own);
    for (const name of names) if (!seen.has(name)) listing.push(name, DIRENT_DIR);
    return listing;
  }

  #missing(path: string): Node | undefined {
    this.#scoutFor(path);
    return this.#byPath.get(path)?.root ?? this.#implied.get(path);
  }

  #scoutFor(path: string): void {
    for (let i = 0; i < this.#scouts.length; i += 1) {
      const scout = this.#scouts[i];
      if (scout === undefined || !path.startsWith(scout.base)) continue;
      this.#scouts.splice(i, 1);
      scout.scout();
    }
  }
}
