// What the REPL shows of expressions before they are entered, in a context of its own and in strict mode.
const { PassThrough } = require("node:stream");
const repl = require("node:repl");

function start(options, lines) {
  const output = new PassThrough();
  let text = "";
  output.on("data", (data) => (text += data));
  const server = repl.start({ input: new PassThrough(), output, prompt: "> ", terminal: true, preview: true, ...options });
  for (const line of lines) {
    for (const key of line) server.input.emit("keypress", key, { name: key });
    server.input.emit("keypress", "", { name: "enter" });
  }
  server.on("exit", () => console.log(JSON.stringify(text)));
  setImmediate(() => server.close());
  return server;
}

const lines = ["let five = 5", "five + 1", "x = [five].concat(2)", "x.map((n) => n * 2)", "x.push(3)", "x", "({ a: { b: [] } })"];
const more = ["1n + 2", "'a\\nb'()", "new RangeError('r').message", "Array(100).fill(1)", "zzz"];
start({ useColors: false }, [...lines, ...more]);
start({ useColors: true, replMode: repl.REPL_MODE_STRICT }, ["zzz", "'t'.at(0)", "x = 1", "(() => 7)()"]);
start({ useColors: false, useGlobal: true }, ["let own = 1", "own", "globalThis.seen = own", "delete globalThis.seen"]);
