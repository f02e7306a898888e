import { SyscallError } from "../client.ts";
import { append, putOwn } from "../lib/define.ts";
import { environmentVariable } from "../lib/environment.ts";
import { implement } from "../lib/implement.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { utf8Encode } from "../lib/utf8.ts";
import { errnoOf, systemMessage } from "../lib/uvexception.ts";
import { mathFloor, mathMax } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";

/** Where a failed call leaves its error; the library throws ERR_SYSTEM_ERROR from it. */
type Context = Record<string, unknown>;

function fail(realm: Realm, context: Context, code: string, syscall: string): void {
  putOwn(context, "errno", errnoOf(realm, code));
  putOwn(context, "code", code);
  putOwn(context, "message", systemMessage(realm, code));
  putOwn(context, "syscall", syscall);
}

/** The machine as the embedder describes it; the host's own is not told. */
const machine = (realm: Realm) => ({
  getHostname: () => realm.config.os.hostname,
  getOSInformation() {
    const { sysname, version, release, machine: hardware } = realm.config.os;
    return [sysname, version, release, hardware];
  },
  getTotalMem: () => realm.config.os.totalMemory,
  /** What the program may still use: its heap and its buffers count, the process around it does not. */
  getFreeMem() {
    const [, heapTotal, , , external] = realm.sys.process.memoryUsage() as number[];
    return mathMax(realm.config.os.totalMemory - (heapTotal as number) - (external as number), 0);
  },
  getUptime: () => mathFloor(realm.now() / 10) / 100,
  getLoadAvg(into: Float64Array) {
    into[0] = into[1] = into[2] = 0;
  },
  /** model, speed, user, nice, sys, idle, irq of each */
  getCPUs() {
    const out: (string | number)[] = [];
    for (let i = 0; i < realm.config.os.cpus; i++) {
      append<string | number>(out, realm.config.os.cpuModel);
      for (let field = 0; field < 6; field++) append<string | number>(out, 0);
    }
    return out;
  },
  getAvailableParallelism: () => realm.config.os.cpus,
  /** name, address, netmask, family, mac, internal, scope id: a sandbox has its loopback only */
  getInterfaceAddresses() {
    const out: unknown[] = [];
    for (let i = 0; i < LOOPBACK.length; i++) {
      const fields = LOOPBACK[i] as readonly unknown[];
      for (let j = 0; j < fields.length; j++) append(out, fields[j]);
    }
    return out;
  },
});

const LOOPBACK = [
  ["lo", "127.0.0.1", "255.0.0.0", "IPv4", "00:00:00:00:00:00", true, -1],
  ["lo", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "IPv6", "00:00:00:00:00:00", true, 0],
] as const;

const isOwn = (realm: Realm, pid: number): boolean => pid === 0 || pid === realm.config.pid;

const user = (realm: Realm) => ({
  getHomeDirectory: () => environmentVariable(realm, "HOME") ?? realm.config.os.homedir,
  getUserInfo(options: { encoding?: unknown } | undefined) {
    const { username, homedir, shell } = realm.config.os;
    const raw = options?.encoding === "buffer";
    const text = (value: string) => (raw ? asNodeBuffer(realm, utf8Encode(value)) : value);
    return {
      __proto__: null,
      uid: realm.config.uid,
      gid: realm.config.gid,
      username: text(username),
      homedir: text(homedir),
      shell: shell === "" ? null : text(shell),
    };
  },
  getPriority(pid: number, context: Context) {
    if (isOwn(realm, pid)) return realm.sys.process.priority();
    fail(realm, context, "ESRCH", "uv_os_getpriority");
    return undefined;
  },
  /** A program may lower its own, for good, as any without privileges. Those of its children are not reached. */
  setPriority(pid: number, priority: number, context: Context) {
    try {
      if (!isOwn(realm, pid)) throw new SyscallError("ESRCH", undefined, undefined);
      realm.sys.process.lowerPriority(priority);
      return 0;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      fail(realm, context, error.code, "uv_os_setpriority");
      return -1;
    }
  },
});

export const install: InstallBinding = (binding, realm) => {
  implement(binding, machine(realm));
  implement(binding, user(realm));
};
