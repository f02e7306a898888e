import { Lexer, ShellSyntaxError, type Token, type Word } from "./words.ts";

export interface Redirection {
  readonly operator: string;
  readonly descriptor: number | undefined;
  readonly target: Word;
}

export type Command =
  | {
      readonly kind: "simple";
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
      readonly line: number;
    }
  | {
      readonly kind: "group";
      readonly isSubshell: boolean;
      readonly list: List;
      readonly redirections: readonly Redirection[];
    };

export interface Pipeline {
  readonly isNegated: boolean;
  readonly commands: readonly Command[];
}

/** Pipelines, each with what has to be true of the one before: `&&`, `||`, or nothing. */
export interface Chain {
  readonly steps: readonly { readonly after: "&&" | "||" | ""; readonly pipeline: Pipeline }[];
  readonly inBackground: boolean;
}

export type List = readonly Chain[];

type WordToken = Extract<Token, { kind: "word" }>;

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const REDIRECTIONS = new Set(["<", ">", ">>", ">&", "<&", ">|", "&>"]);
/** Compound commands this shell does not have. */
const RESERVED = new Set(["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac"]);

/** The commands of a program (POSIX.1-2017, Shell Command Language, 2.10). */
export class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = new Lexer(text).tokens();
  }

  program(): List {
    const list = this.#list(undefined);
    if (this.#at < this.#tokens.length) this.#unexpected();
    return list;
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #isOperator(...texts: readonly string[]): boolean {
    const token = this.#token;
    return token?.kind === "operator" && texts.includes(token.text);
  }

  #isWord(source: string): boolean {
    const token = this.#token;
    return token?.kind === "word" && token.source === source;
  }

  #unexpected(): never {
    const token = this.#token;
    const line = token?.line ?? this.#tokens.at(-1)?.line ?? 1;
    if (token === undefined) throw new ShellSyntaxError("Syntax error: end of file unexpected", line);
    const text =
      token.kind === "operator" ? (token.text === "\n" ? "newline" : `"${token.text}"`) : `"${token.source}"`;
    throw new ShellSyntaxError(`Syntax error: ${text} unexpected`, line);
  }

  #list(end: ")" | "}" | undefined): List {
    const chains: Chain[] = [];
    for (;;) {
      while (this.#isOperator("\n")) this.#at += 1;
      if (this.#token === undefined || (end && (this.#isOperator(end) || this.#isWord(end)))) return chains;
      const steps = this.#steps();
      const inBackground = this.#isOperator("&");
      chains.push({ steps, inBackground });
      if (!this.#isOperator("&", ";", "\n")) return chains;
      this.#at += 1;
    }
  }

  #steps(): Chain["steps"] {
    const steps: { after: "&&" | "||" | ""; pipeline: Pipeline }[] = [{ after: "", pipeline: this.#pipeline() }];
    while (this.#isOperator("&&", "||")) {
      const after = (this.#token as { text: "&&" | "||" }).text;
      this.#at += 1;
      while (this.#isOperator("\n")) this.#at += 1;
      steps.push({ after, pipeline: this.#pipeline() });
    }
    return steps;
  }

  #pipeline(): Pipeline {
    const isNegated = this.#isWord("!");
    if (isNegated) this.#at += 1;
    const commands = [this.#command()];
    while (this.#isOperator("|")) {
      this.#at += 1;
      while (this.#isOperator("\n")) this.#at += 1;
      commands.push(this.#command());
    }
    return { isNegated, commands };
  }

  #command(): Command {
    const isSubshell = this.#isOperator("(");
    if (isSubshell || this.#isWord("{")) {
      this.#at += 1;
      const list = this.#list(isSubshell ? ")" : "}");
      if (!(isSubshell ? this.#isOperator(")") : this.#isWord("}"))) this.#unexpected();
      this.#at += 1;
      return { kind: "group", isSubshell, list, redirections: this.#redirections() };
    }
    return this.#simple();
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    const line = this.#token?.line ?? 1;
    for (;;) {
      redirections.push(...this.#redirections());
      const token = this.#token;
      if (token?.kind !== "word") break;
      if (words.length === 0 && RESERVED.has(token.source)) {
        throw new ShellSyntaxError(`${token.source}: not supported in sandbox`, token.line);
      }
      this.#at += 1;
      const name = words.length === 0 ? ASSIGNMENT.exec(token.source)?.[1] : undefined;
      if (name === undefined) words.push(token.word);
      else assignments.push({ name, value: afterName(token, name.length + 1) });
    }
    if (words.length + assignments.length + redirections.length === 0) this.#unexpected();
    return { kind: "simple", assignments, words, redirections, line };
  }

  #redirections(): Redirection[] {
    const redirections: Redirection[] = [];
    for (let token = this.#token; token?.kind === "operator" && REDIRECTIONS.has(token.text); token = this.#token) {
      this.#at += 1;
      const target = this.#token;
      if (target?.kind !== "word") this.#unexpected();
      this.#at += 1;
      redirections.push({ operator: token.text, descriptor: token.descriptor, target: (target as WordToken).word });
    }
    return redirections;
  }
}

/** The word after `NAME=`: its first pieces are the name's characters. */
const afterName = ({ word }: WordToken, length: number): Word => word.slice(length);
