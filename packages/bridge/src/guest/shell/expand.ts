import type { Piece, Word } from "./words.ts";

/** What words are expanded with. */
export interface Expansion {
  parameter(name: string): string | undefined;
  assign(name: string, value: string): void;
  /** `$(...)` -> its output without the newlines at its end */
  substitute(command: string): Promise<string>;
  /** Positional parameters. */
  readonly args: readonly string[];
  /** File names that match a pattern, sorted. */
  glob(pattern: string): readonly string[];
}

/** A field being put together: what is shown, and the same with quoted pattern characters marked. */
interface Field {
  text: string;
  pattern: string;
  isPattern: boolean;
}

const PATTERN = /[*?[]/;

async function textOfPiece(piece: Piece, by: Expansion): Promise<string> {
  if (piece.kind === "text") return piece.text;
  if (piece.kind === "command") return by.substitute(piece.text);
  const value = by.parameter(piece.name);
  const { operator } = piece;
  if (operator === "") return value ?? "";
  const isMissing = value === undefined || (operator.startsWith(":") && value === "");
  const word = async (): Promise<string> => expandText(piece.word, by);
  switch (operator.at(-1)) {
    case "+":
      return isMissing ? "" : word();
    case "=": {
      if (!isMissing) return value;
      const given = await word();
      by.assign(piece.name, given);
      return given;
    }
    case "?":
      if (!isMissing) return value;
      throw new Error(`${piece.name}: ${(await word()) || "parameter not set"}`);
    default:
      return isMissing ? word() : value;
  }
}

/** A word as one text: assignments and targets of redirections. */
export async function expandText(word: Word, by: Expansion): Promise<string> {
  let text = "";
  for (const piece of word) text += await textOfPiece(piece, by);
  return text.startsWith("~/") && word[0]?.kind === "text" && !word[0].quoted ? home(text, by) : text;
}

const home = (text: string, by: Expansion): string => (by.parameter("HOME") ?? "~") + text.slice(1);

/** A word as the fields it makes (POSIX.1-2017, Shell Command Language, 2.6). */
async function expandWord(word: Word, by: Expansion): Promise<string[]> {
  const isAllArguments = (piece: Piece): boolean => piece.kind === "parameter" && piece.name === "@";
  const isEmpty = (piece: Piece): boolean => piece.kind === "text" && piece.text === "";
  if (
    by.args.length === 0 &&
    word.some(isAllArguments) &&
    word.every((piece) => isAllArguments(piece) || isEmpty(piece))
  ) {
    return [];
  }
  const fields: Field[] = [];
  let field: Field | undefined;
  const begin = (): Field => {
    field ??= { text: "", pattern: "", isPattern: false };
    return field;
  };
  const end = (): void => {
    if (field) fields.push(field);
    field = undefined;
  };
  const add = (text: string, quoted: boolean): void => {
    const into = begin();
    into.text += text;
    into.pattern += quoted ? text.replaceAll(/[*?[\]{}\\()!+@]/g, "\\$&") : text;
    if (!quoted && PATTERN.test(text)) into.isPattern = true;
  };
  for (const piece of word) {
    if (piece.kind === "parameter" && piece.quoted && piece.name === "@") {
      by.args.forEach((arg, index) => {
        if (index > 0) end();
        add(arg, true);
      });
      continue;
    }
    const value = await textOfPiece(piece, by);
    if (piece.quoted || piece.kind === "text") {
      add(value, piece.quoted);
      continue;
    }
    const parts = value.split(/[ \t\n]+/);
    parts.forEach((part, index) => {
      if (index > 0) end();
      if (part !== "") add(part, false);
    });
  }
  end();
  return fields.flatMap((each) => {
    if (each.text.startsWith("~/") && !each.isPattern && word[0]?.quoted === false) return [home(each.text, by)];
    const matches = each.isPattern ? by.glob(each.pattern) : [];
    return matches.length > 0 ? matches : [each.text];
  });
}

export async function expandWords(words: readonly Word[], by: Expansion): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) fields.push(...(await expandWord(word, by)));
  return fields;
}
