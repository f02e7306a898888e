import { SyscallError } from "../client.ts";
import { bytesOfView, exactCopy } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { signalName } from "../lib/signals.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { isArrayBufferView, mathMax, typedArrayByteLength } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { type StdioPlan, specsOf } from "./child-stdio.ts";
import { requestOf, type SpawnOptions } from "./process-wrap.ts";

interface SyncOptions extends SpawnOptions {
  readonly timeout?: number;
  readonly maxBuffer?: number;
  readonly killSignal?: number;
}

const SIGTERM = 15;
const CHUNK = 1024 * 1024;
const FIRST_OUTPUT = 4;

/** What is left of a file from where it stands: what a child that had it as a descriptor would read. */
function restOf(realm: Realm, fd: number): Uint8Array {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { concat(parts: readonly Uint8Array[]): Uint8Array } }>("buffer");
  const parts: Uint8Array[] = [];
  for (;;) {
    const bytes = realm.sys.fs.read(fd, CHUNK, -1);
    if (bytes.length === 0) break;
    append(parts, bytes);
  }
  const all = Buffer.concat(parts);
  return exactCopy(all, 0, all.length);
}

function inputOf(realm: Realm, plan: StdioPlan, index: number, input: unknown): Uint8Array | null {
  if (plan.file !== undefined) return index === 0 ? restOf(realm, plan.file) : null;
  if (!isArrayBufferView(input)) return null;
  const bytes = bytesOfView(input);
  return exactCopy(bytes, 0, typedArrayByteLength(bytes));
}

/** A child's output: a buffer, or nothing where it went to a file. */
function outputOf(realm: Realm, plan: StdioPlan, index: number, bytes: unknown): unknown {
  if (!isArrayBufferView(bytes)) return null;
  if (plan.file !== undefined) {
    if (index > 0 && typedArrayByteLength(bytes) > 0) realm.sys.fs.write(plan.file, bytes as Uint8Array, -1);
    return null;
  }
  // What a child reads it does not write.
  if (index === 0) return null;
  const { Buffer } = realm.requireBuiltin<{ Buffer: { from(bytes: ArrayBufferLike): unknown } }>("buffer");
  return Buffer.from((bytes as Uint8Array).buffer);
}

function run(realm: Realm, options: SyncOptions): object {
  const { file, args, env, cwd, plans } = requestOf(realm, options);
  const { timeout = 0, maxBuffer = -1, killSignal = 0 } = options;
  const limits: unknown[] = [
    mathMax(0, timeout),
    maxBuffer >= 0 && maxBuffer < Infinity ? maxBuffer : -1,
    killSignal || SIGTERM,
  ];
  for (let i = 0; i < plans.length; i++) {
    append(limits, inputOf(realm, plans[i] as StdioPlan, i, options.stdio?.[i]?.input));
  }
  const answer = realm.sys.childProcess.spawnSync(file, args, env, cwd, specsOf(plans), limits as never);
  const code = answer[1] as number;
  const signal = answer[2] as number;
  const error = answer[3] as string;
  const output: unknown[] = [];
  for (let i = 0; i < plans.length; i++) {
    append(output, outputOf(realm, plans[i] as StdioPlan, i, answer[FIRST_OUTPUT + i]));
  }
  return {
    ...(error === "" ? {} : { error: errnoOf(realm, error) }),
    status: signal > 0 ? null : code,
    signal: signal > 0 ? signalName(realm, signal) : null,
    output,
    pid: answer[0],
  };
}

/** `internalBinding('spawn_sync')` (src/spawn_sync.cc): as process_wrap, in one call. */
export const install: InstallBinding = (binding, realm) => {
  binding["spawn"] = (options: SyncOptions) => {
    try {
      return run(realm, options);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return { error: errnoOf(realm, error.code), status: null, signal: null, output: null, pid: 0 };
    }
  };
};
