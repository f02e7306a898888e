import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { monotonicNanoseconds } from "../lib/clock.ts";
import { NativeTypeError } from "../lib/intrinsics.ts";
import { loadEnvFile } from "../lib/load-env-file.ts";
import { errnoOf, uvException } from "../lib/uvexception.ts";
import { mathFloor } from "../primordials.ts";
import { patchProcessObject } from "../process-object.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { directoryChanged } from "../workers/threads.ts";
import { type Active, activeResources, ownersOf } from "./active-resources.ts";
import { raise } from "./signal-wrap.ts";

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
      directoryChanged(realm);
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
  const active = activeResources(realm);
  binding["_getActiveRequests"] = () => ownersOf(realm, active.requests());
  binding["_getActiveHandles"] = () => ownersOf(realm, active.handles());
  binding["getActiveResourcesInfo"] = () => {
    const { hooks } = realm.loop;
    const names: string[] = [];
    const requests = active.requests();
    const handles = active.handles();
    for (let i = 0; i < requests.length; i++) names[names.length] = (requests[i] as Active).name;
    for (let i = 0; i < handles.length; i++) names[names.length] = (handles[i] as Active).name;
    for (let i = 0; i < (hooks.timeoutInfo[0] ?? 0); i++) names[names.length] = "Timeout";
    for (let i = 0; i < (hooks.immediateInfo[1] ?? 0); i++) names[names.length] = "Immediate";
    return names;
  };
  binding["dlopen"] = (...args: readonly unknown[]) => dlopen(realm, args);
  binding["loadEnvFile"] = (path: unknown = ".env") => loadEnvFile(realm, `${path as string}`);
};

/**
 * Signals a process of the sandbox (`Kill`, src/node_process_methods.cc). To itself, or to its own group, it goes
 * straight: a signal the program handles arrives as an event, of the others the host does the default action.
 * @returns a negative errno on failure
 */
function kill(realm: Realm, pid: number, signal: number): number {
  const own = (realm.process as { pid: number }).pid;
  try {
    // -1 is nobody's group: it means every process there is.
    const isOwn = pid === own || pid === 0 || (pid === -own && pid !== -1);
    if (!isOwn) realm.sys.childProcess.kill(pid, signal);
    else if (signal !== 0 && !raise(realm, signal)) realm.sys.process.kill(signal);
    return 0;
  } catch (error) {
    if (error instanceof SyscallError) return errnoOf(realm, error.code);
    throw error;
  }
}

/** The arguments are looked at as by Node; then every add-on is refused (`DLOpen` of src/node_binding.cc). */
function dlopen(realm: Realm, args: readonly unknown[]): never {
  if (args.length < 2) throw bindingError("TypeError", "ERR_MISSING_ARGS", "process.dlopen needs at least 2 arguments");
  const module = args[0] as { exports?: unknown } | null | undefined;
  if (module === null || module === undefined || module.exports === null || module.exports === undefined) {
    throw new NativeTypeError("Cannot convert undefined or null to object");
  }
  return realm.refuseAddon(`${args[1] as string}`);
}

function clocks(binding: Record<string, unknown>, realm: Realm): void {
  const buffer = binding["hrtimeBuffer"] as Uint32Array;
  const big = new BigInt64Array(buffer.buffer, 0, 1);
  const nanoseconds = (): number => mathFloor(monotonicNanoseconds(realm));
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
    start = realm.now();
  });
  binding["uptime"] = () => (realm.now() - start) / 1000;
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
