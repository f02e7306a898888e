import type { FsAccess, NetworkOp } from "./requests.ts";

const unsafe = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/g;
const codeUnit = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A guest-chosen text as a JSON literal that cannot steer a terminal or reorder a line. */
export const quote = (text: string): string => JSON.stringify(text).replace(unsafe, codeUnit);

/** A flag with its value, quoted for a POSIX shell where needed; nothing for a text no shell line should hold. */
const flag = (name: string, value: string): string => {
  if (quote(value) !== `"${value}"` || value.includes(",")) return "";
  return /^[\w@%+=:./-]+$/.test(value) ? ` (${name}=${value})` : ` (${name}='${value.replaceAll("'", "'\\''")}')`;
};

/** The option and flag that would allow a file operation. */
export const fsCure = (access: FsAccess, pattern: string): string =>
  `permissions.fs.${access}: [${quote(pattern)}]${flag(`--allow-fs-${access}`, pattern)}`;

/** The option and flag that would allow a network operation. There is no flag for `listen` and `dns`. */
export const networkCure = (op: NetworkOp, pattern: string): string =>
  `permissions.network.${op}: [${quote(pattern)}]${op === "connect" ? flag("--allow-net", pattern) : ""}`;

/** The option and flag that would allow a command. */
export const commandCure = (command: string): string =>
  `permissions.childProcess.commands: [${quote(command)}]${flag("--allow-run", command)}`;

/** The option that would allow an offered function. */
export const bindingCure = (name: string): string => `permissions.bindings: [${quote(name)}]`;

/** What to do where a permission function said no. */
export const functionCure = (domain: string): string => `return true from the function permissions.${domain}`;
