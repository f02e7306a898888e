import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FsNeed, ModuleNeed } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { Overlay } from "../overlay/overlay.ts";
import { BareVolume } from "./bare.ts";
import { fsHandlers } from "./handlers/index.ts";
import { Handles } from "./handles.ts";
import { Counter } from "./host/counter.ts";
import { containedLinks, noLinks } from "./host/links.ts";
import { HostVolume } from "./host/volume.ts";
import { addDevices } from "./memory/devices.ts";
import { MemoryVolume } from "./memory/volume.ts";
import { moduleHandlers } from "./modules.ts";
import { Mounts } from "./mounts.ts";
import type { Place } from "./place.ts";
import { Quota } from "./quota.ts";
import type { FileSystemSpec, MountSpec } from "./spec.ts";
import { Walker } from "./walk.ts";
import { Watchers } from "./watchers.ts";

export type { Place } from "./place.ts";
export type { FileSystemSpec, MountSpec } from "./spec.ts";

/** The guest's files: the `fs` and `modules` part of a cell's driver. */
export interface Files extends Disposable {
  /** Follows a guest path as far as it goes. Never throws for what the path is: that is `failure`. */
  locate(need: FsNeed | ModuleNeed): Place;
  readonly handlers: { readonly fs: Handlers<"fs", Place>; readonly modules: Handlers<"modules", Place> };
  /** The same files with descriptors of their own. */
  share(): Files;
  /** Closes what the last run left open. Contents of memory mounts stay. */
  reset(): void;
}

/** Directories every guest finds. */
const STANDARD = ["tmp", "root", "app"];

/**
 * Builds the guest's file system.
 * @throws TypeError for a spec that cannot be: a mount point that is not a canonical path or is taken, a host directory
 * that is not there
 */
export function createFiles(spec: FileSystemSpec): Files {
  const volumes = new Volumes(spec.mounts);
  const walker = new Walker(volumes.mounts);
  const view = (rest: () => void): Files => {
    const handles = new Handles();
    const watchers = new Watchers();
    const reset = (): void => {
      handles.closeAll();
      watchers.closeAll();
      rest();
    };
    return {
      locate: ({ path, follow }) => walker.locate(path, follow),
      handlers: { fs: fsHandlers(volumes.mounts, handles, watchers), modules: moduleHandlers() },
      share: () => view(() => {}),
      reset,
      [Symbol.dispose]: reset,
    };
  };
  return view(() => volumes.rest());
}

/** Makes the volumes of a spec and mounts them. */
class Volumes {
  readonly mounts: Mounts;
  readonly #resting: (() => void)[] = [];
  #lastDevice = 0;

  constructor(specs: readonly MountSpec[]) {
    const root = specs.find((spec) => spec.guest === "/");
    if (root !== undefined && root.kind !== "memory") throw new TypeError("the mount at / must be of kind memory");
    const memory = new MemoryVolume(this.#device(), root ?? {});
    for (const name of STANDARD) memory.directory(name);
    addDevices(memory);
    memory.seed(root?.seed ?? {});
    this.mounts = new Mounts(memory.root, new BareVolume(this.#device()));
    const rest = specs.filter((spec) => spec !== root).sort((a, b) => a.guest.length - b.guest.length);
    for (const mount of rest) this.#mount(mount);
  }

  /** Lets go of host descriptors. */
  rest(): void {
    for (const release of this.#resting) release();
  }

  #device(): number {
    this.#lastDevice += 1;
    return this.#lastDevice;
  }

  #mount(spec: MountSpec): void {
    const { guest } = spec;
    if (!/^(?:\/[^/\0]+)+$/.test(guest) || /\/\.\.?(?:\/|$)/.test(guest))
      throw new TypeError(`${guest} is not a mount point`);
    this.#prepare(guest);
    if (spec.kind === "memory") {
      const volume = new MemoryVolume(this.#device(), spec);
      volume.seed(spec.seed ?? {});
      this.mounts.add({ guest, root: volume.root });
    } else if (spec.kind === "overlay") this.#overlay(guest, spec.host);
    else this.#host(spec);
  }

  #host(spec: Extract<MountSpec, { kind: "host" | "artifacts" }>): void {
    const { guest } = spec;
    const host = realDirectory(guest, spec.host);
    const device = this.#device();
    const volume =
      spec.kind === "artifacts"
        ? new HostVolume(device, host, {
            links: noLinks(host, guest),
            counter: new Counter(new Quota(spec.quotaBytes, spec.quotaFiles), host),
          })
        : new HostVolume(device, host, {
            links: containedLinks(host, guest, spec.host),
            ...(spec.mode === "ro" ? { refusal: "EROFS" } : {}),
          });
    this.#resting.push(() => volume.anchors.release());
    this.mounts.add({ guest, root: volume.root, host });
  }

  #overlay(guest: string, project: string): void {
    const host = realDirectory(guest, project);
    const device = this.#device();
    if (statSync(join(host, "node_modules"), { throwIfNoEntry: false })?.isDirectory() !== true) {
      this.mounts.add({ guest, root: new BareVolume(device).directory(), overlay: true });
      return;
    }
    const overlay = new Overlay(this.mounts, device, host, guest);
    this.#resting.push(() => overlay.release());
  }

  /** A mount point in a memory mount gets a real directory there, as mount(8) wants. */
  #prepare(guest: string): void {
    const parent = this.mounts.holder(guest);
    const { volume } = parent.root;
    if (volume instanceof MemoryVolume) volume.directory(guest.slice(parent.guest.length));
  }
}

function realDirectory(guest: string, host: string): string {
  try {
    const real = realpathSync.native(host);
    if (statSync(real).isDirectory()) return real;
  } catch {}
  throw new TypeError(`the host directory to mount at ${guest} is not there`);
}
