import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Driver,
  type DriverSession,
  driverMark,
  type NodeDriverOptions,
  parseDriverOptions,
  resolveProcessInfo,
  splitPermissions,
} from "@vivarium/core";
import { ArtifactDirectory } from "./artifacts.ts";
import { type DriverSpec, mountSpecs, nodeBinary } from "./driver-spec.ts";
import type { MountSpec } from "./fs/spec.ts";

/** The program a cell runs, beside this package's built files wherever this module itself was bundled to. */
function findCellEntry(): string {
  const beside = fileURLToPath(new URL("../dist/cell.cjs", import.meta.url));
  if (existsSync(beside)) return beside;
  const installed = dirname(fileURLToPath(import.meta.resolve("@vivarium/node-driver")));
  return join(installed, "..", "dist", "cell.cjs");
}

/** What a Node driver takes beside its public options. */
export interface NodeDriverInternals {
  /** Another cell program, for tests of the supervisor. */
  readonly cellEntry?: string | undefined;
}

/**
 * The host's side of sandboxes on Node: memory files at `/`, host mounts, the `node_modules` overlay, `/artifacts`,
 * and permissions, which deny by default. Several runtimes may share one driver; each has files of its own.
 * @throws OptionsError naming the option that does not fit
 */
export function createNodeDriver(options: NodeDriverOptions = {}, internals: NodeDriverInternals = {}): Driver {
  const parsed = parseDriverOptions(options);
  const permissions = splitPermissions(parsed.permissions ?? {});
  const mounts = mountSpecs(parsed);
  const network = parsed.network !== false;
  const lookup = typeof parsed.network === "object" ? parsed.network.lookup : undefined;
  return {
    [driverMark]: true,
    cellEntry: internals.cellEntry === undefined ? findCellEntry() : resolve(internals.cellEntry),
    nodePath: nodeBinary(parsed),
    permissions,
    env: parsed.env ?? {},
    process: resolveProcessInfo(parsed.processInfo),
    os: parsed.osInfo,
    ...(lookup === undefined ? {} : { lookup }),
    async open(): Promise<DriverSession> {
      const { artifacts } = parsed;
      const spec = (shown: readonly MountSpec[]): DriverSpec => ({ files: { mounts: shown }, network });
      const childSpec = spec([]);
      if (artifacts === undefined || artifacts === false)
        return { spec: spec(mounts), childSpec, async [Symbol.asyncDispose]() {} };
      const directory = await ArtifactDirectory.make(artifacts === true ? {} : artifacts);
      return {
        spec: spec([...mounts, directory.mount]),
        childSpec,
        artifacts: directory,
        [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
      };
    },
  };
}
