// What a command line starts, one by one: what they print and how they end.
const run = require("./run-command-lines.cjs");
const fs = require("node:fs");

fs.writeFileSync("script.cjs", "console.log(process.argv.slice(2), process.execArgv, process.argv0)");
fs.writeFileSync("broken.cjs", "let x = ;");
fs.writeFileSync("pre.cjs", "console.log('preloaded')");
fs.writeFileSync("sum.mjs", "export default 1; console.log(import.meta.filename.endsWith('sum.mjs'))");

run([
  [["-p"], { input: "40 + 2" }],
  [[], { input: "console.log('from stdin', process.argv.length)" }],
  [["-"], { input: "console.log('from stdin', process.argv.length, process.argv[1])" }],
  [["-", "a", "-b"], { input: "console.log(process.argv.slice(1))" }],
  [["--input-type=module"], { input: "import fs from 'fs'; console.log(typeof fs, typeof require)" }],
  [["--input-type=module", "-e", "console.log(await 5, typeof require)"]],
  [["-r", "./pre.cjs", "script.cjs", "1"]],
  [["--require=./pre.cjs", "-p", "2"]],
  [["--import", "./sum.mjs", "-p", "3"]],
  [["script.cjs", "a", "--b", "-c"]],
  [["--no-warnings", "script.cjs", "--", "-e"]],
  [["./script"]],
  [["sum.mjs"]],
  [["missing.js"]],
  [["-c", "script.cjs"]],
  [["--check", "broken.cjs"]],
  [["-c"], { input: "let a = ;" }],
  [["-c", "-"], { input: "let a = 1;" }],
  [["broken.cjs"]],
  [["-e", "throw new Error('x')"]],
  [["-e", "process.exitCode = 7"]],
  [["-e", "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 1000)"]],
  [["-e", "Promise.reject(new Error('x'))"]],
  [["--unhandled-rejections=warn", "-e", "Promise.reject(1); process.on('warning', (w) => console.log(w.name))"]],
  [["--abort-on-uncaught-exception", "-e", "setTimeout(() => { throw new Error('x') })"]],
  [["--throw-deprecation", "-e", "process.emitWarning('x', 'DeprecationWarning')"]],
  [["--no-deprecation", "-e", "process.emitWarning('x', 'DeprecationWarning')"]],
]);
