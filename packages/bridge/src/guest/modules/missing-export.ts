import type { SyscallError } from "../client.ts";
import { objectDefineProperty, RegExpProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

interface Node {
  readonly url: string;
  readonly source: string | undefined;
}

const NOT_PROVIDED = /^The requested module '(.*)' does not provide an export named '(.*)'$/;
const DUPLICATE = /^The requested module '(.*)' contains conflicting star exports for name '(.*)'/;

/** The line that imports `name` from `specifier`, as V8 would point at it. */
function importLine(
  source: string,
  specifier: string,
  name: string,
): { line: number; column: number; text: string } | undefined {
  const lines = StringProto.split(source, "\n");
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i] as string;
    if (!StringProto.includes(text, specifier) && !StringProto.includes(text, name)) continue;
    const column =
      name === "default" ? StringProto.search(text, /\b(?!import\b)[\w$]+/) : StringProto.indexOf(text, name);
    if (column >= 0 && /\b(?:import|export)\b/.test(text)) return { line: i + 1, column, text };
  }
  return undefined;
}

/** The SyntaxError of a link that failed, with the importing line above its stack, as Node decorates it. */
export function missingExport(_realm: Realm, failure: SyscallError, graph: readonly Node[]): Error {
  const message = StringProto.split(failure.message ?? failure.code, "\0")[0] as string;
  const error = new SyntaxError(message);
  const match = RegExpProto.exec(NOT_PROVIDED, message) ?? RegExpProto.exec(DUPLICATE, message);
  if (!match) return error;
  const [, specifier = "", name = ""] = match;
  for (let i = 0; i < graph.length; i++) {
    const { url, source } = graph[i] as Node;
    const place = source === undefined ? undefined : importLine(source, specifier, name);
    if (
      !place ||
      !source ||
      !(StringProto.includes(source, `'${specifier}'`) || StringProto.includes(source, `"${specifier}"`))
    )
      continue;
    const carets =
      StringProto.repeat(" ", place.column) + StringProto.repeat("^", name === "default" ? 1 : name.length);
    objectDefineProperty(error, "stack", {
      value: `${url}:${place.line}\n${place.text}\n${carets}\n${error.stack ?? ""}`,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    break;
  }
  return error;
}
