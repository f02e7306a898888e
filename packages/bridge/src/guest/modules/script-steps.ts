import { STEP } from "../../contract/index.ts";
import { append } from "../lib/define.ts";
import { ArrayProto, mathMax, RegExpProto, StringProto } from "../primordials.ts";
import type { Node, Shape } from "./script-shape.ts";

/** A part of a script that is run by indirect eval. */
interface Step {
  readonly source: string;
  /** Without a source: its value. */
  readonly value?: unknown;
  /** Or what gives it. */
  readonly run?: () => unknown;
  /** Its value is the script's value, unless a later one has one. */
  readonly counts: boolean;
  /** It declares functions, which are there before anything else runs. */
  readonly hoists?: boolean;
}

/**
 * A script in two halves. `skeleton` is a script of V8's with nothing but the declarations, which stay for the scripts
 * after it; everything that runs is a step, which the skeleton calls in order: what a step throws is caught where it is
 * the very value that was thrown.
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

function directiveOf(body: readonly Node[]): Node | undefined {
  for (let i = 0; i < body.length; i++) if (body[i]?.directive === "use strict") return body[i];
  return undefined;
}

/** Of the names a script declares, those it deletes, too. */
export const keptOf = (declared: readonly string[], deleted: readonly string[]): string[] =>
  ArrayProto.filter(declared, (name) => ArrayProto.includes(deleted, name)) as string[];

/** What takes its name from the variable it is given to, where it has none. */
const NAMED_BY_VARIABLE = /^(?:ArrowFunctionExpression|FunctionExpression|ClassExpression)$/;

/** Makes an expression of what follows; V8 takes a parenthesis for the place of what is in it. */
const EXPRESSION = "0,";

/** A script's text, of which a part can be had alone, at its own lines and columns. */
class Text {
  readonly source: string;
  /** End of the "use strict" at its head, which every part keeps. */
  readonly #headEnd: number;

  constructor(source: string, directive: Node | undefined) {
    this.source = source;
    this.#headEnd = directive?.end ?? 0;
  }

  of({ start, end }: Node): string {
    return StringProto.slice(this.source, start, end);
  }

  /** Everything up to this place, blank, with something put right before it. */
  #upTo(start: number, before: string): string {
    const headEnd = this.#headEnd;
    const head = StringProto.slice(this.source, 0, headEnd);
    const gap = blank(StringProto.slice(this.source, headEnd, start));
    const lead = head + gap;
    const lineStart = StringProto.lastIndexOf(lead, "\n") + 1;
    if (lead.length - mathMax(lineStart, headEnd) >= before.length)
      return StringProto.slice(lead, 0, lead.length - before.length) + before;
    if (lineStart <= headEnd) return lead + before;
    return `${StringProto.slice(lead, 0, lineStart - 1)}${before}\n${StringProto.slice(lead, lineStart)}`;
  }

  part(start: number, end: number, before = "", after = ""): string {
    const from = mathMax(start, this.#headEnd);
    return `${this.#upTo(from, before)}${StringProto.slice(this.source, from, end)}${after}`;
  }
}

/** Parts a script without lexical declarations: its functions, and all the rest. */
export function partFunctions(source: string, { body }: Shape): readonly [functions: string, rest: string] | undefined {
  let functions = "";
  let rest = "";
  let at = 0;
  for (let i = 0; i < body.length; i++) {
    const { type, start, end } = body[i] as Node;
    if (type !== "FunctionDeclaration") continue;
    const between = StringProto.slice(source, at, start);
    const text = StringProto.slice(source, start, end);
    functions += blank(between) + text;
    rest += between + blank(text);
    at = end;
  }
  return at === 0 ? undefined : [functions, rest + StringProto.slice(source, at)];
}

/** Cuts a script at its declarations. */
export function stepsOf(source: string, { body, declared, deleted, strict }: Shape): Steps {
  const steps: Step[] = [];
  const text = new Text(source, strict ? directiveOf(body) : undefined);
  const call = (code: string, counts = false, hoists = false): string =>
    `${STEP}(${append(steps, { source: code, counts, hoists })})`;

  let hoisted = "";
  let skeleton = "";
  let from = -1;
  let to = -1;
  const flush = (): void => {
    if (from >= 0) skeleton += `${call(text.part(from, to), true)};`;
    from = -1;
  };
  const declarator = ({ id, init }: Node): string => {
    const name = text.of(id as Node);
    if (!init) return name;
    const { start, end, type } = init;
    const isNamed = id?.type === "Identifier" && RegExpProto.exec(NAMED_BY_VARIABLE, type) !== null;
    if (isNamed) return `${name}=${call(text.part(start, end, `({${name}:`, `}).${name}`))}`;
    return `${name}=${call(text.part(start, end, EXPRESSION))}`;
  };
  // Strict code keeps what it declares to itself, where eval runs it: then the skeleton declares all of it.
  const isDeclaration = ({ type, kind }: Node): boolean => type === "VariableDeclaration" && (strict || kind !== "var");
  let functionsEnd = 0;
  let functions = "";
  for (let i = 0; i < body.length; i++) {
    const node = body[i] as Node;
    const { type, start, end, kind, id } = node;
    if (type === "FunctionDeclaration" && strict) {
      flush();
      hoisted += `var ${id?.name}=${call(text.part(start, end, EXPRESSION))};`;
    } else if (type === "FunctionDeclaration") {
      flush();
      functions += blank(StringProto.slice(source, functionsEnd, start)) + text.of(node);
      functionsEnd = end;
    } else if (type === "ClassDeclaration") {
      flush();
      skeleton += `let ${id?.name}=${call(text.part(start, end, EXPRESSION))};`;
    } else if (isDeclaration(node)) {
      flush();
      const list = node.declarations as readonly Node[];
      for (let j = 0; j < list.length; j++) skeleton += `${kind} ${declarator(list[j] as Node)};`;
    } else if (from < 0) {
      from = start;
      to = end;
    } else to = end;
  }
  flush();
  if (!strict && declared.length > 0) {
    hoisted += `${call(`${functions}\nvar ${ArrayProto.join(declared, ",")};`, false, true)};`;
  }
  const kept = keptOf(declared, deleted);
  if (kept.length > 0) hoisted = `var ${ArrayProto.join(kept, ",")};${hoisted}`;
  return { skeleton: `${strict ? '"use strict";' : ""}${hoisted}${skeleton}`, steps };
}
