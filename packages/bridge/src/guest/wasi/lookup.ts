/**
 * How the paths of a WebAssembly program become paths of the sandbox (src/path_resolver.c of uvwasi): by their text,
 * below a directory the program has. Where uvwasi leaves links on the way to the system, this looks where they lead:
 * nothing is reached outside the preopened directory.
 */
import { below, parentText } from "../bindings/fs-path.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { decodeName } from "../lib/escaped-utf8.ts";
import { ArrayProto, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Entry } from "./descriptors.ts";
import { fail } from "./errno.ts";

const MOST_LINKS = 32;

type Directory = Pick<Entry, "normalized" | "path" | "root">;

const isAbsolute = (path: string): boolean => path[0] === "/";

/** The path text a program gave. A NUL may end it, and stand nowhere else. @throws EINVAL */
export function pathFrom(bytes: Uint8Array): string {
  let text = decodeName(bytes);
  if (text[text.length - 1] === "\0") text = StringProto.slice(text, 0, -1);
  else if (text === "") fail("EINVAL");
  if (StringProto.includes(text, "\0")) fail("EINVAL");
  return text;
}

/** A path without dots and double slashes. What leads up past its beginning stays, and a slash at its end. */
export function normalize(path: string): string {
  const parts = StringProto.split(path, "/");
  const kept: string[] = [];
  const rooted = isAbsolute(path);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part === "" || part === ".") continue;
    const last = kept[kept.length - 1];
    if (part !== "..") append(kept, part);
    else if (last !== undefined && last !== "..") kept.length -= 1;
    else if (!rooted) append(kept, part);
  }
  const text = ArrayProto.join(kept, "/");
  const whole = rooted ? `/${text}` : text === "" ? "." : text;
  const hasSlash = StringProto.endsWith(path, "/") && !StringProto.endsWith(whole, "/");
  return hasSlash ? `${whole}/` : whole;
}

const isHere = (path: string): boolean => path === "." || path === "./";
const leadsUp = (path: string): boolean => path === ".." || StringProto.startsWith(path, "../");

/** Whether a normalized path lies below a directory, by its text. */
function isBelow(path: string, directory: string): boolean {
  if (isAbsolute(directory)) return StringProto.startsWith(path, directory);
  if (isHere(directory)) return !leadsUp(path);
  if (!StringProto.startsWith(path, directory)) return false;
  const rest = StringProto.slice(path, directory.length);
  return !leadsUp(isAbsolute(rest) ? StringProto.slice(rest, 1) : rest);
}

/** The path in the sandbox of a normalized one. */
function inSandbox({ normalized, path }: Directory, text: string): string {
  const rest = StringProto.slice(text, isHere(normalized) ? 0 : normalized.length);
  if (rest === "" || rest === "/") return path;
  return isAbsolute(rest) ? path + rest : `${path}/${rest}`;
}

/** What a link says; nothing where there is no link. @throws SyscallError for what else is wrong */
function linkText(realm: Realm, path: string): string | undefined {
  try {
    return realm.sys.fs.readlink(path);
  } catch (error) {
    if (error instanceof SyscallError && (error.code === "EINVAL" || error.code === "ENOENT")) return undefined;
    throw error;
  }
}

/** Looks a path up by its text and, when asked, follows the link it may be. */
function byText(realm: Realm, directory: Directory, given: string, follow: boolean): string {
  if (isAbsolute(given)) fail("ENOTCAPABLE");
  let input = given;
  for (let followed = 1; ; followed++) {
    if (input === "") fail("EINVAL");
    const text = normalize(isAbsolute(input) ? input : `${directory.normalized}/${input}`);
    if (!isBelow(text, directory.normalized)) fail("ENOTCAPABLE");
    const found = inSandbox(directory, text);
    const link = follow ? linkText(realm, found) : undefined;
    if (link === undefined) return found;
    if (followed >= MOST_LINKS) fail("ELOOP");
    // A link is relative to where it is. What that comes to stands, once more, below the directory.
    input = isAbsolute(link) ? link : `${text}/../${link}`;
  }
}

const isInside = (root: string, path: string): boolean =>
  path === root || root === "/" || StringProto.startsWith(path, `${root}/`);

/** Failures that mean that a path leads nowhere: so will whatever is done with it. */
const NOWHERE = ["ENOENT", "ENOTDIR", "ELOOP"] as const;

/** The canonical path, or nothing where it leads nowhere. @throws SyscallError where that may not be known */
function canonical(realm: Realm, path: string): string | undefined {
  try {
    return realm.sys.fs.realpath(path);
  } catch (error) {
    const isNowhere = error instanceof SyscallError && ArrayProto.includes(NOWHERE, error.code);
    if (isNowhere) return undefined;
    throw error;
  }
}

/**
 * Sees to it that nothing on the way leads out of the root.
 * @param opens the system itself follows the link at the end
 * @throws ENOTCAPABLE, ELOOP
 */
export function confine(realm: Realm, root: string, path: string, opens: boolean): void {
  let target = path;
  while (target.length > 1 && StringProto.endsWith(target, "/")) target = StringProto.slice(target, 0, -1);
  if (target === root) return;
  for (let followed = 0; followed < MOST_LINKS; followed++) {
    const last = StringProto.slice(target, StringProto.lastIndexOf(target, "/") + 1);
    const isDots = last === "." || last === ".." || last === "";
    const holder = canonical(realm, isDots ? target : parentText(target));
    if (holder === undefined) return;
    if (!isInside(root, holder)) fail("ENOTCAPABLE");
    const link = opens && !isDots ? linkText(realm, target) : undefined;
    if (link === undefined) return;
    target = below(holder, link);
  }
  fail("ELOOP");
}

/**
 * The path in the sandbox of what a program names below a directory it has.
 * @param how whether a link at the end is followed (`lookupflags`), and whether opening would follow it anyway
 * @throws EINVAL, ELOOP, ENOTCAPABLE for what leads out, and what the system says of a link
 */
export function resolve(
  realm: Realm,
  directory: Directory,
  given: string,
  how: { readonly follow?: boolean; readonly opens?: boolean } = {},
): string {
  const found = byText(realm, directory, given, how.follow === true);
  confine(realm, directory.root, found, how.opens === true);
  return found;
}
