// How the demo looks: plain text, coloured on a terminal only.
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = paint("1");
const dim = paint("2");
const red = paint("31");
const green = paint("32");

const print = (line = "") => process.stdout.write(`${line}\n`);

export const screen = {
  title: (text) => print(bold(text)),
  step: (number, text) => print(`\n${bold(`${number}. ${text}`)}`),
  /** A program, as it is given to the sandbox. */
  code: (source) => {
    for (const line of source.trim().split("\n")) print(dim(`   | ${line}`));
  },
  /** What a program printed. */
  output: (text) => {
    for (const line of text.trimEnd().split("\n")) print(`     ${line}`);
  },
  refused: (text) => print(`     ${red(text)}`),
  fact: (text) => print(`   ${green("ok")} ${text}`),
  failed: (text) => print(`   ${red("FAILED")} ${text}`),
  note: (text) => print(dim(text)),
};
