// NODE_OPTIONS and other variables, one by one: what they print and how they end.
const run = require("./run-command-lines.cjs");
const fs = require("node:fs");

fs.writeFileSync("script.cjs", "console.log(process.argv.slice(2), process.execArgv, process.argv0)");
fs.writeFileSync("broken.cjs", "let x = ;");
fs.writeFileSync("pre.cjs", "console.log('preloaded')");
fs.writeFileSync("sum.mjs", "export default 1; console.log(import.meta.filename.endsWith('sum.mjs'))");

const show = "JSON.stringify([process.argv.slice(1), process.execArgv, process.title, process._eval])";
run([
  [["-p", "1"], { NODE_OPTIONS: "--eval 1" }],
  [["-p", "1"], { NODE_OPTIONS: "--foo" }],
  [["-p", "1"], { NODE_OPTIONS: "--foo=1" }],
  [["-p", "1"], { NODE_OPTIONS: "--version" }],
  [["-p", "1"], { NODE_OPTIONS: "-p" }],
  [["-p", "1"], { NODE_OPTIONS: "--" }],
  [["-p", "1"], { NODE_OPTIONS: "--expose-internals" }],
  [["-p", "1"], { NODE_OPTIONS: "--max-http-header-size" }],
  [["-p", "1"], { NODE_OPTIONS: "foo.js" }],
  [["-p", "1"], { NODE_OPTIONS: '"a' }],
  [["-p", "1"], { NODE_OPTIONS: '"a\\' }],
  [["-p", show], { NODE_OPTIONS: '--no-warnings "--title=a \\"b\\""' }],
  [["--title=second", "-p", "process.title"], { NODE_OPTIONS: "--title=first" }],
  [["--stack-trace-limit=4", "-p", "Error.stackTraceLimit"], { NODE_OPTIONS: "--stack-trace-limit=3" }],
  [["-p", "Error.stackTraceLimit"], { NODE_OPTIONS: "--stack-trace-limit=3" }],
  [["-p", "1"], { NODE_OPTIONS: "-r ./pre.cjs" }],
  [["-p", "process.noDeprecation"], { NODE_OPTIONS: "--no-deprecation" }],
  [["-e", "new Buffer(1)"], { NODE_PENDING_DEPRECATION: "1" }],
]);
