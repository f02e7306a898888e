import type { Readable } from "node:stream";
import type { SplitPermissions } from "../permissions/index.ts";
import type { NetworkLookup, OsInfoOptions, ProcessInfo } from "./options.ts";

/** One file that a run left in `/artifacts`. */
export interface ArtifactFile {
  /** Path below `/artifacts`, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** What a guest left in its output directory. */
export interface Artifacts {
  /** Every file, sorted by path. */
  list(): Promise<readonly ArtifactFile[]>;
  /** A file's bytes. @throws ENOENT when there is no such file; links are not followed. */
  open(path: string): Promise<Readable>;
}

/** What one runtime holds of its driver. Whoever opens it disposes it. */
export interface DriverSession extends AsyncDisposable {
  /** Plain JSON for the driver's half in the cell. */
  readonly spec: unknown;
  /** The same for a child process, whose files are its parent's: without them. */
  readonly childSpec?: unknown;
  readonly artifacts?: Artifacts | undefined;
}

/** The host's side of a sandbox: which program its cells run, and what it is given. Runtimes may share one. */
export interface Driver {
  readonly [driverMark]: true;
  /** Host path of the program that a cell of this driver runs. */
  readonly cellEntry: string;
  /** The Node binary of its cells; the embedder's own when left out. */
  readonly nodePath?: string | undefined;
  readonly permissions: SplitPermissions;
  /** Base environment, not yet filtered. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly process: ProcessInfo;
  readonly os: OsInfoOptions | undefined;
  /** Answers look-ups instead of the driver's half in the cell. */
  readonly lookup?: NetworkLookup | undefined;
  open(): Promise<DriverSession>;
}

/** Tells a driver from any other object. */
export const driverMark: unique symbol = Symbol.for("vivarium.driver");

export const isDriver = (value: unknown): value is Driver =>
  typeof value === "object" && value !== null && Reflect.get(value, driverMark) === true;
