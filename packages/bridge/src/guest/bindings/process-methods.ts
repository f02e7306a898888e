import { SyscallError } from "../client.ts";
import { uvException } from "../lib/uvexception.ts";
import { mathFloor } from "../primordials.ts";
import { patchProcessObject } from "../process-object.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** `internalBinding('process_methods')` (src/node_process_methods.cc). */
export const install: InstallBinding = (binding, realm) => {
  clocks(binding, realm);
  usage(binding, realm);
  binding["patchProcessObject"] = () => patchProcessObject(realm, realm.config);
  binding["cwd"] = () => realm.cwd;
  binding["chdir"] = (directory: string) => {
    const { resolve } = realm.requireBuiltin<{ resolve: (...parts: string[]) => string }>("path");
    const target = resolve(realm.cwd, directory);
    try {
      if (realm.sys.modules.stat(target) !== 1) realm.sys.fs.readdir(target);
      realm.cwd = target;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      throw uvException(realm, error.code, "chdir", realm.cwd, directory, error.sandboxCode);
    }
  };
  binding["umask"] = (mask?: number) => {
    const old = realm.umask;
    if (mask !== undefined) realm.umask = mask & 0o777;
    return old;
  };
  binding["reallyExit"] = (code: number) => realm.exit(code);
  binding["abort"] = () => realm.sys.process.kill(6);
  binding["_kill"] = (pid: number, signal: number) => kill(realm, pid, signal);
  binding["_rawDebug"] = (text: string) => realm.sys.process.debug(`${text}\n`);
  binding["setEmitWarningSync"] = () => {};
  binding["_getActiveRequests"] = () => [];
  binding["_getActiveHandles"] = () => [];
  binding["getActiveResourcesInfo"] = () => {
    const { hooks } = realm.loop;
    const names: string[] = [];
    for (let i = 0; i < (hooks.timeoutInfo[0] ?? 0); i++) names[names.length] = "Timeout";
    for (let i = 0; i < (hooks.immediateInfo[1] ?? 0); i++) names[names.length] = "Immediate";
    return names;
  };
  binding["dlopen"] = (_module: unknown, path: string) => realm.refuseAddon(path);
};

/** A program may signal itself; nobody else is there. @returns a negative errno on failure */
function kill(realm: Realm, pid: number, signal: number): number {
  const ESRCH = -3;
  const own = (realm.process as { pid: number }).pid;
  if (pid !== own && pid !== 0) return ESRCH;
  if (signal !== 0) realm.sys.process.kill(signal);
  return 0;
}

function clocks(binding: Record<string, unknown>, realm: Realm): void {
  const buffer = binding["hrtimeBuffer"] as Uint32Array;
  const big = new BigInt64Array(buffer.buffer, 0, 1);
  // A host's monotonic clock starts at its boot; a guest's an hour before the run, so that times look like times.
  const OFFSET_MS = 3_600_000;
  const nanoseconds = (): number => mathFloor((realm.sys.clock.now() + OFFSET_MS) * 1e6);
  binding["hrtime"] = () => {
    const now = nanoseconds();
    const seconds = mathFloor(now / 1e9);
    buffer[0] = mathFloor(seconds / 0x1_0000_0000);
    buffer[1] = seconds >>> 0;
    buffer[2] = now - seconds * 1e9;
  };
  binding["hrtimeBigInt"] = () => {
    big[0] = BigInt(nanoseconds());
  };
  let start = 0;
  realm.onAttach(() => {
    start = realm.sys.clock.now();
  });
  binding["uptime"] = () => (realm.sys.clock.now() - start) / 1000;
}

function usage(binding: Record<string, unknown>, realm: Realm): void {
  const fill = (target: Float64Array, values: readonly unknown[]): void => {
    for (let i = 0; i < values.length; i++) target[i] = values[i] as number;
  };
  binding["cpuUsage"] = (target: Float64Array) => fill(target, realm.sys.process.cpuUsage());
  binding["threadCpuUsage"] = binding["cpuUsage"];
  binding["memoryUsage"] = (target: Float64Array) => fill(target, realm.sys.process.memoryUsage());
  binding["rss"] = () => realm.sys.process.memoryUsage()[0];
  binding["constrainedMemory"] = () => 0;
  binding["availableMemory"] = () => realm.config.os.totalMemory;
  // userCPUTime and systemCPUTime in microseconds, maxRSS in KiB; the rest is the host's own business and stays 0.
  binding["resourceUsage"] = (target: Float64Array) => {
    target.fill(0);
    fill(target, realm.sys.process.cpuUsage());
    target[2] = mathFloor((realm.sys.process.memoryUsage()[0] as number) / 1024);
  };
}
