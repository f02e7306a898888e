import { arrayIsArray, objectKeys, RegExpProto, StringProto } from "../primordials.ts";
import type { Caught, Realm } from "../realm.ts";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly await?: boolean;
  readonly left?: Node & { readonly declarations?: readonly Node[] };
}

interface Acorn {
  parse(source: string, options: Record<string, unknown>): Node;
}

/** Nodes whose insides are no longer the module's top level. */
const CLOSED = /Function|^StaticBlock$/;

/** Where the first top-level await of a syntax tree waits, in source order. */
function find(node: Node): number | undefined {
  // V8 points at the variable of `for await (const variable of ...)`.
  if (node.type === "ForOfStatement" && node.await === true) return (node.left?.declarations?.[0] ?? node.left)?.start;
  if (RegExpProto.exec(CLOSED, node.type) !== null) return undefined;
  const inner = findIn(node);
  return inner ?? (node.type === "AwaitExpression" ? node.start : undefined);
}

function findIn(container: object): number | undefined {
  const keys = objectKeys(container);
  for (let i = 0; i < keys.length; i++) {
    const child = (container as Record<string, unknown>)[keys[i] as string];
    if (typeof child !== "object" || child === null) continue;
    const found = arrayIsArray(child)
      ? findIn(child)
      : typeof (child as Node).type === "string"
        ? find(child as Node)
        : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Offset of the first place a module awaits at its top level; nothing where it does not, or does not parse. */
function topLevelAwait(realm: Realm, source: string | undefined): number | undefined {
  if (source === undefined || !StringProto.includes(source, "await")) return undefined;
  const acorn = realm.requireBuiltin<Acorn>("internal/deps/acorn/acorn/dist/acorn");
  try {
    return find(acorn.parse(source, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true }));
  } catch {
    return undefined;
  }
}

/** Whether a module awaits at its top level. */
export const hasTopLevelAwait = (realm: Realm, source: string | undefined): boolean =>
  topLevelAwait(realm, source) !== undefined;

/** The place of the first one. */
export function topLevelAwaitIn(realm: Realm, url: string, source: string | undefined): Caught | undefined {
  const at = topLevelAwait(realm, source);
  if (at === undefined || source === undefined) return undefined;
  const lines = StringProto.split(StringProto.slice(source, 0, at), "\n");
  const column = (lines[lines.length - 1] as string).length;
  const text = StringProto.split(source, "\n")[lines.length - 1] as string;
  return [undefined, url, lines.length, column, column + 1, text];
}
