// The Web Platform Tests that Node's suite carries. Each driver of test/wpt runs one part of them, a file in a worker, and
// writes what became of every subtest where it is asked to. Subtests are counted here, not files.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What asks a driver for its report. */
export const reportEnv = { WPT_REPORT: "1" };
/** A driver runs dozens of files. */
export const reportLimitMs = 300_000;

/** Makes the folder in which a driver that runs in `folder` leaves its report. */
export function makeReportFolder(folder) {
  const out = path.join(folder, "out/wpt");
  mkdirSync(out, { recursive: true });
  return out;
}

/** The subtests that passed, by file, name and place among those of that name. */
export function passedSubtests(out) {
  const passed = [];
  for (const report of readdirSync(out)) {
    for (const { test, subtests } of JSON.parse(readFileSync(path.join(out, report), "utf8")).results) {
      const seen = new Map();
      for (const { name, status } of subtests) {
        const nth = (seen.get(name) ?? 0) + 1;
        seen.set(name, nth);
        if (status === "PASS") passed.push(`${test}: ${name}${nth > 1 ? ` (${nth})` : ""}`);
      }
    }
  }
  return passed;
}

/** What the sandbox made of the subtests that pass natively. */
export function compareSubtests(native, ours) {
  const passed = new Set(ours);
  const missed = native.filter((name) => !passed.has(name));
  return {
    verdict: missed.length === 0 ? "pass" : "fail",
    subtests: { native: native.length, ours: native.length - missed.length },
    tail: missed.slice(0, 40).join("\n"),
  };
}
