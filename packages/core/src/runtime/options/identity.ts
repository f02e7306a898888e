import type { Limits } from "../../limits/limits.ts";
import type { OsInfo, OsInfoOptions, ProcessInfo, ProcessInfoOptions } from "./types.ts";

/** A neutral process: nothing of the host shows through. */
const neutralProcess: ProcessInfo = {
  argv0: "node",
  pid: 1,
  ppid: 0,
  title: "node",
  uid: 0,
  gid: 0,
  umask: 0o022,
};

/** uname's machine for Node's arch names: os.machine() must agree with process.arch, which code is compiled for. */
const machines: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

const neutralOs: OsInfo = {
  hostname: "sandbox",
  sysname: "Linux",
  release: "6.1.0",
  version: "#1 SMP",
  machine: machines[process.arch] ?? process.arch,
  homedir: "/root",
  tmpdir: "/tmp",
  username: "sandbox",
  shell: "/bin/sh",
  cpus: 1,
  cpuModel: "virtual",
  totalMemory: 0,
};

const given = <T extends object>(options: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Completes `processInfo`; everything left out is neutral. */
export const resolveProcessInfo = (options: ProcessInfoOptions | undefined): ProcessInfo =>
  ({ ...neutralProcess, ...given(options) }) as ProcessInfo;

/** Completes `osInfo`; the machine has as much memory as the sandbox may use. */
export const resolveOsInfo = (options: OsInfoOptions | undefined, limits: Pick<Limits, "memoryMiB">): OsInfo =>
  ({ ...neutralOs, totalMemory: limits.memoryMiB * 1024 * 1024, ...given(options) }) as OsInfo;
