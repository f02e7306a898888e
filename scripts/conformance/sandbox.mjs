// The sandbox leg: one test in a sandbox of its own with everything allowed.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { allowAll, createNodeDriver, NodeRuntime } from "../../packages/vivarium/src/index.ts";
import { isSkip } from "./suite.mjs";
import { compareSubtests, makeReportFolder, passedSubtests, reportEnv, reportLimitMs } from "./wpt.mjs";

/** Where the suite stands in the guest: below a root, as in Node's own checkout. */
const ROOT = "/node";
const KEPT_BYTES = 6000;
/** Everything but the host's ports: two tests at a time would want the same. Where nobody listens inside, the host is asked. */
const NETWORK = { connect: ["*", "127.0.0.0/8", "0.0.0.0", "::1", "localhost"], dns: ["*"] };
/** Some tests read the file at `process.execPath`, whatever is in it. */
const NODE_STAND_IN = "node".repeat(64 * 1024);
const limits = {
  memoryMiB: 512,
  wallTimeMs: 20_000,
  cpuTimeMs: 20_000,
  payloadBytes: 64 * 2 ** 20,
  stdioBytes: 0,
  syscalls: 0,
  transferBytes: 0,
  processes: 64,
};

/** Makes the function that runs one test. */
export function sandboxLeg(suite, { profile, patchMode }) {
  /** @param out a host folder the program finds as `out/wpt` of its working directory */
  const runtime = (out) =>
    new NodeRuntime({
      driver: createNodeDriver({
        permissions: { ...allowAll, network: NETWORK },
        moduleAccess: false,
        mounts: [
          { guest: `${ROOT}/test`, kind: "host", host: suite, mode: "rw" },
          ...(out ? [{ guest: `${ROOT}/out/wpt`, kind: "host", host: out, mode: "rw" }] : []),
        ],
        // What tests expect of any machine: a Node binary to read, and Linux's name of itself.
        fs: {
          quotaBytes: 2 ** 30,
          quotaFiles: 100_000,
          files: { "usr/local/bin/node": NODE_STAND_IN, "proc/sys/kernel/hostname": "sandbox\n" },
        },
        processInfo: { uid: 1000, gid: 1000 },
      }),
      compat: profile,
      limits: out ? { ...limits, wallTimeMs: reportLimitMs, cpuTimeMs: reportLimitMs } : limits,
      nativeHelper: !patchMode,
      pool: { size: 1 },
    });
  const run = async ({ path: file, flags }, out) => {
    let stdout = "";
    let stderr = "";
    const sandbox = runtime(out);
    const { code, outcome } = await sandbox.execProgram(
      { kind: "file", filePath: `${ROOT}/test/${file}`, flags },
      {
        cwd: ROOT,
        env: {
          PATH: "/usr/local/bin:/usr/bin:/bin",
          HOME: "/tmp",
          TMPDIR: "/tmp",
          NODE_TEST_DIR: "/tmp",
          ...(out ? reportEnv : {}),
        },
        onStdio: ({ channel, data }) => {
          const text = Buffer.from(data).toString();
          if (channel === "stdout") stdout = (stdout + text).slice(-KEPT_BYTES);
          else stderr = (stderr + text).slice(-KEPT_BYTES);
        },
      },
    );
    await sandbox.dispose();
    if (outcome === "timeout") return { verdict: "timeout", tail: stderr };
    if (isSkip(stdout)) return { verdict: "skip", tail: stdout.slice(-300) };
    if (code === 0) return { verdict: "pass" };
    return { verdict: "fail", code, outcome, tail: stderr || stdout };
  };

  /** Runs a test that reports its subtests, of which `native` pass natively. */
  const runReporting = async (test, native) => {
    const scratch = mkdtempSync(path.join(os.tmpdir(), "conformance-"));
    const out = makeReportFolder(scratch);
    const { tail = "" } = await run(test, out);
    const compared = compareSubtests(native, passedSubtests(out));
    rmSync(scratch, { recursive: true, force: true });
    return compared.verdict === "pass" ? compared : { ...compared, tail: `${compared.tail}\n${tail}` };
  };
  return (test, subtests) => (test.hasReport ? runReporting(test, subtests) : run(test));
}
