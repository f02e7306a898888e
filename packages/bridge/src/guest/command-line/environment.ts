import { append } from "../lib/define.ts";
import { StringProto } from "../primordials.ts";

/**
 * The words of NODE_OPTIONS (`ParseNodeOptionsEnvVar`, src/node_options.cc): separated by spaces, in quotes where they
 * have some of their own, in which a backslash takes the next character as it is.
 */
export function splitNodeOptions(text: string): { readonly words: string[]; readonly error?: string } {
  const words: string[] = [];
  let isQuoted = false;
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    let character = StringProto.charAt(text, i);
    if (character === "\\" && isQuoted) {
      if (i + 1 === text.length) return { words, error: "invalid value for NODE_OPTIONS (invalid escape)\n" };
      i += 1;
      character = StringProto.charAt(text, i);
    } else if (character === " " && !isQuoted) {
      if (word !== undefined) append(words, word);
      word = undefined;
      continue;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    word = (word ?? "") + character;
  }
  if (isQuoted) return { words, error: "invalid value for NODE_OPTIONS (unterminated string)\n" };
  if (word !== undefined) append(words, word);
  return { words };
}
