// What Node's suite says about its own files: which there are, which flags they ask for, whether a run was a skip.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { folderGroups, groupOf, wptGroupOf, wptGroups } from "./groups.mjs";

/** As Node's test runner: flags stand in a `// Flags:` comment near the top, and are split at spaces. */
function flagsOf(source) {
  const flags = [];
  for (const [, list] of source.matchAll(/^\/\/ Flags:\s*(.*)$/gm)) flags.push(...list.trim().split(/\s+/));
  return flags.filter(Boolean);
}

const isTest = (file) => /^test-.*\.[cm]?js$/.test(file);

/** The tests of a folder whose name is a group, `es-module`; they are run where they are asked for by that name. */
function testsOfFolder(suite, group, filter) {
  return readdirSync(path.join(suite, group))
    .sort()
    .filter((file) => isTest(file) && (!filter || filter.test(file)))
    .map((file) => {
      const source = readFileSync(path.join(suite, group, file), "utf8");
      return { file: `${group}/${file}`, path: `${group}/${file}`, group, source, flags: flagsOf(source) };
    });
}

/** The drivers of Web Platform Tests that are asked for by group. They report every subtest. */
function testsOfWpt(suite, groups, filter) {
  if (!groups.some((name) => wptGroups.includes(name))) return [];
  return readdirSync(path.join(suite, "wpt"))
    .sort()
    .filter((file) => isTest(file) && groups.includes(wptGroupOf(file)) && (!filter || filter.test(file)))
    .map((file) => ({
      file: `wpt/${file}`,
      path: `wpt/${file}`,
      group: wptGroupOf(file),
      source: readFileSync(path.join(suite, "wpt", file), "utf8"),
      flags: [],
      hasReport: true,
    }));
}

/**
 * The files of a suite. `file` names a test in results, `path` says where it is in the suite.
 * @param {string} suite Node's test folder
 * @param {{ groups?: readonly string[], filter?: RegExp }} wanted
 */
export function testsOf(suite, { groups, filter }) {
  const folder = path.join(suite, "parallel");
  if (!existsSync(folder)) throw new Error(`${suite} holds no folder "parallel": give Node's test folder with --suite`);
  const tests = [];
  for (const file of readdirSync(folder).sort()) {
    if (!isTest(file) || (filter && !filter.test(file))) continue;
    const { group, needs } = groupOf(file);
    if (groups ? !groups.includes(group) : needs !== "plain" && !filter) continue;
    const source = readFileSync(path.join(folder, file), "utf8");
    tests.push({ file, path: `parallel/${file}`, group, source, flags: flagsOf(source) });
  }
  const folders = folderGroups.filter((name) => groups?.includes(name));
  return [
    ...tests,
    ...folders.flatMap((name) => testsOfFolder(suite, name, filter)),
    ...testsOfWpt(suite, groups ?? [], filter),
  ];
}

/** A test that skips itself says so in TAP. */
export const isSkip = (stdout) => /^1\.\.0 # Skipped/m.test(stdout);
