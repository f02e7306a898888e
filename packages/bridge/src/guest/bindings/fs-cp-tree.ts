import { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { attemptStd, copyTimes, isA, look, Mode } from "./fs-cp-steps.ts";
import { failure, refuse, stdError } from "./fs-error.ts";
import { absolute, below, type Entry, lexical, parentText, sortedEntries } from "./fs-path.ts";

export interface TreeOptions {
  readonly force: boolean;
  readonly errorOnExist: boolean;
  readonly verbatimLinks: boolean;
  readonly times: boolean;
}

/** UV_DIRENT_* */
const Type = { unknown: 0, file: 1, directory: 2, link: 3 } as const;
const COPYFILE_EXCL = 1;

/** One recursive copy under way. */
interface Copy {
  readonly realm: Realm;
  readonly options: TreeOptions;
}

/** One entry of the directory that is being copied. */
interface Item {
  readonly from: string;
  readonly to: string;
  /** The directories it lies in and goes to. */
  readonly source: string;
  readonly target: string;
}

/** The canonical form of as much of a path as exists, the rest by its text (`std::filesystem::weakly_canonical`). */
function weaklyCanonical(realm: Realm, path: string): string {
  let head = path;
  let rest = "";
  for (;;) {
    try {
      return lexical(`${realm.sys.fs.realpath(head)}/${rest}`);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (head === "/") return lexical(path);
      rest = `${StringProto.slice(head, parentText(head).length)}/${rest}`;
      head = parentText(head);
    }
  }
}

const inside = (directory: string, path: string): boolean =>
  path === directory || StringProto.startsWith(path, `${directory}/`);

/** A link in the way of a link gives way, unless one of the two leads into the other. */
function replaceLink({ realm }: Copy, { to, target }: Item, text: string): void {
  const current = attemptStd(realm, { syscall: "cp", path: target }, () =>
    realm.sys.fs.readlink(absolute(realm, to)),
  ) as string;
  const cwd = realm.cwd;
  const wanted = lexical(below(cwd, text));
  const there = lexical(below(cwd, current));
  const linked = look(realm, text, true);
  if (linked && isA(linked, Mode.directory) && inside(wanted, there)) {
    refuse(bindingError("Error", "ERR_FS_CP_EINVAL", `Cannot copy ${text} to a subdirectory of self ${current}`));
  }
  const existing = look(realm, to, true);
  if (existing && isA(existing, Mode.directory) && inside(there, wanted)) {
    refuse(bindingError("Error", "ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY", `cannot overwrite ${current} with ${text}`));
  }
  attemptStd(realm, { syscall: "cp", path: target }, () => realm.sys.fs.unlink(absolute(realm, to)));
}

function copyLink(copy: Copy, item: Item): void {
  const { realm, options } = copy;
  const { from, to, source, target } = item;
  const subject = { syscall: "cp", path: target };
  const text = attemptStd(realm, subject, () => realm.sys.fs.readlink(absolute(realm, from))) as string;
  if (options.verbatimLinks) {
    attemptStd(realm, subject, () => realm.sys.fs.symlink(text, absolute(realm, to)));
    return;
  }
  if (look(realm, to, true)) {
    const existing = look(realm, to, false) as readonly number[];
    if (isA(existing, Mode.link)) replaceLink(copy, item, text);
    else if (isA(existing, Mode.file)) refuse(stdError(realm, failure("EEXIST"), { syscall: "cp", path: to }));
  }
  const leads = weaklyCanonical(realm, below(absolute(realm, source), text));
  attemptStd(realm, subject, () => realm.sys.fs.symlink(leads, absolute(realm, to)));
}

function copyFile({ realm, options }: Copy, { from, to, target }: Item): void {
  try {
    realm.sys.fs.copyFile(absolute(realm, from), absolute(realm, to), options.force ? 0 : COPYFILE_EXCL);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (error.code === "EEXIST") {
      if (!options.errorOnExist) return;
      const message = `[ERR_FS_CP_EEXIST]: Target already exists: cp returned EEXIST (${to} already exists)`;
      refuse(bindingError("Error", "ERR_FS_CP_EEXIST", message));
    }
    const cause = error.code === "EISDIR" ? failure("ENOTSUP") : error;
    refuse(stdError(realm, cause, { syscall: "cp", path: target }));
  }
  if (options.times) copyTimes(realm, from, to);
}

/** Makes a directory where none is. */
function makeDirectory(realm: Realm, path: string, recursive: boolean): void {
  const existing = look(realm, path, true);
  if (existing && isA(existing, Mode.directory)) return;
  attemptStd(realm, { syscall: "cp", path }, () =>
    realm.sys.fs.mkdir(absolute(realm, path), 0o777 & ~realm.umask, recursive),
  );
}

function typeOf(realm: Realm, type: number, path: string): number {
  if (type !== Type.unknown) return type;
  const stat = look(realm, path, false);
  if (!stat) return Type.unknown;
  if (isA(stat, Mode.link)) return Type.link;
  return isA(stat, Mode.directory) ? Type.directory : isA(stat, Mode.file) ? Type.file : Type.unknown;
}

function copyContents(copy: Copy, source: string, target: string): void {
  const { realm } = copy;
  const entries = sortedEntries(
    attemptStd(realm, { syscall: "cp", path: source }, () => realm.sys.fs.readdir(absolute(realm, source))) ?? [],
  );
  for (let i = 0; i < entries.length; i++) {
    const { 0: name, 1: type } = entries[i] as Entry;
    const item: Item = { from: below(source, name), to: below(target, name), source, target };
    switch (typeOf(realm, type, item.from)) {
      case Type.link:
        copyLink(copy, item);
        break;
      case Type.directory:
        makeDirectory(realm, item.to, false);
        copyContents(copy, item.from, item.to);
        break;
      case Type.file:
        copyFile(copy, item);
        break;
      default:
        // Sockets, pipes and devices stay behind, as in Node.
        break;
    }
  }
}

/** Copies what is in a directory into another, which is made where it is missing (CpSyncCopyDir). */
export function copyTree(realm: Realm, src: string, dest: string, options: TreeOptions): void {
  makeDirectory(realm, dest, true);
  copyContents({ realm, options }, src, dest);
}
