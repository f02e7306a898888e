// The native leg: one test on real Node, in a scratch directory of its own. Its answer is kept by Node version and file.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isSkip } from "./suite.mjs";
import { makeReportFolder, passedSubtests, reportEnv, reportLimitMs } from "./wpt.mjs";

const LIMIT_MS = 20_000;
const KEPT_BYTES = 4000;

/** Runs one test and says how it ended: pass, skip, fail or timeout; of one that reports, which subtests passed. */
function run({ path: file, flags, hasReport }, suite) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "conformance-"));
  const out = hasReport ? makeReportFolder(scratch) : undefined;
  const child = spawn(process.execPath, [...flags, path.join(suite, file)], {
    cwd: out ? scratch : path.dirname(suite),
    env: {
      PATH: process.env.PATH,
      HOME: scratch,
      TMPDIR: scratch,
      NODE_TEST_DIR: scratch,
      ...(out ? reportEnv : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout = (stdout + data).slice(-KEPT_BYTES);
  });
  child.stderr.on("data", (data) => {
    stderr = (stderr + data).slice(-KEPT_BYTES);
  });
  let late = false;
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // All of the group have ended already.
    }
  };
  const timer = setTimeout(
    () => {
      late = true;
      kill();
    },
    out ? reportLimitMs : LIMIT_MS,
  );
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(timer);
      kill();
      const passed = out && passedSubtests(out);
      rmSync(scratch, { recursive: true, force: true });
      if (passed && passed.length > 0) return resolve({ verdict: "pass", passed });
      const verdict = late ? "timeout" : isSkip(stdout) ? "skip" : code === 0 ? "pass" : "fail";
      resolve({ verdict, ...(verdict === "fail" ? { tail: stderr.slice(-1500) } : {}) });
    });
  });
}

/** The native leg with its memory on disk. */
export class NativeLeg {
  #suite;
  #file;
  #known;

  constructor(suite, cache) {
    this.#suite = suite;
    mkdirSync(cache, { recursive: true });
    this.#file = path.join(cache, `native-${process.version}.json`);
    this.#known = existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, "utf8")) : {};
  }

  /** -> verdict, and the subtests that passed where the test reports them. */
  async judge(test) {
    const hash = createHash("sha256").update(test.source).digest("base64url").slice(0, 22);
    const known = this.#known[test.file];
    if (known?.hash === hash) return known;
    const { verdict, tail, passed } = await run(test, this.#suite);
    this.#known[test.file] = { hash, verdict, ...(tail ? { tail } : {}), ...(passed ? { passed } : {}) };
    return this.#known[test.file];
  }

  save() {
    writeFileSync(this.#file, JSON.stringify(this.#known, null, 1));
  }
}
