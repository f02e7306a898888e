// Options and arguments, one by one: what they print and how they end.
const run = require("./run-command-lines.cjs");

const show = "JSON.stringify([process.argv.slice(1), process.execArgv, process.title, process._eval])";
run([
  [["--version"]],
  [["-v"]],
  [["-p", show]],
  [["-p", show, "a", "-b"]],
  [["-p", show, "--", "-a", "b"]],
  [["-pe", show, "a"]],
  [["--print", show]],
  [["-p", "-e", show]],
  [["--no_warnings", "--stack_trace_limit=2", "--title=named", "-p", show]],
  [["--abort_on_uncaught_exception", "-p", show]],
  [["--allow_natives_syntax", "--no_opt", "--noopt", "--max-old-space-size=64", "-p", "1"]],
  [["-C", "foo", "-p", show]],
  [["-e", "console.log(process._print_eval, process.throwDeprecation)", "--throw-deprecation"]],
  [["--stack-trace-limit=1", "-p", "Error.stackTraceLimit + new Error('x').stack.split('\\n').length"]],
  [["--max-http-header-size=x", "-p", "require('http').maxHeaderSize"]],
  [["--trace-uncaught=3", "-p", "1"]],
  [["--expose-gc", "-p", "typeof gc"]],
  [["--expose_gc", "-p", "typeof gc"]],
  [["-p", "typeof gc"]],
]);
