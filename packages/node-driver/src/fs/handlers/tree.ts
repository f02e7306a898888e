import type { Handlers } from "@vivarium/core/cell";
import { late } from "../../late.ts";
import { errnoOf, fail } from "../failure.ts";
import { LINK_MAX } from "../linux.ts";
import { joinPath, type Mounts } from "../mounts.ts";
import { type Directory, isDirectory } from "../node.ts";
import type { Place } from "../place.ts";
import { holderOf, onePlace, placeOf, present, vacant, writable } from "./access.ts";

type Tree = Pick<
  Handlers<"fs", Place>,
  "mkdir" | "mkdtemp" | "rmdir" | "unlink" | "rm" | "rename" | "link" | "symlink" | "makeSocket"
>;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SUFFIX = 6;
const ATTEMPTS = 100;

const suffix = (): string =>
  Array.from({ length: SUFFIX }, () => LETTERS[late.crypto.randomInt(LETTERS.length)]).join("");

/** Syscalls that add, move and remove names. None follows a link at the end of its path. */
export function treeHandlers(mounts: Mounts): Tree {
  return {
    mkdir(grants, _path, mode, recursive) {
      const place = onePlace(grants);
      if (recursive) return makeParents(place, mode);
      vacant(place).mkdir(place.name, mode);
      return undefined;
    },
    mkdtemp: (grants, prefix) => makeTemporary(onePlace(grants), prefix),
    rmdir(grants) {
      const place = onePlace(grants);
      if (!isDirectory(present(place))) fail("ENOTDIR");
      if (place.dots) fail("EINVAL");
      const holder = detachable(place, mounts);
      holder.rmdir(place.name);
      return undefined;
    },
    unlink(grants) {
      const place = onePlace(grants);
      if (isDirectory(present(place))) fail("EISDIR");
      detachable(place, mounts).unlink(place.name);
      return undefined;
    },
    rm(grants, _path, recursive) {
      const place = onePlace(grants);
      const node = present(place);
      if (isDirectory(node) && !recursive) fail("EISDIR");
      const holder = detachable(place, mounts);
      if (isDirectory(node)) empty(node);
      if (isDirectory(node)) holder.rmdir(place.name);
      else holder.unlink(place.name);
      return undefined;
    },
    rename(grants) {
      rename(placeOf(grants, 0), placeOf(grants, 1), mounts);
      return undefined;
    },
    link(grants) {
      const [from, to] = [placeOf(grants, 0), placeOf(grants, 1)];
      const node = present(from);
      if (to.node === undefined && to.slash) fail("ENOENT");
      if (to.node !== undefined) fail("EEXIST");
      const directory = to.holder ?? fail(to.failure ?? "ENOENT");
      if (node.volume !== directory.volume) fail("EXDEV");
      if (isDirectory(node)) fail("EPERM");
      writable(directory).link(to.name, node);
      return undefined;
    },
    makeSocket(grants, _path, mode) {
      const place = onePlace(grants);
      const directory = vacant(place);
      if (directory.makeSocket) directory.makeSocket(place.name, mode);
      else fail("EPERM");
      return undefined;
    },
    symlink(grants, text) {
      const place = onePlace(grants);
      if (text === "") fail("ENOENT");
      if (Buffer.byteLength(text) > LINK_MAX) fail("ENAMETOOLONG");
      if (place.node === undefined && place.slash) fail("ENOENT");
      vacant(place).symlink(place.name, text);
      return undefined;
    },
  };
}

/** The holder of something that may be taken away from its place. */
function detachable(place: Place, mounts: Mounts): Directory {
  const holder = writable(holderOf(place));
  if (mounts.hasBelow(place.path)) fail("EBUSY");
  return holder;
}

/** -> the first directory made, or nothing when all were there */
function makeParents(place: Place, mode: number): string | undefined {
  if (place.node !== undefined) return isDirectory(place.node) ? undefined : fail("EEXIST");
  const { missing } = place;
  if (missing === undefined) return fail(place.failure ?? "ENOENT");
  // Nothing is made of a path that leaves again what is not there yet: the caller makes that first.
  if (missing.names.includes("..")) fail("ENOENT");
  let { directory, path } = missing;
  let first: string | undefined;
  for (const name of missing.names) {
    if (name === ".") continue;
    writable(directory).mkdir(name, mode);
    path = joinPath(path, name);
    first ??= path;
    const made = directory.lookup(name);
    if (made === undefined || !isDirectory(made)) return fail("ENOTDIR");
    directory = made;
  }
  return first;
}

function makeTemporary(place: Place, prefix: string): string {
  const directory = place.holder ?? fail(place.failure ?? "ENOENT");
  writable(directory);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const end = suffix();
    try {
      directory.mkdir(place.name.slice(0, -SUFFIX) + end, 0o700);
      return prefix + end;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
  }
  return fail("EEXIST");
}

/** Removes everything in a directory. Links are removed, never followed. */
function empty(directory: Directory): void {
  const listing = directory.list();
  for (let i = 0; i < listing.length; i += 2) {
    const name = listing[i] as string;
    const node = directory.lookup(name);
    if (node === undefined) continue;
    if (isDirectory(node)) {
      empty(node);
      directory.rmdir(name);
    } else directory.unlink(name);
  }
}

function rename(from: Place, to: Place, mounts: Mounts): void {
  if (from.node === undefined && from.holder === undefined) fail(from.failure ?? "ENOENT");
  if (to.node === undefined && to.holder === undefined) fail(to.failure ?? "ENOENT");
  if (from.dots || to.dots) fail("EBUSY");
  const [holder, target] = [holderOf(from), holderOf(to)];
  if (holder.volume !== target.volume) fail("EXDEV");
  const node = present(from);
  if (!isDirectory(node) && to.slash) fail("ENOTDIR");
  if (from.path === to.path) return;
  for (const place of [from, to]) if (mounts.hasBelow(place.path)) fail("EBUSY");
  writable(holder).rename(from.name, target, to.name);
}
