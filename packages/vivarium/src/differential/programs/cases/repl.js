//// evaluates lines, keeps _ and prints errors
const repl = require("repl");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
const r = repl.start({ input, output, prompt: "> ", terminal: false });
r.on("exit", () => console.log(String(output.read())));
input.end("1 + 1\n_ * 2\nlet a = { b: [1, 2] }\na\n'text'\nundefined\nthrow new TypeError('bad')\nnope\n_error.name\n(() => {})\n");

//// many lines, recoverable errors and syntax errors
const repl = require("repl");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
repl.start({ input, output, prompt: "$ " }).on("exit", () => console.log(String(output.read())));
input.end("function f(x) {\n  return x * 2;\n}\nf(\n21)\n`a\nb`\nlet let = 1\nvar x = ;\nclass A {\n#p = 1 }\nnew A()\n[1,\n2]\n");

//// dot commands
const repl = require("repl");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
const r = repl.start({ input, output });
r.defineCommand("shout", { help: "Shouts", action(t) { this.output.write(`${t.toUpperCase()}\n`); this.displayPrompt(); } });
r.on("exit", () => console.log(String(output.read())));
input.end(".help\n.shout hi\n.nope\nvar q = 1\n.break\n.clear\ntypeof q\n.editor\n.exit\n");

//// a context, a writer and an eval of one's own
const repl = require("repl");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
const r = repl.start({ input, output, eval: (code, context, file, done) => (code.startsWith("fail") ? done(new Error("refused")) : done(null, { code: code.trim(), keys: Object.keys(context).includes("mine"), file })), writer: (v) => `<${v.code ?? v.message ?? v}>`, ignoreUndefined: true });
r.context.mine = 1;
r.on("exit", () => console.log(String(output.read())));
input.end("anything\nfail now\n");

//// await and globals of the context
const repl = require("repl");
const { PassThrough } = require("stream");
const input = new PassThrough();
const output = new PassThrough();
const r = repl.start({ input, output, useGlobal: false, breakEvalOnSigint: false });
r.on("exit", () => console.log(text));
const lines = ["await Promise.resolve(5)", "const v = await new Promise((r) => setImmediate(r, 'later'))", "v", "typeof require", "typeof fs.readFileSync", "module.id", "[1, 2].map(async (x) => x).length", "await Promise.reject(new Error('async'))", "globalThis.z = 1; z"];
let text = "";
output.on("data", (d) => {
  text += d;
  if (text.endsWith("> ")) lines.length > 0 ? input.write(`${lines.shift()}\n`) : input.end();
});

//// completion
const repl = require("repl");
const { PassThrough } = require("stream");
const r = repl.start({ input: new PassThrough(), output: new PassThrough() });
Object.assign(r.context, { thing: { alpha: 1, alphabet: 2, beta: { deep: 1 } } });
const ask = (line) => new Promise((done) => r.complete(line, (e, [found, of]) => { console.log(line, e, found.slice(0, 4), of); done(); }));
(async () => { for (const line of ["thing.al", "thing.beta.", "thi", ".he", "require('f", "nothing.x", "consol", "thing['al"]) await ask(line); r.close(); })();
console.log(repl.REPL_MODE_STRICT, repl.REPL_MODE_SLOPPY, repl.builtinModules?.length > 30, typeof repl.writer, repl.Recoverable.name);
