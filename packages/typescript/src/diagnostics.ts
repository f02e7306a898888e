/** One finding about a source, places counted from 1. */
export interface Diagnostic {
  /** A stable name; Node's own for syntax: `ERR_INVALID_TYPESCRIPT_SYNTAX`, `ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX`. */
  readonly code: string;
  readonly category: "error";
  readonly message: string;
  readonly filePath: string;
  readonly line: number;
  /** In UTF-16 units. */
  readonly column: number;
}

/** What the compiler said of a syntax error: Node puts place and excerpt in front of the error's stack. */
export interface SyntaxReport {
  readonly code: string;
  readonly message: string;
  readonly stack: string;
}

/** `file:line`, the source's lines up to the place, and a line of blanks and carets under it. */
const EXCERPT = /^[^\n]*:(\d+)\n(?:[^\n]*\n)*?( *)\^+\n/;

/** A diagnostic of a syntax error; line and column are 1 when the report names no place. */
export function syntaxDiagnostic({ code, message, stack }: SyntaxReport, filePath: string): Diagnostic {
  const [, line = "1", blanks = ""] = EXCERPT.exec(stack) ?? [];
  return { code, category: "error", message, filePath, line: Number(line), column: blanks.length + 1 };
}
