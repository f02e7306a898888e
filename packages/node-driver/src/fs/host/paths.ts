import { normalize, sep } from "node:path";

const WINDOWS = sep !== "/";

/** A host path below a directory, from plain names joined by `/`. Cheaper than `join`: nothing needs normalising. */
export function hostJoin(directory: string, relative: string): string {
  const joined = directory.endsWith(sep) ? directory + relative : `${directory}${sep}${relative}`;
  return WINDOWS ? normalize(joined) : joined;
}

/** The last name of a host path. */
export const lastName = (path: string): string => path.slice(path.lastIndexOf(sep) + 1);
