import type { FsNeed, FsOp } from "@vivarium/bridge/contract";
import { fsCure } from "./cure.ts";
import type { Located } from "./granted.ts";
import { compilePathRules, type PathRules } from "./path-rules.ts";
import type { FsAccess, FsRequest, Verdict } from "./requests.ts";
import type { WirePermissions } from "./rules.ts";

/** A need that says whether it reaches everything under its path (`rm -r`). */
export type TreeNeed = FsNeed & { readonly subtree?: boolean };
/** A place that says whether it is a directory: renaming or removing one moves all it holds. */
export type TreeLocated = Located & { readonly directory?: boolean };

/** The other end of rename, link and copy, seen from this one: `to` when this end is the source. */
export interface OtherEnd {
  readonly role: "from" | "to";
  readonly path: string;
  readonly directory?: boolean;
}

const looks: ReadonlySet<FsOp> = new Set<FsOp>(["read", "stat", "readdir", "readlink"]);

/** Which rule list decides an operation. */
export const accessOf = (op: FsOp): FsAccess => (looks.has(op) ? "read" : "write");

/** Whether the operation carries off or destroys what lies under the path. */
function reachesTree(need: TreeNeed, located: TreeLocated, other?: OtherEnd): boolean {
  if (need.op === "rename" && other?.directory === true) return true;
  if (need.op !== "rm" && need.op !== "rename") return false;
  return need.subtree === undefined ? located.directory === true : need.subtree && located.directory !== false;
}

const treeOf = (path: string): string => (path === "/" ? "/**" : `${path}/**`);

function byRules(
  read: PathRules,
  write: PathRules,
  need: TreeNeed,
  located: Located,
  tree: boolean,
  source: boolean,
): Verdict {
  const { path } = located;
  const access = accessOf(need.op);
  const check = (rules: PathRules, list: FsAccess): Verdict => {
    const rule = tree ? rules.matchTree(path) : rules.match(path);
    if (rule !== undefined) return { allowed: true, rule, cure: "" };
    return { allowed: false, rule: "no rule", cure: fsCure(list, tree ? treeOf(path) : path) };
  };
  const verdict = check(access === "read" ? read : write, access);
  // A file that is moved or linked could be read under its new name: taking it away needs `read` as well.
  return verdict.allowed && source ? withRead(verdict, check(read, "read")) : verdict;
}

const withRead = (write: Verdict, read: Verdict): Verdict => (read.allowed ? write : read);

/**
 * Compiles the fs rules into one decision. Rules see the canonical path only; a path that is not canonical matches
 * nothing. Answers of rules are remembered, answers of functions never.
 */
export function compileFsJudge(
  config: WirePermissions["fs"],
  askFunction: (request: FsRequest) => Verdict,
): (need: TreeNeed, located: TreeLocated, other?: OtherEnd) => Verdict {
  const isTaking = (need: FsNeed, other?: OtherEnd) =>
    (need.op === "rename" || need.op === "link") && other?.role === "to";
  if (config !== undefined && "ask" in config)
    return (need, located, other) =>
      askFunction({
        domain: "fs",
        op: need.op,
        access: accessOf(need.op),
        path: located.path,
        subtree: reachesTree(need, located, other),
        ...(other?.role === "to" ? { to: other.path } : other?.role === "from" ? { from: other.path } : {}),
      });
  const read = compilePathRules(config?.read ?? []);
  const write = compilePathRules(config?.write ?? []);
  return (need, located, other) =>
    byRules(read, write, need, located, reachesTree(need, located, other), isTaking(need, other));
}
