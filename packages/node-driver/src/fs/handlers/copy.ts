import type { Handlers } from "@vivarium/core/cell";
import { fail } from "../failure.ts";
import * as linux from "../linux.ts";
import type { OpenFile } from "../node.ts";
import type { Place } from "../place.ts";
import { placeOf, present, writable } from "./access.ts";
import { openPlace, writeAll } from "./contents.ts";

/** Bytes moved at a time. */
const STEP = 256 * 1024;

function stream(from: OpenFile, to: OpenFile): void {
  for (let position = 0; ; ) {
    const data = from.read(STEP, position);
    if (data.length === 0) return;
    writeAll(to, data, position, false);
    position += data.length;
  }
}

const same = (from: Place, to: Place): boolean => {
  if (from.node === undefined || to.node === undefined || from.node.volume !== to.node.volume) return false;
  return from.node === to.node || from.node.stat()[INODE] === to.node.stat()[INODE];
};

const MODE = 1;
const INODE = 7;

/** `copyFile` as libuv's: the mode comes along, a half-made copy is removed. */
export const copyFile: Handlers<"fs", Place>["copyFile"] = (grants, _from, _to, mode) => {
  const [from, to] = [placeOf(grants, 0), placeOf(grants, 1)];
  const node = present(from);
  if ((mode & linux.COPYFILE_FICLONE_FORCE) !== 0) fail("ENOTSUP");
  const source = openPlace(from, linux.O_RDONLY, 0);
  try {
    const permissions = (node.stat()[MODE] ?? 0) & 0o7777;
    const exclusive = (mode & linux.COPYFILE_EXCL) !== 0 ? linux.O_EXCL : 0;
    if (exclusive === 0 && same(from, to)) return undefined;
    const made = to.node === undefined;
    const target = openPlace(to, linux.O_WRONLY | linux.O_CREAT | exclusive, permissions);
    try {
      target.truncate(0);
      stream(source, target);
      target.chmod(permissions);
    } catch (error) {
      if (made && to.holder !== undefined) writable(to.holder).unlink(to.name);
      throw error;
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
  return undefined;
};
