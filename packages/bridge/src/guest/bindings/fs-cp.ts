import type { SyscallError } from "../client.ts";
import { bindingError } from "../lib/binding-error.ts";
import { implement } from "../lib/implement.ts";
import { StringProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { smallMode } from "./fs-arguments.ts";
import { attemptStd, attemptUv, copyTimes, isA, look, Mode, sameFile } from "./fs-cp-steps.ts";
import { copyTree, type TreeOptions } from "./fs-cp-tree.ts";
import { fsError, refuse, refusing } from "./fs-error.ts";
import { absolute, type PathLike, parentText, pathText } from "./fs-path.ts";

const cannot = (code: string, message: string): never => refuse(bindingError("Error", code, message));

/** What the copy's source is; following links is the other way round than one would think, as in Node. */
function sourceStat(realm: Realm, src: string, dereference: boolean): readonly number[] {
  const stat = look(realm, src, !dereference, (cause: SyscallError) => {
    return refuse(fsError(realm, cause, { syscall: dereference ? "stat" : "lstat", path: src }));
  });
  return stat as readonly number[];
}

/** Refuses what cannot lie where it should go. */
function checkDestination(
  realm: Realm,
  src: string,
  dest: string,
  directory: boolean,
  existing: readonly number[],
): void {
  if (sameFile(look(realm, src, true), look(realm, dest, true))) {
    cannot("ERR_FS_CP_EINVAL", `src and dest cannot be the same ${dest}`);
  }
  const onDirectory = isA(existing, Mode.directory);
  if (directory && !onDirectory) {
    cannot("ERR_FS_CP_DIR_TO_NON_DIR", `Cannot overwrite non-directory ${dest} with directory ${src}`);
  }
  if (!directory && onDirectory) {
    cannot("ERR_FS_CP_NON_DIR_TO_DIR", `Cannot overwrite directory ${dest} with non-directory ${src}`);
  }
}

/** Refuses to copy a directory into itself, by name and by what the destination's parent is. */
function checkInside(realm: Realm, src: string, shown: string, dest: string, directory: boolean): void {
  const parent = parentText(dest);
  const byName = directory && StringProto.startsWith(dest, shown);
  const byFile =
    parent !== "" && parentText(src) !== parent && sameFile(look(realm, src, true), look(realm, parent, true));
  if (byName || byFile) cannot("ERR_FS_CP_EINVAL", `Cannot copy ${shown} to a subdirectory of self ${dest}`);
}

function checkKind(stat: readonly number[], dest: string): void {
  if (isA(stat, Mode.socket)) cannot("ERR_FS_CP_SOCKET", `Cannot copy a socket file: ${dest}`);
  if (isA(stat, Mode.fifo)) cannot("ERR_FS_CP_FIFO_PIPE", `Cannot copy a FIFO pipe: ${dest}`);
}

/** `fs.cpSync`'s checks, which also make the directories above the destination (CpSyncCheckPaths). */
function checkPaths(realm: Realm, from: PathLike, to: PathLike, dereference: boolean, recursive: boolean): void {
  const src = pathText(from);
  const dest = pathText(to);
  const stat = sourceStat(realm, src, dereference);
  const existing = look(realm, dest, dereference);
  const directory = isA(stat, Mode.directory) || (dereference && isA(stat, Mode.link));
  if (existing) checkDestination(realm, src, dest, directory, existing);
  const shown = StringProto.endsWith(src, "/") ? src : `${src}/`;
  checkInside(realm, src, shown, dest, directory);
  if (directory && !recursive) {
    cannot("ERR_FS_EISDIR", `Recursive option not enabled, cannot copy a directory: ${shown}`);
  }
  checkKind(stat, dest);
  const parent = parentText(dest);
  if (!existing && parent !== "" && !look(realm, parent, true)) {
    // A failure shows when the copy itself is made.
    attemptUv(realm, undefined, () => realm.sys.fs.mkdir(absolute(realm, parent), 0o777 & ~realm.umask, true));
  }
}

/** Replaces a file by a copy (CpSyncOverrideFile). */
function overrideFile(realm: Realm, from: PathLike, to: PathLike, mode: unknown, times: boolean): void {
  const src = pathText(from);
  const dest = pathText(to);
  const flags = smallMode(mode);
  attemptStd(realm, { syscall: "unlink", path: dest }, () => realm.sys.fs.unlink(absolute(realm, dest)));
  const copy = () => realm.sys.fs.copyFile(absolute(realm, src), absolute(realm, dest), flags);
  if (flags === 0) attemptStd(realm, { syscall: "cp", path: dest }, copy);
  else attemptUv(realm, { syscall: "cp", path: src, dest }, copy);
  if (times) copyTimes(realm, src, dest);
}

/** The parts of `fs.cpSync` that Node has in C++. */
export function installCopy(binding: Binding, realm: Realm): void {
  implement(binding, {
    cpSyncCheckPaths: refusing((from: PathLike, to: PathLike, dereference: unknown, recursive: unknown) =>
      checkPaths(realm, from, to, dereference === true, recursive === true),
    ),
    cpSyncOverrideFile: refusing((from: PathLike, to: PathLike, mode: unknown, times: unknown) =>
      overrideFile(realm, from, to, mode, times === true),
    ),
    // The fourth argument, `dereference`, changes nothing in this version of Node.
    cpSyncCopyDir: refusing((from: PathLike, to: PathLike, ...flags: readonly unknown[]) => {
      const { 0: force, 2: errorOnExist, 3: verbatim, 4: times } = flags;
      const options: TreeOptions = {
        force: force === true,
        errorOnExist: errorOnExist === true,
        verbatimLinks: verbatim === true,
        times: times === true,
      };
      copyTree(realm, pathText(from), pathText(to), options);
    }),
  });
}
