import { STDERR, STDIN, STDOUT, type Target } from "./io.ts";
import type { Redirection } from "./parse.ts";
import type { Session } from "./session.ts";

const FLAGS: Readonly<Record<string, string>> = { "<": "r", ">": "w", ">|": "w", "&>": "w", ">>": "a" };

/** Follows one redirection (POSIX.1-2017, 2.7). @throws as `fs.openSync` */
export function openTarget(
  session: Session,
  targets: Map<number, Target>,
  { operator, descriptor }: Redirection,
  name: string,
  opened: number[],
): void {
  const fd = descriptor ?? (operator.startsWith("<") ? STDIN : STDOUT);
  if (operator === ">&" || operator === "<&") {
    const from = name === "-" ? undefined : targets.get(Number(name));
    if (from === undefined && name !== "-") throw new Error("Bad file descriptor");
    if (from === undefined) targets.delete(fd);
    else targets.set(fd, from);
    return;
  }
  const target = open(session, operator, name, opened);
  targets.set(fd, target);
  if (operator === "&>") targets.set(STDERR, target);
}

function open(session: Session, operator: string, name: string, opened: number[]): Target {
  const path = session.resolve(name);
  if (path === "/dev/null") return { kind: "nothing" };
  const fd = session.fs.openSync(path, FLAGS[operator] as string);
  opened.push(fd);
  return { kind: "descriptor", fd };
}
