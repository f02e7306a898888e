import { BoundedMap } from "./bounded-map.ts";
import { compileGlob, type Glob, isCanonicalPath } from "./glob.ts";

/** Longer paths are matched every time: the cache must not become the guest's storage. */
const MAX_CACHED_PATH = 512;
const MAX_CACHED = 2048;

/** A set of patterns over canonical guest paths, with allowed answers remembered. */
export interface PathRules {
  /** The first pattern that matches this very path. Nothing for a path that is not canonical. */
  match(path: string): string | undefined;
  /** The first pattern that matches the path and everything below it. */
  matchTree(path: string): string | undefined;
}

/**
 * Compiles patterns once.
 * @throws RangeError for a text that is no pattern.
 */
export function compilePathRules(patterns: readonly string[]): PathRules {
  const globs = patterns.map(compileGlob);
  const deep = globs.filter((glob) => glob.deep);
  const first = (candidates: readonly Glob[], path: string): string | undefined => {
    if (!isCanonicalPath(path)) return undefined;
    for (const glob of candidates) if (glob.matches(path)) return glob.pattern;
    return undefined;
  };
  const allowed = new BoundedMap<string, string>(MAX_CACHED);
  return {
    match(path) {
      const known = allowed.get(path);
      if (known !== undefined) return known;
      const pattern = first(globs, path);
      if (pattern !== undefined && path.length <= MAX_CACHED_PATH) allowed.set(path, pattern);
      return pattern;
    },
    matchTree: (path) => first(deep, path),
  };
}
