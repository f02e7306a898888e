/** One compiled pattern over canonical guest paths. */
export interface Glob {
  readonly pattern: string;
  /** Ends in `/**`: whatever it matches, it matches with everything below. */
  readonly deep: boolean;
  matches(path: string): boolean;
}

const STAR = 42;
const QUESTION = 63;

/** Whether a path is absolute and plain: no empty, `.` or `..` component, no trailing slash, no NUL. */
export function isCanonicalPath(path: string): boolean {
  if (path === "/") return true;
  if (!path.startsWith("/") || path.endsWith("/") || path.includes("\0") || path.includes("//")) return false;
  return !(path.includes("/.") && /\/\.{1,2}(?:\/|$)/.test(path));
}

/** What is wrong with a pattern, worded to follow "must", or nothing. */
export function globProblem(pattern: string): string | undefined {
  if (!pattern.startsWith("/")) return "be an absolute guest path such as /data/**";
  if (pattern !== "/" && pattern.endsWith("/"))
    return `not end in a slash (write ${pattern}** for the folder and everything in it)`;
  if (!isCanonicalPath(pattern)) return "be a plain path without //, . or .. components or NUL";
  if (/\{[^/{}]*,[^/{}]*\}/.test(pattern)) return "not use braces (write one pattern for each alternative)";
  for (const part of pattern.split("/"))
    if (part.includes("**") && part !== "**") return "use ** only as a whole component (/data/**)";
  return undefined;
}

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff;

/** Where the character at `index` ends: `?` stands for one code point. */
const after = (text: string, index: number, end: number): number =>
  index + 1 < end && isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1)) ? index + 2 : index + 1;

/** Matches one component with `*` and `?`. Backtracks to the last star only, so the cost is a product, not a power. */
function wildcardMatches(part: string, path: string, start: number, end: number): boolean {
  let index = start;
  let at = 0;
  let star = -1;
  let retry = start;
  while (index < end) {
    const token = at < part.length ? part.charCodeAt(at) : -1;
    if (token === STAR) {
      star = at++;
      retry = index;
    } else if (token === QUESTION) {
      index = after(path, index, end);
      at++;
    } else if (token === path.charCodeAt(index)) {
      index++;
      at++;
    } else if (star >= 0) {
      retry = after(path, retry, end);
      index = retry;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (at < part.length && part.charCodeAt(at) === STAR) at++;
  return at === part.length;
}

const partMatches = (part: string, wild: boolean, path: string, start: number, end: number): boolean =>
  wild ? wildcardMatches(part, path, start, end) : end - start === part.length && path.startsWith(part, start);

/** Matches component by component; `**` backtracks the same way `*` does within one. */
function partsMatch(parts: readonly string[], wild: readonly boolean[], path: string): boolean {
  let at = 0;
  let pos = path === "/" ? 2 : 1;
  let star = -1;
  let retry = 0;
  while (pos <= path.length) {
    const part = parts[at];
    if (part === "**") {
      if (at === parts.length - 1) return true;
      star = at++;
      retry = pos;
      continue;
    }
    const slash = path.indexOf("/", pos);
    const end = slash < 0 ? path.length : slash;
    if (part !== undefined && partMatches(part, wild[at] === true, path, pos, end)) {
      at++;
      pos = end + 1;
    } else if (star >= 0) {
      const next = path.indexOf("/", retry);
      retry = next < 0 ? path.length + 1 : next + 1;
      pos = retry;
      at = star + 1;
    } else {
      return false;
    }
  }
  while (parts[at] === "**") at++;
  return at === parts.length;
}

/**
 * Compiles a pattern: `*` and `?` within a component, `**` for any number of components (none included), everything
 * else literal. `*` matches names that begin with a dot.
 * @throws RangeError when the pattern is none (see `globProblem`).
 */
export function compileGlob(pattern: string): Glob {
  const problem = globProblem(pattern);
  if (problem !== undefined) throw new RangeError(`pattern ${JSON.stringify(pattern)} must ${problem}`);
  const parts = pattern === "/" ? [] : pattern.slice(1).split("/");
  const wild = parts.map((part) => /[*?]/.test(part));
  const deep = parts.at(-1) === "**";
  const fixed = !wild.slice(0, -1).includes(true) && (deep || wild.at(-1) !== true);
  if (!fixed) return { pattern, deep, matches: (path) => partsMatch(parts, wild, path) };
  if (!deep) return { pattern, deep, matches: (path) => path === pattern };
  const prefix = pattern.slice(0, -2);
  const folder = prefix === "/" ? "/" : prefix.slice(0, -1);
  return { pattern, deep, matches: (path) => path === folder || path.startsWith(prefix) };
}
