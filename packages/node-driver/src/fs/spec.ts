/** A seed file: text as UTF-8, or bytes as base64. */
export type SeedContent = string | { readonly base64: string };

/** Files in the cell's memory. Links, modes and times behave as on Linux. */
export interface MemoryMountSpec {
  readonly guest: string;
  readonly kind: "memory";
  /** Bytes all files together may take. */
  readonly quotaBytes?: number;
  /** Files, directories and links together. */
  readonly quotaFiles?: number;
  /** Files made at the start, by path relative to the mount. */
  readonly seed?: Readonly<Record<string, SeedContent>>;
}

/** A directory of the host. */
export interface HostMountSpec {
  readonly guest: string;
  readonly kind: "host";
  readonly host: string;
  readonly mode: "ro" | "rw";
}

/** A project's installed packages, read-only: `<host>/node_modules` shown at `guest`. */
export interface OverlayMountSpec {
  readonly guest: string;
  readonly kind: "overlay";
  readonly host: string;
}

/** Where a run leaves its results: a host directory the supervisor made, with a quota. */
export interface ArtifactsMountSpec {
  readonly guest: "/artifacts";
  readonly kind: "artifacts";
  readonly host: string;
  readonly quotaBytes: number;
  readonly quotaFiles: number;
}

export type MountSpec = MemoryMountSpec | HostMountSpec | OverlayMountSpec | ArtifactsMountSpec;

/** The guest's file system. Plain JSON: it crosses a process boundary. */
export interface FileSystemSpec {
  readonly mounts: readonly MountSpec[];
}

/** Quota of the memory mount at `/` when the spec names none. */
export const DEFAULT_QUOTA_BYTES = 64 * 1024 * 1024;
export const DEFAULT_QUOTA_FILES = 10_000;
/** Descriptors a run may hold open, counting the three standard streams. */
export const MAX_DESCRIPTORS = 1024;
/** Most bytes one `read` answers; a longer read returns fewer bytes, as read(2) may. */
export const MAX_READ = 16 * 1024 * 1024;
