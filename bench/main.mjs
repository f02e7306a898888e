// Runs benchmarks by name, all without one: `npm run bench -- start fs`. Each prints what it measured beside host Node
// or raw isolated-vm in the same run, and its target. Figures are of this machine; the ratios are what to look at.
// `--against REVISION` measures a revision as well and prints before and after.
import os from "node:os";
import { parseArgs } from "node:util";
import { closePool } from "../packages/vivarium/src/index.ts";
import { against } from "./against.mjs";
import * as benchmarks from "./benchmarks.mjs";

const usage = `Usage: npm run bench -- [--against REVISION] [name ...]

Benchmarks: ${Object.keys(benchmarks).join(", ")}; all without a name.
  --against REVISION  measure this revision as well, in turn, and print before and after
`;
const { values, positionals } = read();

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      // --json: what `--against` reads.
      options: { against: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    console.error(`bench: ${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

if (values.help) {
  console.log(usage);
  process.exit();
}
const unknown = positionals.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals : Object.keys(benchmarks);

function print({ what, ours, beside = "", ratio = "", target = "", ok }) {
  const verdict = ok === undefined ? "" : ok ? "met" : "NOT MET";
  console.log(`${what.padEnd(38)} ${ours.padStart(12)}   ${beside.padEnd(34)} ${ratio.padStart(7)}   ${target.padEnd(28)} ${verdict}`);
}

async function measureHere(report) {
  for (const name of wanted) {
    for (const row of await benchmarks[name]()) report(row);
    await closePool();
  }
}

if (values.json) {
  const rows = [];
  await measureHere((row) => rows.push(row));
  console.log(JSON.stringify(rows));
} else {
  console.log(`node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown CPU"}\n`);
  if (values.against === undefined) await measureHere(print);
  else for (const row of against(values.against, wanted)) print(row);
}
