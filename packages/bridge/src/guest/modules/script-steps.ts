import { STEP } from "../../contract/index.ts";
import { append } from "../lib/define.ts";
import { ArrayProto, mathMax, RegExpProto, StringProto } from "../primordials.ts";
import type { Node, Shape } from "./script-shape.ts";

/** A part of a script that is run by indirect eval. */
interface Step {
  readonly source: string;
  /** Without a source: its value. */
  readonly value?: unknown;
  /** Its value is the script's value, unless a later one has one. */
  readonly counts: boolean;
}

/**
 * A script in two halves. `skeleton` is a script of V8's with nothing but the lexical declarations, which stay for the
 * scripts after it; everything that can throw is a step, which the skeleton calls in order: what a step throws is caught
 * where it is the very value that was thrown.
 */
export interface Steps {
  readonly skeleton: string;
  readonly steps: readonly Step[];
}

/** As many lines, as long as they were, with nothing on them. */
function blank(text: string): string {
  const lines = StringProto.split(text, "\n");
  let out = "";
  for (let i = 0; i < lines.length; i++) {
    out += (i > 0 ? "\n" : "") + StringProto.repeat(" ", (lines[i] as string).length);
  }
  return out;
}

/** Values that are made without running anything, or take their name from the variable. */
const INERT = /^(?:Literal|ArrowFunctionExpression|FunctionExpression|ClassExpression)$/;

function directiveOf(body: readonly Node[]): Node | undefined {
  for (let i = 0; i < body.length; i++) if (body[i]?.directive === "use strict") return body[i];
  return undefined;
}

/** Of the names a script declares, those it deletes, too. */
export const keptOf = (declared: readonly string[], deleted: readonly string[]): string[] =>
  ArrayProto.filter(declared as unknown[], (name) => ArrayProto.includes(deleted as unknown[], name)) as string[];

/** Cuts a script at its lexical declarations. */
export function stepsOf(source: string, { body, declared, deleted, strict }: Shape): Steps {
  const steps: Step[] = [];
  const directive = strict ? directiveOf(body) : undefined;
  const headEnd = directive?.end ?? 0;
  const head = directive ? StringProto.slice(source, 0, headEnd) : "";
  const keep = (start: number, end: number): string => {
    const from = mathMax(start, headEnd);
    return `${head}${blank(StringProto.slice(source, headEnd, from))}${StringProto.slice(source, from, end)}`;
  };
  let skeleton = strict ? '"use strict";' : "";
  const call = (code: string, counts: boolean): string => `${STEP}(${append(steps, { source: code, counts })})`;

  let functions = strict ? head : "";
  let at = functions.length;
  let hasFunctions = false;
  let from = -1;
  let to = -1;
  const flush = (): void => {
    if (from < 0) return;
    skeleton += `${call(keep(from, to), true)};`;
    from = -1;
  };
  const text = ({ start, end }: Node): string => StringProto.slice(source, start, end);
  const declarator = ({ id, init }: Node): string => {
    if (!init) return text(id as Node);
    if (RegExpProto.exec(INERT, init.type) !== null) return `${text(id as Node)}=${text(init)}`;
    const before = keep(init.start - 1, init.start - 1);
    return `${text(id as Node)}=${call(`${before}(${text(init)})`, false)}`;
  };
  for (let i = 0; i < body.length; i++) {
    const node = body[i] as Node;
    if (node.type === "FunctionDeclaration") {
      functions += blank(StringProto.slice(source, at, node.start)) + text(node);
      at = node.end;
      hasFunctions = true;
      // What stands before and after it is two steps.
      flush();
    } else if (node.type === "ClassDeclaration") {
      flush();
      skeleton += `${text(node)};`;
    } else if (node.type === "VariableDeclaration" && node.kind !== "var") {
      flush();
      const list = node.declarations as readonly Node[];
      for (let j = 0; j < list.length; j++) skeleton += `${node.kind} ${declarator(list[j] as Node)};`;
    } else {
      if (from < 0) from = node.start;
      to = node.end;
    }
  }
  flush();
  if (hasFunctions || declared.length > 0) {
    const names = declared.length > 0 ? `\nvar ${ArrayProto.join(declared as unknown[], ",")};` : "";
    skeleton = `${call(functions + names, false)};${skeleton}`;
  }
  const kept = keptOf(declared, deleted);
  if (kept.length > 0) skeleton = `var ${ArrayProto.join(kept as unknown[], ",")};${skeleton}`;
  return { skeleton, steps };
}
