import { append } from "../lib/define.ts";
import { arrayIsArray, objectKeys, RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** A node of acorn's syntax tree (ESTree), as far as it is asked for. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly kind?: string;
  readonly name?: string;
  readonly operator?: string;
  readonly directive?: string;
  readonly computed?: boolean;
  readonly id?: Node | null;
  readonly init?: Node | null;
  readonly key?: Node;
  readonly value?: Node | null;
  readonly argument?: Node | null;
  readonly left?: Node;
  readonly elements?: readonly (Node | null)[];
  readonly properties?: readonly Node[];
  readonly declarations?: readonly Node[];
  readonly body?: readonly Node[];
}

/** What a script is made of that matters to whoever runs it in parts. */
export interface Shape {
  readonly strict: boolean;
  /** Names it declares with `let`, `const` or `class` for the scripts after it. */
  readonly lexicals: readonly string[];
  readonly body: readonly Node[];
  /** Names declared with `var` or as a function. */
  readonly declared: readonly string[];
  /** Whether some of them are declared with `var` deeper than among its statements. */
  readonly nested: boolean;
  /** Names that a `delete` names. */
  readonly deleted: readonly string[];
  /** Where `this` is that of the script. */
  readonly receivers: readonly number[];
  /** Where `import(` begins. */
  readonly imports: readonly number[];
}

interface Found {
  readonly declared: string[];
  readonly deleted: string[];
  readonly receivers: number[];
  readonly imports: number[];
}

interface Acorn {
  parse(source: string, options: Record<string, unknown>): { readonly body: readonly Node[] };
}

/** Whether a node is still in the script's own code. */
interface Place {
  readonly ownsThis: boolean;
  readonly ownsVars: boolean;
}

const INSIDE: Place = { ownsThis: false, ownsVars: false };

/** The names a pattern binds. */
function bind(pattern: Node | null | undefined, names: string[]): void {
  if (!pattern) return;
  if (pattern.type === "Identifier") append(names, pattern.name as string);
  else if (pattern.type === "ObjectPattern")
    each(pattern.properties, (property) => bind(property.value ?? property, names));
  else if (pattern.type === "ArrayPattern") each(pattern.elements, (element) => bind(element, names));
  else bind(pattern.type === "RestElement" ? pattern.argument : pattern.left, names);
}

function each(nodes: readonly (Node | null)[] | undefined, visit: (node: Node) => void): void {
  if (!nodes) return;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node) visit(node);
  }
}

function walk(node: Node, place: Place, found: Found): void {
  switch (node.type) {
    case "ThisExpression":
      if (place.ownsThis) append(found.receivers, node.start);
      return;
    case "ImportExpression":
      append(found.imports, node.start);
      break;
    case "UnaryExpression":
      if (node.operator === "delete" && node.argument?.type === "Identifier")
        append(found.deleted, node.argument.name as string);
      break;
    case "VariableDeclaration":
      if (node.kind === "var" && place.ownsVars)
        each(node.declarations, (declaration) => bind(declaration.id, found.declared));
      break;
    case "FunctionDeclaration":
      if (place.ownsVars && node.id) append(found.declared, node.id.name as string);
      walkChildren(node, INSIDE, found);
      return;
    case "FunctionExpression":
    case "StaticBlock":
      walkChildren(node, INSIDE, found);
      return;
    case "ArrowFunctionExpression":
      walkChildren(node, { ownsThis: place.ownsThis, ownsVars: false }, found);
      return;
    case "PropertyDefinition":
      if (node.computed && node.key) walk(node.key, place, found);
      if (node.value) walk(node.value, INSIDE, found);
      return;
  }
  walkChildren(node, place, found);
}

function walkChildren(node: object, place: Place, found: Found): void {
  const keys = objectKeys(node);
  for (let i = 0; i < keys.length; i++) {
    const child = (node as Record<string, unknown>)[keys[i] as string];
    if (typeof child !== "object" || child === null) continue;
    if (arrayIsArray(child)) walkChildren(child, place, found);
    else if (typeof (child as Node).type === "string") walk(child as Node, place, found);
  }
}

/** Words without which a script has nothing of what is looked for. */
const TELLTALE = /\b(?:let|const|class|using|this|delete|var|function|import)\b|use strict/;

/** That of a script without any of it. */
export const NOTHING: Shape = {
  strict: false,
  lexicals: [],
  body: [],
  declared: [],
  nested: false,
  deleted: [],
  receivers: [],
  imports: [],
};

function bindLexicals({ type, kind, id, declarations }: Node, names: string[]): void {
  if (type === "ClassDeclaration") bind(id, names);
  else if (type === "VariableDeclaration" && kind !== "var") each(declarations, (node) => bind(node.id, names));
}

function parse(realm: Realm, source: string, isBody: boolean): readonly Node[] | undefined {
  const acorn = realm.requireBuiltin<Acorn>("internal/deps/acorn/acorn/dist/acorn");
  const options = {
    ecmaVersion: "latest",
    sourceType: "script",
    allowHashBang: true,
    allowReturnOutsideFunction: isBody,
    allowAwaitOutsideFunction: false,
  };
  try {
    return acorn.parse(source, options).body;
  } catch {
    return undefined;
  }
}

/** @returns nothing for what acorn does not understand */
export function shapeOf(realm: Realm, source: string): Shape | undefined {
  if (RegExpProto.exec(TELLTALE, source) === null) return NOTHING;
  const body = parse(realm, source, false);
  if (!body) return undefined;
  const found: Found = { declared: [], deleted: [], receivers: [], imports: [] };
  const lexicals: string[] = [];
  const outermost: string[] = [];
  let strict = false;
  each(body, (node) => {
    bindLexicals(node, lexicals);
    if (node.type === "FunctionDeclaration") bind(node.id, outermost);
    else if (node.kind === "var") each(node.declarations, (declaration) => bind(declaration.id, outermost));
    strict ||= node.directive === "use strict";
    walk(node, { ownsThis: true, ownsVars: true }, found);
  });
  return { ...found, strict, lexicals, body, nested: found.declared.length > outermost.length };
}

/** Stands for `import` in code whose importer is a parameter around it: as long as the word. */
export const IMPORTER = "\u00efmp\u00f6rt";

/** Where `import(` begins in the body of a function. */
export function importsOf(realm: Realm, body: string): readonly number[] {
  if (RegExpProto.exec(/\bimport\b/, body) === null) return [];
  const found: Found = { declared: [], deleted: [], receivers: [], imports: [] };
  const nodes = parse(realm, body, true);
  if (nodes) each(nodes, (node) => walk(node, INSIDE, found));
  return found.imports;
}

/** Puts names of the same length in the places of words: no column moves. */
export function replaceAt(source: string, places: readonly number[], name: string): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < places.length; i++) {
    const at = places[i] as number;
    out += StringProto.slice(source, from, at) + name;
    from = at + name.length;
  }
  return out + StringProto.slice(source, from);
}
