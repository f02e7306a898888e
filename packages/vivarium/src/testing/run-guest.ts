import type { BindingTree, Decision, LimitOptions, NodeDriverOptions, RunOptions, RunResult } from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";
import { NodeRuntime } from "../runtime.ts";

export interface GuestOptions extends RunOptions {
  readonly driver?: NodeDriverOptions;
  readonly bindings?: BindingTree;
  readonly limits?: LimitOptions;
  readonly compat?: "baseline" | "full";
  readonly nativeHelper?: boolean;
  readonly onDecision?: (decision: Decision) => void;
}

export interface GuestRun {
  readonly result: RunResult;
  /** At most `MAX_KEPT` characters of each stream. */
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of both streams together. */
  readonly printed: number;
}

const MAX_KEPT = 64 * 1024;

/** Runs one program in a sandbox of its own and collects what it printed. The program is CommonJS at `/app/main.cjs`. */
export async function runGuest(code: string, options: GuestOptions = {}): Promise<GuestRun> {
  const { driver, bindings, limits, compat, nativeHelper, onDecision, ...runOptions } = options;
  const kept = { stdout: "", stderr: "" };
  let printed = 0;
  const collect: NonNullable<RunOptions["onStdio"]> = ({ channel, data }) => {
    printed += data.byteLength;
    if (kept[channel].length < MAX_KEPT) kept[channel] += new TextDecoder().decode(data.subarray(0, MAX_KEPT));
  };
  await using runtime = new NodeRuntime({
    driver: createNodeDriver(driver),
    ...(bindings === undefined ? {} : { bindings }),
    ...(compat === undefined ? {} : { compat }),
    ...(nativeHelper === undefined ? {} : { nativeHelper }),
    ...(limits === undefined ? {} : { limits }),
    ...(onDecision === undefined ? {} : { onDecision }),
  });
  const result = await runtime.run(code, { filePath: "/app/main.cjs", onStdio: collect, ...runOptions });
  return { result, ...kept, printed };
}
