import { parseEnv } from "node:util";
import { expect, it } from "vitest";
import { parseDotenv } from "./dotenv.ts";

const parse = (text: string): Record<string, string> => {
  const out: Record<string, string> = {};
  parseDotenv(text, (key, value) => {
    out[key] = value;
  });
  return out;
};

const WRITTEN = [
  "A=1\nB=2",
  "A = 1 # comment\n#B=2\nC='x # y' # z",
  "A=\"a\\nb\"\nB='a\\nb'\nC=`a\"b'c`",
  "A=\nB=\n\nC",
  "export A=1\nexport   B=2\nexport C",
  'A="open\nB=2',
  "A='multi\nline'\nB=1",
  "=x\nA=1",
  "A=a=b=c",
  "  A  =  x  \r\nB=1\r\n",
  'A="x" trailing\nB=1',
  "A=#\nB= #x\nC=a#b",
  "A=\n  \nB=1",
  "A= \nB=1",
  'A="',
  "A='",
  "A",
  "",
  "\n\n#",
];

it("reads what util.parseEnv reads", () => {
  for (const text of WRITTEN) expect(parse(text), JSON.stringify(text)).toEqual({ ...parseEnv(text) });
});

it("reads random files as util.parseEnv does", () => {
  const alphabet = ["A", "B", "=", "=", "\n", "\n", '"', "'", "`", "#", " ", "\t", "\r", "\\n", "x", "export "];
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: next(14) }, () => alphabet[next(alphabet.length)]).join("");
    expect(parse(text), JSON.stringify(text)).toEqual({ ...parseEnv(text) });
  }
});
