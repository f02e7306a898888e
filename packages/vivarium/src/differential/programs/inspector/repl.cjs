// What the REPL shows before a line is entered, and what it completes, comes from the inspector.
const { PassThrough } = require("node:stream");
const repl = require("node:repl");

const input = new PassThrough();
const lines = [];
const output = new PassThrough();
output.on("data", (data) => lines.push(`${data}`));
const server = repl.start({ input, output, prompt: "> ", terminal: true, preview: true, useColors: false });
const keys = (text) => {
  for (const key of text) server.input.emit("keypress", key, { name: key });
};
const enter = () => server.input.emit("keypress", "", { name: "enter" });

keys("let lexical = 5");
enter();
keys("lexical + 1");
enter();
keys("globalThis.set = 9");
keys("\b");
server.complete("lexi", (error, found) => console.log("completes", error, found));
server.complete("proce", (_error, [found]) => console.log(found));
server.on("exit", () => console.log(JSON.stringify(lines.join("")), globalThis.set));
setImmediate(() => server.close());
