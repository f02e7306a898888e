import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail } from "../fs/failure.ts";
import { Anchors } from "../fs/host/anchors.ts";
import { below } from "../fs/host/links.ts";
import { HostVolume, type LinkPolicy } from "../fs/host/volume.ts";
import { joinPath, type Mounts, parentOf } from "../fs/mounts.ts";
import { admissionOf } from "./admission.ts";

/** A host directory the guest may see, and the guest path it has. */
interface Admitted {
  readonly host: string;
  readonly guest: string;
}

/** Folders admitted at most: a project has a few hundred packages at its edge, a hostile tree as many as it likes. */
const MAX_ADMITTED = 4096;

/**
 * A project's `node_modules`, read-only, with the packages and stores its links lead to. Each of those becomes a mount
 * of its own when a link to it is first met: inside the project at the same relative place, elsewhere under
 * `node_modules/.external/<n>`.
 */
export class Overlay {
  readonly #mounts: Mounts;
  readonly #device: number;
  readonly #project: string;
  readonly #guest: string;
  readonly #anchors = new Anchors();
  readonly #admitted: Admitted[] = [];
  /** Where links lead, by link path and text. */
  readonly #targets = new Map<string, string>();
  #scanned = false;
  #external = 0;

  /** `project` is a real host path; its `node_modules` must exist. */
  constructor(mounts: Mounts, device: number, project: string, guest: string) {
    this.#mounts = mounts;
    this.#device = device;
    this.#project = project;
    this.#guest = guest;
    this.#mount({ host: realpathSync.native(join(project, "node_modules")), guest }, false);
    const base = parentOf(guest);
    mounts.addScout(base === "/" ? "/" : `${base}/`, () => this.#scan());
  }

  release(): void {
    this.#anchors.release();
  }

  get #links(): LinkPolicy {
    return {
      text: (link, text) => (text.startsWith("/") ? this.#follow(link, text) : text),
      target: (link, text) => ({ from: "root", path: this.#follow(link, text), contained: false }),
      store: () => fail("EACCES"),
    };
  }

  #follow(link: string, text: string): string {
    const key = `${link}\0${text}`;
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    this.#scan();
    const guest = this.#guestPath(link);
    if (guest === undefined) return this.#dangling(link, text);
    this.#targets.set(key, guest);
    return guest;
  }

  /**
   * -> nothing when the link is broken
   * @throws SyscallFailure EACCES for whatever is not admitted
   */
  #guestPath(link: string): string | undefined {
    let real: string;
    let directory: boolean;
    try {
      real = realpathSync.native(link);
      directory = statSync(real).isDirectory();
    } catch {
      return undefined;
    }
    return this.#pathIn(real) ?? this.#admit(real, directory);
  }

  /** A broken link is walked as far as it stays inside, and ENOENT comes of itself; one that leads out tells nothing. */
  #dangling(link: string, text: string): string {
    return this.#pathIn(resolve(dirname(link), text)) ?? fail("EACCES");
  }

  #pathIn(real: string): string | undefined {
    let best: Admitted | undefined;
    for (const root of this.#admitted) {
      if (below(root.host, real) !== undefined && (best === undefined || root.host.length > best.host.length))
        best = root;
    }
    if (best === undefined) return undefined;
    const rest = below(best.host, real);
    return rest === "" || rest === undefined ? best.guest : joinPath(best.guest, rest);
  }

  #admit(real: string, directory: boolean): string {
    const root = admissionOf(real, directory, this.#project);
    if (root === undefined || this.#admitted.length >= MAX_ADMITTED) return fail("EACCES");
    this.#mount(...this.#placeFor(root));
    return this.#pathIn(real) ?? fail("EACCES");
  }

  #placeFor(host: string): [Admitted, boolean] {
    const inside = below(this.#project, host);
    if (inside !== undefined && inside !== "") {
      const guest = joinPath(parentOf(this.#guest), inside);
      const covering = this.#mounts.holder(guest);
      const rest = covering.host === undefined ? undefined : below(covering.host, host);
      const natural = rest !== undefined && joinPath(covering.guest, rest) === guest;
      if (natural || (covering.host === undefined && covering.guest !== guest)) return [{ host, guest }, false];
    }
    this.#external += 1;
    const place = `${this.#guest}/.external/${this.#external}`;
    // Names that Node's own look-up goes by are kept: a package in a store finds its neighbours by walking up.
    const kept = /(?:\/node_modules(?:\/\.[^/]+)?)$/.exec(host)?.[0] ?? "";
    return [{ host, guest: place + kept }, true];
  }

  #mount(admitted: Admitted, hidden: boolean): void {
    this.#admitted.push(admitted);
    const { host, guest } = admitted;
    // Where the project itself is mounted, that mount serves the path.
    const covering = this.#mounts.holder(guest);
    if (guest !== this.#guest && covering.host !== undefined && !covering.overlay) return;
    const volume = new HostVolume(this.#device, host, {
      links: this.#links,
      refusal: "EACCES",
      anchors: this.#anchors,
    });
    this.#mounts.add({ guest, root: volume.root, overlay: true, host, hidden });
  }

  /** Meets every link at the top of the overlay and of what it admits, so that what is visible does not depend on use. */
  #scan(): void {
    if (this.#scanned) return;
    this.#scanned = true;
    for (let i = 0; i < this.#admitted.length; i += 1) {
      const host = this.#admitted[i]?.host ?? "";
      this.#scanFolder(i === 0 ? host : join(host, "node_modules"));
    }
  }

  #scanFolder(folder: string): void {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      if (isLink(path)) this.#meet(path);
      else if (name.startsWith("@"))
        for (const scoped of namesIn(path)) if (isLink(join(path, scoped))) this.#meet(join(path, scoped));
    }
  }

  #meet(link: string): void {
    try {
      this.#guestPath(link);
    } catch {
      // It stays closed; whoever follows it learns so.
    }
  }
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
