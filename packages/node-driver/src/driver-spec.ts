import { Buffer } from "node:buffer";
import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type MemoryOptions, type MountOption, type NodeDriverOptions, OptionsError } from "@vivarium/core";
import type { FileSystemSpec, MemoryMountSpec, MountSpec } from "./fs/spec.ts";

/** What crosses into the cell to build the driver's half there. Plain JSON. */
export interface DriverSpec {
  readonly files: FileSystemSpec;
  /** Whether it reaches the network outside, as far as the permissions allow. */
  readonly network: boolean;
}

const OVERLAY = "/app/node_modules";

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function memoryMount(guest: string, { files, quotaBytes, quotaFiles }: MemoryOptions): MemoryMountSpec {
  const seed = Object.entries(files ?? {}).map(([path, content]) => [
    path.replace(/^\/+/, ""),
    typeof content === "string" ? content : { base64: Buffer.from(content).toString("base64") },
  ]);
  return {
    guest,
    kind: "memory",
    ...(quotaBytes === undefined ? {} : { quotaBytes }),
    ...(quotaFiles === undefined ? {} : { quotaFiles }),
    ...(seed.length === 0 ? {} : { seed: Object.fromEntries(seed) }),
  };
}

function mountSpec(mount: MountOption, index: number): MountSpec {
  if (mount.kind === "memory") return memoryMount(mount.guest, mount);
  const host = resolve(mount.host);
  if (!isDirectory(host)) {
    throw new OptionsError([
      `options.mounts[${index}].host must be a directory of the host; got ${JSON.stringify(mount.host)}`,
    ]);
  }
  const { guest, kind } = mount;
  return kind === "overlay" ? { guest, kind, host } : { guest, kind, host, mode: mount.mode ?? "ro" };
}

/** The overlay of the project's packages: by default there when the project has any, and nothing else is mounted there. */
function overlay({ moduleAccess, mounts = [] }: NodeDriverOptions): readonly MountSpec[] {
  if (moduleAccess === false) return [];
  const wanted = moduleAccess?.cwd !== undefined;
  const host = resolve(moduleAccess?.cwd ?? process.cwd());
  const taken = mounts.some(({ guest }) => guest === OVERLAY || (guest === "/app" && !wanted));
  if (taken) return [];
  if (isDirectory(join(host, "node_modules"))) return [{ guest: OVERLAY, kind: "overlay", host }];
  if (!wanted) return [];
  throw new OptionsError([
    `options.moduleAccess.cwd must be a project folder with node_modules; got ${JSON.stringify(moduleAccess?.cwd)}`,
  ]);
}

/** The Node binary of the cells. @throws OptionsError when there is none */
export function nodeBinary({ nodePath }: NodeDriverOptions): string | undefined {
  if (nodePath === undefined) return undefined;
  const path = resolve(nodePath);
  try {
    accessSync(path, constants.X_OK);
    if (statSync(path).isFile()) return path;
  } catch {
    // As below.
  }
  throw new OptionsError([`options.nodePath must be the path of a Node binary; got ${JSON.stringify(nodePath)}`]);
}

/** The mounts of every sandbox of a driver. @throws OptionsError for host directories that are not there. */
export const mountSpecs = (options: NodeDriverOptions): readonly MountSpec[] => [
  memoryMount("/", options.fs ?? {}),
  ...(options.mounts ?? []).map(mountSpec),
  ...overlay(options),
];
