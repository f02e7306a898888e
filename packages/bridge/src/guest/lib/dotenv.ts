import { StringProto } from "../primordials.ts";

const { indexOf, slice, charCodeAt, startsWith } = StringProto;
const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;

const isSpace = (code: number): boolean => code === SPACE || code === TAB || code === NEWLINE;

/** Takes blanks, tabs and newlines off both ends. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(charCodeAt(text, start))) start++;
  while (end > start && isSpace(charCodeAt(text, end - 1))) end--;
  return slice(text, start, end);
}

function without(text: string, drop: string, put: string): string {
  let out = "";
  let from = 0;
  for (let at = indexOf(text, drop); at !== -1; at = indexOf(text, drop, from)) {
    out += slice(text, from, at) + put;
    from = at + drop.length;
  }
  return out + slice(text, from);
}

const afterLine = (text: string, from: number): string => {
  const newline = indexOf(text, "\n", from);
  return newline === -1 ? "" : slice(text, newline + 1);
};

/** Cuts a comment off an unquoted value. */
const plainValue = (line: string): string => {
  const hash = indexOf(line, "#");
  return trim(hash === -1 ? line : slice(line, 0, hash));
};

/** Reads a `.env` file with the grammar of Node's `util.parseEnv` (src/node_dotenv.cc). Later keys win. */
export function parseDotenv(input: string, put: (key: string, value: string) => void): void {
  let rest = trim(without(input, "\r", ""));
  while (rest.length > 0) {
    const first = rest[0];
    if (first === "\n" || first === "#") {
      rest = afterLine(rest, 0);
      continue;
    }
    const equals = indexOf(rest, "=");
    const newline = indexOf(rest, "\n");
    if (equals === -1 || (newline !== -1 && newline < equals)) {
      if (newline === -1) return;
      rest = trim(slice(rest, newline + 1));
      continue;
    }
    let key = trim(slice(rest, 0, equals));
    rest = slice(rest, equals + 1);
    if (rest === "" || rest[0] === "\n") {
      put(key, "");
      rest = slice(rest, 1);
      continue;
    }
    rest = trim(rest);
    // Nothing before the sign: what stands behind it is looked at anew.
    if (key === "") continue;
    if (startsWith(key, "export ")) key = trim(slice(key, 7));
    if (rest === "") {
      put(key, "");
      return;
    }
    rest = readValue(rest, key, put);
  }
}

/** Reads the value at the start of `rest` and returns what follows its line. */
function readValue(rest: string, key: string, put: (key: string, value: string) => void): string {
  const quote = rest[0] as string;
  if (quote === '"' || quote === "'" || quote === "`") {
    const closing = indexOf(rest, quote, 1);
    if (closing !== -1) {
      const quoted = slice(rest, 1, closing);
      put(key, quote === '"' ? without(quoted, "\\n", "\n") : quoted);
      return afterLine(rest, closing + 1);
    }
    // An opening quote without its end: the whole line is the value.
    const end = indexOf(rest, "\n");
    if (end === -1) {
      put(key, rest);
      return "";
    }
    put(key, slice(rest, 0, end));
    return slice(rest, end + 1);
  }
  const end = indexOf(rest, "\n");
  put(key, plainValue(end === -1 ? rest : slice(rest, 0, end)));
  return end === -1 ? "" : slice(rest, end + 1);
}
