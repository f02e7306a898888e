// Runs Node's own tests natively and in the sandbox, and counts what passes in both against what passes natively.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judge, readExpectations, writeExpectations } from "./expectations.mjs";
import { groupNames } from "./groups.mjs";
import { NativeLeg } from "./native.mjs";
import { countGroups, printTable, writePage } from "./report.mjs";
import { sandboxLeg } from "./sandbox.mjs";
import { testsOf } from "./suite.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const usage = `Usage: npm run conformance -- --suite DIR [options]

Runs Node's own tests natively and in the sandbox. DIR is the \`test\` folder of a checkout of Node; NODE_TEST_SUITE
names it too.

  --group NAMES    only these groups, comma-separated
  --filter REGEXP  only the files whose path matches
  --profile NAME   baseline or full (default)
  --jobs N         tests at the same time (default: 2)
  --patch-mode     without the native helper
  --resume         keep the results of an earlier run that was stopped
  --show           print what each test that fails wrote
  --update         write docs/conformance.md
`;
const options = read();

function read() {
  try {
    return parseArgs({
      options: {
        suite: { type: "string", default: process.env.NODE_TEST_SUITE },
        group: { type: "string" },
        filter: { type: "string" },
        profile: { type: "string", default: "full" },
        jobs: { type: "string", default: "2" },
        "patch-mode": { type: "boolean", default: false },
        resume: { type: "boolean", default: false },
        update: { type: "boolean", default: false },
        show: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function fail(why) {
  process.stderr.write(`conformance: ${why}\n\n${usage}`);
  process.exit(2);
}

if (options.help) {
  process.stdout.write(usage);
  process.exit();
}
if (!options.suite) fail("give Node's test folder with --suite DIR or NODE_TEST_SUITE");
const suite = path.resolve(options.suite);
if (!existsSync(suite)) fail(`there is no folder ${options.suite}`);
const cache = path.join(root, ".cache/conformance");
mkdirSync(cache, { recursive: true });
const mode = options["patch-mode"] ? "patch" : "helper";
const resultFile = path.join(cache, `result-${options.profile}-${mode}.json`);

const tests = testsOf(suite, {
  // A group's own name may hold a comma.
  groups: groupNames.includes(options.group) ? [options.group] : options.group?.split(","),
  filter: options.filter ? new RegExp(options.filter) : undefined,
});
const native = new NativeLeg(suite, cache);
const runInSandbox = sandboxLeg(suite, { profile: options.profile, patchMode: options["patch-mode"] });
const kept = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, "utf8")) : {};
const results = { ...kept };
if (!options.resume) for (const { file } of tests) delete results[file];

let done = 0;
let passed = 0;
let counted = 0;
const waiting = tests.filter(({ file }) => results[file] === undefined);

function save() {
  native.save();
  writeFileSync(resultFile, JSON.stringify(results, null, 1));
}

function progress(file) {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[K${done}/${waiting.length}  ${passed}/${counted} pass  ${file}`);
}

async function work() {
  for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
    const started = performance.now();
    const { verdict: nativeVerdict, passed: subtests } = await native.judge(test);
    const { group, file } = test;
    const ours = nativeVerdict === "pass" ? await runInSandbox(test, subtests) : { verdict: "none" };
    results[file] = { group, native: nativeVerdict, ...ours, ms: Math.round(performance.now() - started) };
    done += 1;
    if (nativeVerdict === "pass") counted += 1;
    if (ours.verdict === "pass") passed += 1;
    if (options.show && ours.verdict !== "pass" && nativeVerdict === "pass")
      process.stdout.write(`\n--- ${file}: ${ours.verdict} ${ours.code ?? ""}\n${ours.tail ?? ""}\n`);
    progress(file);
    if (done % 50 === 0) save();
  }
}

await Promise.all(Array.from({ length: Math.max(1, Number(options.jobs)) }, work));
save();
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const asked = Object.fromEntries(tests.map(({ file }) => [file, results[file]]));
printTable(countGroups(asked));
if (mode === "helper" && options.profile === "full") {
  const file = path.join(root, "conformance/expectations.json");
  if (options.update) {
    writeExpectations(file, asked);
    writePage(path.join(root, "docs/conformance.md"), countGroups(results), readExpectations(file));
  } else {
    const regressions = judge(asked, readExpectations(file));
    for (const line of regressions) process.stdout.write(`passed before: ${line}\n`);
    if (regressions.length > 0) process.exitCode = 1;
  }
}
