import { Buffer } from "node:buffer";

const INLINE = /\n*\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;

/** Takes an inline source map off the end of a program. */
export function splitSourceMap(text: string): { readonly text: string; readonly map: string | undefined } {
  const found = INLINE.exec(text);
  if (found === null) return { text, map: undefined };
  return { text: `${text.slice(0, found.index)}\n`, map: Buffer.from(found[1] ?? "", "base64").toString("utf8") };
}
