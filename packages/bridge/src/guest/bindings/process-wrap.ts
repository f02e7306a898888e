import { SyscallError } from "../client.ts";
import { append, putOwn } from "../lib/define.ts";
import { signalName } from "../lib/signals.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { NOWHERE } from "./cell-stream.ts";
import { checkDirectory, ownEnvironment, programOf } from "./child-program.ts";
import { pumpFile, pumpStream } from "./child-pump.ts";
import { planStdio, type StdioEntry, type StdioPlan, specsOf } from "./child-stdio.ts";
import { handlesOf } from "./handle-wrap.ts";
import type { StreamHandle } from "./stream-handle.ts";

/** What `ChildProcess.prototype.spawn` (lib/internal/child_process.js) asks for. */
export interface SpawnOptions {
  readonly file: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly envPairs?: readonly string[];
  readonly stdio?: readonly StdioEntry[];
  readonly detached?: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

/** What both ways to start a program hand to the host. */
export interface SpawnRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly plans: readonly StdioPlan[];
}

/** Texts, as Node makes them of whatever stands in a list. */
const copy = (list: readonly string[]): string[] => {
  const out: string[] = [];
  for (let i = 0; i < list.length; i++) append(out, `${list[i] as unknown as string}`);
  return out;
};

/** Looks at everything that is decided before the child exists. @throws SyscallError as uv_spawn fails */
export function requestOf(realm: Realm, options: SpawnOptions): SpawnRequest {
  const { uid, gid } = realm.config;
  if ((options.uid ?? uid) !== uid || (options.gid ?? gid) !== gid) {
    throw new SyscallError("EPERM", "ERR_SANDBOX_CREDENTIALS_DENIED", undefined);
  }
  const plans = planStdio(realm, options.stdio);
  const { resolve } = realm.requireBuiltin<{ resolve: (...parts: string[]) => string }>("path");
  const cwd = options.cwd ? resolve(realm.cwd, options.cwd) : realm.cwd;
  if (options.cwd) checkDirectory(realm, cwd);
  const { file, args } = programOf(realm, options.file, options.args ?? [options.file]);
  const env = options.envPairs ? copy(options.envPairs) : ownEnvironment(realm);
  return { file, args: copy(args), env, cwd, plans };
}

/** The pipes of a child that does not come to be have ended. */
function attachNowhere(stdio: readonly StdioEntry[] = []): void {
  for (let i = 0; i < stdio.length; i++) {
    const { type, handle } = stdio[i] as StdioEntry;
    if (type === "pipe" || type === "overlapped") (handle as StreamHandle).attachStream(NOWHERE);
  }
}

/** `internalBinding('process_wrap')` (src/process_wrap.cc): a child is another process of the sandbox. */
export const install: InstallBinding = (binding, realm) => {
  const { HandleWrap, innerOf } = handlesOf(realm);

  class Process extends HandleWrap {
    #pid = 0;

    constructor() {
      super({ provider: "PROCESSWRAP", name: "ProcessWrap" });
    }

    /** @returns 0, or a negative errno */
    spawn(options: SpawnOptions): number {
      try {
        this.#start(options, requestOf(realm, options));
        return 0;
      } catch (error) {
        if (!(error instanceof SyscallError)) throw error;
        attachNowhere(options.stdio);
        return errnoOf(realm, error.code);
      }
    }

    #start(options: SpawnOptions, { file, args, env, cwd, plans }: SpawnRequest): void {
      const specs = specsOf(plans);
      const started = realm.sys.childProcess.spawn(file, args, env, cwd, specs, options.detached === true);
      this.#pid = started[1] as number;
      putOwn(this, "pid", this.#pid);
      let pending = 1;
      let ending: readonly number[] = [];
      // A file has all of a child's output by the time the child has ended.
      const done = (): void => {
        pending -= 1;
        if (pending === 0) this.#ended(ending[0] as number, ending[1] as number);
      };
      for (let i = 0; i < plans.length; i++) {
        const { file: fd, stream } = plans[i] as StdioPlan;
        const id = started[i + 2] as number;
        if (id < 0) continue;
        const isInput = i === 0;
        if (fd === undefined && stream === undefined) {
          const entry = (options.stdio as readonly StdioEntry[])[i] as StdioEntry;
          (entry.handle as StreamHandle).attachStream(id);
        } else {
          if (!isInput) pending += 1;
          const finished = isInput ? () => {} : done;
          if (fd !== undefined) pumpFile(realm, fd, id, isInput, finished);
          else if (!pumpStream(realm, stream as object, id, isInput, finished)) finished();
        }
      }
      innerOf(this).setActive(true);
      const settle = (failure: SyscallError | undefined, result: unknown): void => {
        ending = failure ? [0, 0] : (result as readonly number[]);
        done();
      };
      realm.start("childProcess.wait", settle, started[0]);
    }

    #ended(code: number, signal: number): void {
      const inner = innerOf(this);
      this.#pid = 0;
      inner.setActive(false);
      if (inner.isClosing) return;
      const { onexit } = this as { onexit?: unknown };
      if (typeof onexit === "function") inner.resource.call(onexit, [code, signalName(realm, signal)]);
    }

    /** @returns 0, or a negative errno */
    kill(signal: number): number {
      if (this.#pid === 0) return errnoOf(realm, "ESRCH");
      try {
        realm.sys.childProcess.kill(this.#pid, signal);
        return 0;
      } catch (error) {
        if (error instanceof SyscallError) return errnoOf(realm, error.code);
        throw error;
      }
    }
  }
  binding["Process"] = Process;
};
