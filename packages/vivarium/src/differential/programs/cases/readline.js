//// lines of every kind of ending
const readline = require("readline");
const { PassThrough } = require("stream");
const input = new PassThrough();
const rl = readline.createInterface({ input, crlfDelay: Infinity });
rl.on("line", (l) => console.log(JSON.stringify(l))).on("close", () => console.log("close"));
for (const piece of ["one\ntw", "o\r\nthree\r", "\nfour\u2028same\n", "\n", "last without end"]) input.write(piece);
input.end();

//// for await over lines
const readline = require("readline");
const { Readable } = require("stream");
(async () => {
  const lines = readline.createInterface({ input: Readable.from(["a\nb\n", "c\nd"]) });
  for await (const line of lines) { console.log(line); if (line === "c") break; }
  console.log(lines.closed);
  try { lines.prompt(); } catch (e) { console.log(e.code); }
})();

//// question and prompt
const readline = require("readline");
const { PassThrough, Writable } = require("stream");
const input = new PassThrough();
const out = [];
const output = new Writable({ write(c, e, done) { out.push(String(c)); done(); } });
const rl = readline.createInterface({ input, output, prompt: "> " });
rl.prompt();
rl.question("name? ", (answer) => {
  console.log("answer", answer, rl.getPrompt());
  rl.setPrompt("$ ");
  rl.prompt();
  rl.write("typed\n");
  rl.close();
});
rl.on("line", (l) => console.log("line", l)).on("close", () => console.log(out));
input.write("Ann\n");

//// readline/promises
const readline = require("readline/promises");
const { PassThrough } = require("stream");
(async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const rl = readline.createInterface({ input, output });
  setImmediate(() => input.write("42\n"));
  console.log(await rl.question("how many? "), String(output.read()));
  const controller = new AbortController();
  const asking = rl.question("again? ", { signal: controller.signal });
  controller.abort();
  await asking.catch((e) => console.log(e.name, e.code, e.message));
  rl.close();
  await rl.question("closed?").catch((e) => console.log(e.code, e.message));
})();

//// cursor and clearing
const readline = require("readline");
const { PassThrough } = require("stream");
const out = new PassThrough();
const get = () => JSON.stringify(String(out.read()));
console.log(readline.cursorTo(out, 3), get(), readline.cursorTo(out, 1, 2), get(), readline.moveCursor(out, -1, 2), get(), readline.clearLine(out, 0), get(), readline.clearLine(out, -1), get(), readline.clearScreenDown(out), get());
for (const f of [() => readline.cursorTo(out, "x"), () => readline.cursorTo(out, NaN), () => readline.cursorTo(out, 1, 2, 3), () => readline.clearLine(out, 0, 1)]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// keys of a terminal
const readline = require("readline");
const { PassThrough } = require("stream");
const input = new PassThrough();
readline.emitKeypressEvents(input);
input.on("keypress", (s, k) => console.log(JSON.stringify(s), k.name, k.ctrl, k.meta, k.shift, JSON.stringify(k.sequence)));
for (const keys of ["a", "Z", "\r", "\u0003", "\u001b[A", "\u001b[1;5C", "\u001bOP", "\u001bx", "\u007f", "\t", "é", "😀", "\u001b[Z", "\u001b[15~"]) input.write(keys);

//// editing a line on a terminal
const readline = require("readline");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
const rl = readline.createInterface({ input, output, terminal: true, history: ["older"], completer: (line) => [["help", "hello"].filter((w) => w.startsWith(line)), line] });
rl.on("line", (l) => console.log("line", l)).on("history", (h) => console.log(h)).on("SIGINT", () => { console.log("SIGINT", JSON.stringify(rl.line), rl.cursor); rl.close(); }).on("close", () => console.log(JSON.stringify(String(output.read()))));
for (const keys of ["abc", "\u001b[D\u001b[D", "X", "\u0005", "!", "\r", "\u001b[A", "\r", "one two", "\u0017", "\r", "zap", "\u0015", "h", "\t", "\r", "left", "\u0003"]) input.write(keys);

//// wrong arguments
const readline = require("readline");
const { PassThrough } = require("stream");
const input = new PassThrough();
for (const o of [undefined, { input, completer: 5 }, { input, history: {} }, { input, historySize: -1 }, { input, tabSize: 0 }, { input, escapeCodeTimeout: "x" }, { input, signal: 1 }]) try { readline.createInterface(o).close(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
readline.createInterface({ input, signal: AbortSignal.abort() }).on("close", () => console.log("closed by signal"));
