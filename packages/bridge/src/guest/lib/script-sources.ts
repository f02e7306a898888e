import { SafeMap } from "../primordials.ts";

/** So many of the newest scripts, and so many characters of each, are kept for excerpts of where errors were thrown. */
const MOST_SCRIPTS = 64;
const MOST_TEXT = 256 * 1024;

interface Kept {
  readonly source: string;
  /** Lines before its first. */
  readonly line: number;
}

const scripts = new SafeMap<string, Kept>();

/** A script of `vm` runs under this name. */
export function keepScript(name: string, source: string, line: number): void {
  scripts.delete(name);
  scripts.set(name, { source: source.length > MOST_TEXT ? "" : source, line });
  if (scripts.size <= MOST_SCRIPTS) return;
  let oldest: string | undefined;
  scripts.forEach((_, known) => {
    oldest ??= known;
  });
  if (oldest !== undefined) scripts.delete(oldest);
}

/** The script of this name, where it is one of the newest. */
export const keptScript = (name: string): Kept | undefined => scripts.get(name);
