import { STDERR, STDOUT, type Targets, writeTo } from "./io.ts";
import type { Session } from "./session.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EAGAIN: "Resource temporarily unavailable",
  EEXIST: "File exists",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
};

/** What a system error says in a shell. */
export const reasonOf = (error: unknown): string =>
  REASONS[(error as { code?: string }).code ?? ""] ?? String((error as Error).message);

export const print = (session: Session, targets: Targets, text: string): Promise<void> =>
  writeTo(session.fs, targets.get(STDOUT), text);

/** -> the code */
export async function complain(session: Session, targets: Targets, text: string, code: number): Promise<number> {
  await writeTo(session.fs, targets.get(STDERR), `${text}\n`);
  return code;
}
