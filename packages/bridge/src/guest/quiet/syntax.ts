import { append } from "../lib/define.ts";

/** A node of acorn's syntax tree (ESTree), as far as an expression has it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly name?: string;
  readonly operator?: string;
  readonly kind?: string;
  readonly computed?: boolean;
  readonly optional?: boolean;
  readonly method?: boolean;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly prefix?: boolean;
  readonly regex?: unknown;
  readonly cooked?: string | null;
  readonly key?: Node;
  readonly value?: unknown;
  readonly argument?: Node | null;
  readonly left?: Node;
  readonly right?: Node;
  readonly test?: Node;
  readonly consequent?: Node;
  readonly alternate?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly callee?: Node;
  readonly expression?: Node | boolean;
  readonly body?: Node | readonly Node[];
  readonly params?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly elements?: readonly (Node | null)[];
  readonly properties?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly quasis?: readonly Node[];
}

/** The one expression a function gives back. */
export function resultOf({ body, expression }: Node): Node | undefined {
  if (expression === true) return body as Node;
  const statements = (body as Node).body as readonly Node[];
  const first = statements.length === 1 ? statements[0] : undefined;
  return first?.type === "ReturnStatement" ? (first.argument ?? undefined) : undefined;
}

/** Names of its parameters; nothing where one is more than a name. */
export function parameterNames({ params }: Node): string[] | undefined {
  const names: string[] = [];
  const all = params as readonly Node[];
  for (let i = 0; i < all.length; i++) {
    const { type, name } = all[i] as Node;
    if (type !== "Identifier") return undefined;
    append(names, name as string);
  }
  return names;
}
