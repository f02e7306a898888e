import { describe, expect, it } from "vitest";
import { type Expansion, expandWords } from "./expand.ts";
import { Parser } from "./parse.ts";

const variables = new Map([
  ["A", "one"],
  ["S", " two  words "],
  ["E", ""],
]);

const expansion: Expansion = {
  args: ["first", "second arg"],
  parameter: (name) => (name === "@" ? "first second arg" : variables.get(name)),
  assign: (name, value) => void variables.set(name, value),
  substitute: async (command) => `<${command}>`,
  glob: (pattern) => (pattern === "*.txt" ? ["a.txt", "b.txt"] : []),
};

/** The fields of the first command of a program. */
async function fields(text: string): Promise<string[]> {
  const command = new Parser(text).program()[0]?.steps[0]?.pipeline.commands[0];
  if (command?.kind !== "simple") throw new Error("not a simple command");
  return expandWords(command.words, expansion);
}

describe("words of the shell", () => {
  it.each([
    ["a  b 'c  d' \"e f\" g\\ h", ["a", "b", "c  d", "e f", "g h"]],
    ["$A ${A}x \"$A\" '$A' \\$A $", ["one", "onex", "one", "$A", "$A", "$"]],
    ['$S "$S" x$S', ["two", "words", " two  words ", "x", "two", "words"]],
    ['a $E "$E" $U b', ["a", "", "b"]],
    ["${U:-def} ${U-d} ${E:-e} ${E-e2} ${A:+set} ${U:+set}", ["def", "d", "e", "set"]],
    ['"$@" x', ["first", "second arg", "x"]],
    ['$(a b) `c` "$(d (e))"', ["<a", "b>", "<c>", "<d (e)>"]],
    ["*.txt '*.txt' *.md", ["a.txt", "b.txt", "*.txt", "*.md"]],
    ["a # comment", ["a"]],
    ["a\\\nb", ["ab"]],
  ])("%s", async (text, expected) => {
    expect(await fields(text)).toEqual(expected);
  });
});

describe("programs of the shell", () => {
  it("are chains of pipelines of commands with redirections", () => {
    const [first, second] = new Parser("X=1 a | b 2>&1 >f && ! c & { d; } || (e)").program();
    expect(first).toMatchObject({
      inBackground: true,
      steps: [
        {
          after: "",
          pipeline: {
            commands: [
              { assignments: [{ name: "X" }] },
              {
                redirections: [
                  { operator: ">&", descriptor: 2 },
                  { operator: ">", descriptor: undefined },
                ],
              },
            ],
          },
        },
        { after: "&&", pipeline: { isNegated: true } },
      ],
    });
    expect(second?.steps.map(({ after, pipeline }) => [after, pipeline.commands[0]?.kind])).toEqual([
      ["", "group"],
      ["||", "group"],
    ]);
  });

  it.each([
    ["a && && b", 'Syntax error: "&&" unexpected'],
    ["echo 'x", "Syntax error: Unterminated quoted string"],
    ["a |", "Syntax error: end of file unexpected"],
    ["(a", "Syntax error: end of file unexpected"],
    ["for x in y; do z; done", "for: not supported in sandbox"],
  ])("%s is refused", (text, message) => {
    expect(() => new Parser(text).program()).toThrow(message);
  });
});
