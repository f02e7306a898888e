import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process has used. */
export interface ProcessStats {
  /** User and system time of all its threads, milliseconds. */
  readonly cpuMs: number;
  /** Resident memory, MiB. */
  readonly rssMiB: number;
  /** Resident memory that is not a file's (the program's own text is), MiB. */
  readonly privateMiB: number;
}

/** USER_HZ: /proc shows times in hundredths of a second on every architecture Node runs on. */
const MS_PER_TICK = 10;
/** Where the system does not tell file pages apart: Node's own text and read-only data. */
const NODE_TEXT_MIB = 45;

const mebibytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;

/**
 * Reads `/proc/<pid>/stat` and `status` (proc(5)). Synchronous: it takes some 30 µs, and must not wait behind the
 * embedder's own work in the thread pool.
 */
function readProc(pid: number): ProcessStats {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  // The second field is a name in parentheses that may hold anything; fields 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
    rssMiB: mebibytes(status, "VmRSS"),
    privateMiB: mebibytes(status, "RssAnon") + mebibytes(status, "RssShmem"),
  };
}

/** `[[dd-]hh:]mm:ss[.cc]` in milliseconds. */
function parseCpuTime(text: string): number {
  const [days, clock] = text.includes("-") ? (text.split("-") as [string, string]) : ["0", text];
  const seconds = clock.split(":").reduce((total, part) => total * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

function readPs(pid: number): Promise<ProcessStats> {
  return new Promise((resolve, reject) => {
    execFile("ps", ["-o", "time=,rss=", "-p", String(pid)], { timeout: 2000 }, (error, stdout) => {
      if (error) return reject(error);
      const [time = "0:00", kibibytes = "0"] = stdout.trim().split(/\s+/);
      const rssMiB = Number(kibibytes) / 1024;
      resolve({ cpuMs: parseCpuTime(time), rssMiB, privateMiB: Math.max(0, rssMiB - NODE_TEXT_MIB) });
    });
  });
}

/** How often a process may be looked at, milliseconds: reading /proc is cheap, starting `ps` is not. */
export const POLL_MS: number = process.platform === "linux" ? 50 : 500;

/** What `pid` has used, or nothing when it is gone or the system cannot tell (Windows: only the clock is watched). */
export async function processStats(pid: number): Promise<ProcessStats | undefined> {
  if (process.platform === "win32") return undefined;
  try {
    return await (process.platform === "linux" ? readProc(pid) : readPs(pid));
  } catch {
    return undefined;
  }
}
