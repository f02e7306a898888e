import { constants } from "node:os";

const { SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGCONT, SIGURG, SIGWINCH } = constants.signals;

/** No program can handle these. */
const UNSTOPPABLE: ReadonlySet<number> = new Set([SIGKILL, SIGSTOP]);
/** Without a handler they do nothing (signal(7)); a sandbox cannot be stopped and continued either. */
const IGNORED: ReadonlySet<number> = new Set([SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGCONT, SIGURG, SIGWINCH]);

export const isUnstoppable = (signal: number): boolean => UNSTOPPABLE.has(signal);
export const isIgnored = (signal: number): boolean => IGNORED.has(signal);
