import { type Comment, parse } from "acorn";

/** The parameters Node compiles a built-in module with (realm.js and `BuiltinLoader::LookupAndCompile`). */
const SPECIAL_PARAMETERS: Readonly<Record<string, string>> = {
  "internal/per_context/primordials": "exports, primordials, privateSymbols, perIsolateSymbols",
  "internal/per_context/domexception": "exports, primordials, privateSymbols, perIsolateSymbols",
  "internal/per_context/messageport": "exports, primordials, privateSymbols, perIsolateSymbols",
  "internal/bootstrap/realm": "process, getLinkedBinding, getInternalBinding, primordials",
};

export function parametersOf(id: string): string {
  const special = SPECIAL_PARAMETERS[id];
  if (special) return special;
  return id.startsWith("internal/bootstrap/") || id.startsWith("internal/main/")
    ? "process, require, internalBinding, primordials"
    : "exports, require, module, process, internalBinding, primordials";
}

/** Whether a comment stands beside code on one line: such lines show in printouts of uncaught exceptions. */
function isBesideCode(source: string, { start, end }: Comment): boolean {
  const lineStart = source.lastIndexOf("\n", start - 1) + 1;
  const nextLine = source.indexOf("\n", end);
  const after = source.slice(end, nextLine < 0 ? undefined : nextLine);
  return !source.slice(start, end).includes("\n") && `${source.slice(lineStart, start)}${after}`.trim() !== "";
}

/**
 * Takes the comments that stand alone out of a module and leaves every token at its line and column, so that stack
 * traces through the library read as on Node. The result is ASCII: one wider character would make V8 hold the whole script in two bytes
 * a character.
 */
export function stripComments(source: string): string {
  const comments: Comment[] = [];
  parse(source, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowHashBang: true,
    onComment: comments,
  });
  let out = "";
  let from = 0;
  for (const comment of comments) {
    if (isBesideCode(source, comment)) continue;
    out += source.slice(from, comment.start) + source.slice(comment.start, comment.end).replace(/[^\n]/g, " ");
    from = comment.end;
  }
  out += source.slice(from);
  return toAscii(out.replace(/[ \t]+$/gm, "").replace(/\s+$/, "\n"));
}

const toAscii = (text: string): string =>
  text.replace(/[^\n\x20-\x7e\t]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
