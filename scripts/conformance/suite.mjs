// What Node's suite says about its own files: which there are, which flags they ask for, whether a run was a skip.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { groupOf } from "./groups.mjs";

/** As Node's test runner: flags stand in a `// Flags:` comment near the top, and are split at spaces. */
function flagsOf(source) {
  const flags = [];
  for (const [, list] of source.matchAll(/^\/\/ Flags:\s*(.*)$/gm)) flags.push(...list.trim().split(/\s+/));
  return flags.filter(Boolean);
}

/**
 * The files of a suite.
 * @param {string} suite Node's test folder
 * @param {{ groups?: readonly string[], filter?: RegExp }} wanted
 */
export function testsOf(suite, { groups, filter }) {
  const folder = path.join(suite, "parallel");
  if (!existsSync(folder)) throw new Error(`${suite} holds no folder "parallel": give Node's test folder with --suite`);
  const tests = [];
  for (const file of readdirSync(folder).sort()) {
    if (!/^test-.*\.[cm]?js$/.test(file) || (filter && !filter.test(file))) continue;
    const { group, needs } = groupOf(file);
    if (groups ? !groups.includes(group) : needs !== "plain" && !filter) continue;
    const source = readFileSync(path.join(folder, file), "utf8");
    tests.push({ file, group, source, flags: flagsOf(source) });
  }
  return tests;
}

/** A test that skips itself says so in TAP. */
export const isSkip = (stdout) => /^1\.\.0 # Skipped/m.test(stdout);
