// Runs benchmarks by name, all without one: `npm run bench -- start fs`. Each prints what it measured beside host Node
// or raw isolated-vm in the same run, and its target. Figures are of this machine; the ratios are what to look at.
import os from "node:os";
import { closePool } from "../packages/vivarium/src/index.ts";
import * as benchmarks from "./benchmarks.mjs";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}`);
  process.exit(2);
}
console.log(`node ${process.version}, ${os.platform()} ${os.arch()}, ${os.cpus().length} x ${os.cpus()[0]?.model ?? "unknown CPU"}\n`);
for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
  for (const { what, ours, beside, ratio, target, ok } of await benchmarks[name]()) {
    const verdict = ok === undefined ? "" : ok ? "met" : "NOT MET";
    console.log(`${what.padEnd(38)} ${ours.padStart(12)}   ${(beside ?? "").padEnd(34)} ${(ratio ?? "").padStart(7)}   ${(target ?? "").padEnd(28)} ${verdict}`);
  }
  await closePool();
}
