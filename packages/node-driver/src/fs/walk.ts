import { posix } from "node:path";
import { errnoOf, fail } from "./failure.ts";
import { MAX_LINKS, NAME_MAX } from "./linux.ts";
import { joinPath, type Mount, type Mounts, parentOf } from "./mounts.ts";
import { type Directory, isDirectory, isLink, type Link } from "./node.ts";
import type { Place } from "./place.ts";

interface Step {
  readonly directory: Directory;
  readonly path: string;
  readonly mount: Mount;
}

/** Empty, `.` and `..` components: paths that have none can be looked up in one step. */
const INDIRECT = /\/\.{0,2}(?:\/|$)/;
const DOTS = /\/\.\.?$/;

const tooLong = (name: string): boolean => name.length > NAME_MAX / 3 && Buffer.byteLength(name) > NAME_MAX;

/** Follows guest paths through the mounts, component by component as a kernel does. */
export class Walker {
  readonly #mounts: Mounts;

  constructor(mounts: Mounts) {
    this.#mounts = mounts;
  }

  /** Never throws for what the path is: that is `failure`. Nothing is created, nothing opened. */
  locate(path: string, follow: boolean): Place {
    return this.#direct(path, follow) ?? new Walk(this.#mounts, path, follow).run();
  }

  /** The quick way for files of a host mount that no link leads to. Nothing means: walk. */
  #direct(path: string, follow: boolean): Place | undefined {
    if (INDIRECT.test(path)) return undefined;
    const mount = this.#mounts.holder(path);
    const { volume } = mount.root;
    if (volume.reach === undefined || mount.guest === path || this.#mounts.hasBelow(path)) return undefined;
    try {
      const reached = volume.reach(path.slice(mount.guest === "/" ? 1 : mount.guest.length + 1));
      if (reached === undefined || (reached.node !== undefined && isLink(reached.node) && follow)) return undefined;
      const { directory, name, node } = reached;
      const missing = node === undefined ? { directory, path: parentOf(path), names: [name] } : undefined;
      const failure = node === undefined ? "ENOENT" : undefined;
      const plain = { slash: false, dots: false, viaLink: false };
      return {
        path,
        overlay: mount.overlay,
        failure,
        node,
        directory: node?.kind === "directory",
        holder: directory,
        name,
        missing,
        ...plain,
      };
    } catch {
      return undefined;
    }
  }
}

/** One walk along one path. */
class Walk {
  readonly #mounts: Mounts;
  readonly #follow: boolean;
  readonly #dots: boolean;
  /** From the root to where the walk stands. */
  readonly #trail: Step[] = [];
  /** Components still to go, last first, each with the depth its `..` must not leave. */
  readonly #pending: string[] = [];
  readonly #floors: number[] = [];
  #links = 0;
  #slash: boolean;
  #viaLink = false;

  constructor(mounts: Mounts, path: string, follow: boolean) {
    this.#mounts = mounts;
    this.#follow = follow;
    this.#slash = path.endsWith("/");
    this.#dots = DOTS.test(path);
    this.#trail.push({ directory: mounts.root.root, path: "/", mount: mounts.root });
    this.#push(path, 0);
  }

  run(): Place {
    let name = "";
    try {
      while (this.#pending.length > 0) {
        name = this.#pending.pop() as string;
        const end = this.#advance(name, this.#floors.pop() as number);
        if (end !== undefined) return end;
      }
    } catch (error) {
      return this.#stopped(errnoOf(error), name);
    }
    return this.#atDirectory();
  }

  get #here(): Step {
    return this.#trail[this.#trail.length - 1] as Step;
  }

  #push(path: string, floor: number): void {
    const names = path.split("/");
    for (let i = names.length - 1; i >= 0; i -= 1) {
      const name = names[i];
      if (name === undefined || name === "") continue;
      this.#pending.push(name);
      this.#floors.push(floor);
    }
  }

  #advance(name: string, floor: number): Place | undefined {
    if (name === ".") return undefined;
    if (name === "..") {
      if (this.#trail.length - 1 > floor) this.#trail.pop();
      return undefined;
    }
    if (tooLong(name)) fail("ENAMETOOLONG");
    const { directory, path: base } = this.#here;
    const path = joinPath(base, name);
    const node = this.#mounts.step(directory, path, name);
    if (node === undefined) return this.#absent(name);
    const last = this.#pending.length === 0;
    if (isLink(node) && (!last || this.#follow || this.#slash)) {
      this.#expand(node, floor, last);
      return undefined;
    }
    if (isDirectory(node)) {
      this.#trail.push({ directory: node, path, mount: this.#mounts.at(path) ?? this.#here.mount });
      return undefined;
    }
    if (!last || this.#slash) fail("ENOTDIR");
    return this.#place({ path, node, holder: directory, name });
  }

  #expand(link: Link, floor: number, last: boolean): void {
    this.#links += 1;
    if (this.#links > MAX_LINKS) fail("ELOOP");
    const { from, path, contained } = link.target();
    if (path === "") fail("ENOENT");
    if (last) {
      this.#viaLink = true;
      this.#slash ||= path.endsWith("/");
    }
    const { mount } = this.#here;
    if (from === "root") this.#trail.length = 1;
    if (from === "mount") this.#trail.length = mount.depth + 1;
    this.#push(path, contained ? Math.max(floor, mount.depth) : from === "here" ? floor : 0);
  }

  #atDirectory(): Place {
    const { directory: node, path, mount } = this.#here;
    const isRoot = mount.guest === path;
    const holder = isRoot ? undefined : this.#trail[this.#trail.length - 2]?.directory;
    return this.#place({ path, node, holder, name: path.slice(path.lastIndexOf("/") + 1) });
  }

  #absent(name: string): Place {
    const { directory, path } = this.#here;
    const creatable = this.#pending.length === 0;
    const names = this.#rest(name);
    return this.#place({
      path: posix.join(path, ...names),
      holder: creatable ? directory : undefined,
      name,
      missing: { directory, path, names },
      failure: "ENOENT",
    });
  }

  #stopped(failure: string, name: string): Place {
    return this.#place({ path: posix.join(this.#here.path, ...this.#rest(name)), name, failure });
  }

  #rest(name: string): string[] {
    return [name, ...this.#pending.toReversed()];
  }

  #place(found: { readonly [K in keyof Place]?: Place[K] | undefined } & Pick<Place, "path" | "name">): Place {
    return {
      path: found.path,
      overlay: this.#here.mount.overlay,
      failure: found.failure,
      node: found.node,
      directory: found.node?.kind === "directory",
      holder: found.holder,
      name: found.name,
      missing: found.missing,
      slash: this.#slash,
      dots: this.#dots,
      viaLink: this.#viaLink,
    };
  }
}
