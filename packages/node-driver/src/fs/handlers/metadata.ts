import type { Handlers } from "@vivarium/core/cell";
import { fail } from "../failure.ts";
import type { Mounts } from "../mounts.ts";
import { isDirectory, isLink } from "../node.ts";
import type { Place } from "../place.ts";
import { onePlace, present, writable } from "./access.ts";

type Metadata = Pick<
  Handlers<"fs", Place>,
  | "stat"
  | "lstat"
  | "statfs"
  | "access"
  | "readdir"
  | "readlink"
  | "realpath"
  | "chmod"
  | "chown"
  | "lchown"
  | "utimes"
  | "lutimes"
>;

/** Syscalls that look at or change what is at a path, and leave the tree as it is. */
export function metadataHandlers(mounts: Mounts): Metadata {
  const stat: Metadata["stat"] = (grants) => present(onePlace(grants)).stat();
  const chown: Metadata["chown"] = (grants, _path, uid, gid) => {
    writable(present(onePlace(grants))).chown(uid, gid);
    return undefined;
  };
  const utimes: Metadata["utimes"] = (grants, _path, atime, mtime) => {
    writable(present(onePlace(grants))).utimes(atime, mtime);
    return undefined;
  };
  return {
    stat,
    lstat: stat,
    chown,
    lchown: chown,
    utimes,
    lutimes: utimes,
    statfs: (grants) => present(onePlace(grants)).volume.statfs(),
    access(grants, _path, mode) {
      present(onePlace(grants)).access(mode & 7);
      return undefined;
    },
    readdir(grants) {
      const place = onePlace(grants);
      const node = present(place);
      return isDirectory(node) ? mounts.list(node, place.path) : fail("ENOTDIR");
    },
    readlink(grants) {
      const node = present(onePlace(grants));
      return isLink(node) ? node.text() : fail("EINVAL");
    },
    realpath(grants) {
      const place = onePlace(grants);
      present(place);
      return place.path;
    },
    chmod(grants, _path, mode) {
      writable(present(onePlace(grants))).chmod(mode & 0o7777);
      return undefined;
    },
  };
}
