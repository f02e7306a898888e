/** One piece of a word. Quoted pieces are neither split into fields nor matched against file names. */
export type Piece =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  /** `$name`, `${name}`, `${name:-word}`: the operator and its word where there are some. */
  | {
      readonly kind: "parameter";
      readonly name: string;
      readonly operator: string;
      readonly word: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: "command"; readonly text: string; readonly quoted: boolean };

export type Word = readonly Piece[];

export type Token =
  | { readonly kind: "word"; readonly word: Word; readonly source: string; readonly line: number }
  /** A descriptor before a redirection stands with it: `2>`. */
  | {
      readonly kind: "operator";
      readonly text: string;
      readonly descriptor: number | undefined;
      readonly line: number;
    };

/** What dash prints of a program it cannot read. */
export class ShellSyntaxError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Longest first. */
const OPERATORS = ["&&", "||", ";;", "<<", ">>", ">&", "<&", ">|", "&>", "&", "|", ";", "<", ">", "(", ")", "\n"];
const NAME = /^(?:[A-Za-z_]\w*|[0-9?$!#@*])/;
const EXPANSION = /^([A-Za-z_]\w*|[0-9]+|[?$!#@*])(:?[-+=?])?/;

/** Takes a program's text apart (POSIX.1-2017, Shell Command Language, 2.3). */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    for (let token = this.#next(); token !== undefined; token = this.#next()) tokens.push(token);
    return tokens;
  }

  #fail(message: string): never {
    throw new ShellSyntaxError(message, this.#line);
  }

  #next(): Token | undefined {
    this.#skipBlanks();
    if (this.#at >= this.#text.length) return undefined;
    const line = this.#line;
    const rest = this.#text.slice(this.#at);
    const descriptor = /^\d+(?=[<>])/.exec(rest)?.[0];
    const after = descriptor === undefined ? rest : rest.slice(descriptor.length);
    const operator = OPERATORS.find((each) => after.startsWith(each));
    if (operator !== undefined) {
      this.#at += operator.length + (descriptor?.length ?? 0);
      if (operator === "\n") this.#line += 1;
      return { kind: "operator", text: operator, descriptor: descriptor === undefined ? undefined : +descriptor, line };
    }
    const start = this.#at;
    const word = this.#word();
    return { kind: "word", word, source: this.#text.slice(start, this.#at), line };
  }

  #skipBlanks(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === " " || character === "\t") this.#at += 1;
      else if (character === "\\" && this.#text[this.#at + 1] === "\n") this.#at += 2;
      else if (character === "#") while (this.#at < this.#text.length && this.#text[this.#at] !== "\n") this.#at += 1;
      else return;
    }
  }

  #word(): Piece[] {
    const pieces: Piece[] = [];
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || " \t\n&|;<>()".includes(character)) return pieces;
      this.#at += 1;
      if (character === "'") pieces.push({ kind: "text", text: this.#until("'"), quoted: true });
      else if (character === '"') this.#doubleQuoted(pieces);
      else if (character === "\\") this.#escaped(pieces);
      else this.#plain(pieces, character, false);
    }
  }

  #escaped(pieces: Piece[]): void {
    const next = this.#text[this.#at] ?? "\\";
    this.#at += 1;
    if (next !== "\n") pieces.push({ kind: "text", text: next, quoted: true });
  }

  #plain(pieces: Piece[], character: string, quoted: boolean): void {
    if (character === "$") pieces.push(this.#dollar(quoted));
    else if (character === "`") pieces.push({ kind: "command", text: this.#until("`"), quoted });
    else pieces.push({ kind: "text", text: character, quoted });
  }

  #until(end: string): string {
    const at = this.#text.indexOf(end, this.#at);
    if (at < 0)
      return this.#fail(
        end === "`" ? "Syntax error: EOF in backquote substitution" : "Syntax error: Unterminated quoted string",
      );
    const text = this.#text.slice(this.#at, at);
    this.#at = at + 1;
    return text;
  }

  #doubleQuoted(pieces: Piece[]): void {
    // Quotes with nothing in them are a word all the same.
    pieces.push({ kind: "text", text: "", quoted: true });
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail("Syntax error: Unterminated quoted string");
      this.#at += 1;
      if (character === '"') return;
      if (character === "\\" && '$`"\\\n'.includes(this.#text[this.#at] ?? " ")) this.#escaped(pieces);
      else this.#plain(pieces, character, true);
    }
  }

  #dollar(quoted: boolean): Piece {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("(")) return { kind: "command", text: this.#parenthesized(), quoted };
    if (rest.startsWith("{")) return this.#braced(quoted);
    const name = NAME.exec(rest)?.[0];
    if (name === undefined) return { kind: "text", text: "$", quoted };
    this.#at += name.length;
    return { kind: "parameter", name, operator: "", word: [], quoted };
  }

  #parenthesized(): string {
    const start = this.#at + 1;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === "'") this.#at = Math.max(this.#at, this.#text.indexOf("'", this.#at + 1));
      else if (character === "(") depth += 1;
      else if (character === ")") depth -= 1;
      if (depth === 0) {
        this.#at += 1;
        return this.#text.slice(start, this.#at - 1);
      }
    }
    return this.#fail('Syntax error: end of file unexpected (expecting ")")');
  }

  #braced(quoted: boolean): Piece {
    const end = this.#text.indexOf("}", this.#at);
    if (end < 0) this.#fail('Syntax error: Missing "}"');
    const inside = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    const match = EXPANSION.exec(inside);
    if (match === null || (match[2] === undefined && match[0].length < inside.length)) this.#fail("Bad substitution");
    const text = inside.slice(match[0].length);
    const word = text === "" ? [] : new Lexer(`"${text}"`).#word();
    return { kind: "parameter", name: match[1] as string, operator: match[2] ?? "", word, quoted };
  }
}
