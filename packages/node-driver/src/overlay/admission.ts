import { statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { below } from "../fs/host/links.ts";

/** Where package managers keep what their links lead to: pnpm, yarn's pnpm linker, bun's isolated linker. */
const STORE = /^.*?[/\\]node_modules[/\\]\.(?:pnpm|store|bun)(?=[/\\]|$)/;
/** One entry of pnpm's global virtual store (`<store>/v10/links/<name>/<version>/<hash>/node_modules`). */
const GLOBAL_STORE = /^.*[/\\]store[/\\]v\d+[/\\]links[/\\].*?[/\\]node_modules(?=[/\\])/;

const isPackage = (folder: string): boolean =>
  statSync(join(folder, "package.json"), { throwIfNoEntry: false })?.isFile() ?? false;

/** The nearest folder with a package.json, at or above. */
function packageAbove(folder: string): string | undefined {
  const { root } = parse(folder);
  for (let at = folder; at !== root; at = dirname(at)) if (isPackage(at)) return at;
  return undefined;
}

/**
 * Which folder a link out of the overlay opens to the guest, if any. `real` is the link's real target.
 * - a target in a package manager's store opens that store (pnpm's global one: the one entry);
 * - a folder opens when it is a package itself; a file opens the package it lies in;
 * - never the project, its ancestors, or anything that contains them.
 */
export function admissionOf(real: string, directory: boolean, project: string): string | undefined {
  const folder = GLOBAL_STORE.exec(real)?.[0] ?? STORE.exec(real)?.[0] ?? packageOf(real, directory);
  if (folder === undefined || below(folder, project) !== undefined) return undefined;
  return folder;
}

function packageOf(real: string, directory: boolean): string | undefined {
  if (!directory) return packageAbove(dirname(real));
  return isPackage(real) ? real : undefined;
}
