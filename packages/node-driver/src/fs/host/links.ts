import { isAbsolute, posix, sep } from "node:path";
import { fail } from "../failure.ts";
import type { Target } from "../node.ts";
import type { LinkPolicy } from "./volume.ts";

/** The part of a host path below a host directory (`""` for itself), or nothing when it lies outside. */
export function below(root: string, path: string): string | undefined {
  if (path === root) return "";
  const prefix = root.endsWith(sep) ? root : root + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

const toPosix = (path: string): string => (sep === "/" ? path : path.replaceAll(sep, "/"));

/**
 * Links of a host mount stay inside it. A relative link is walked by us and its `..` stops at the mount's root; an
 * absolute one is a host path and is followed only where that path lies in the mount (`alias`: the root as configured,
 * which may itself lead through links).
 */
export function containedLinks(root: string, guest: string, alias = root): LinkPolicy {
  const inside = (text: string): string | undefined => below(root, text) ?? below(alias, text);
  const guestPath = (relative: string): string => posix.join(guest, toPosix(relative));
  return {
    text(_link, text) {
      if (!isAbsolute(text)) return text;
      const relative = inside(text);
      return relative === undefined ? fail("EACCES") : guestPath(relative);
    },
    target(_link, text): Target {
      if (!isAbsolute(text)) return { from: "here", path: toPosix(text), contained: true };
      const relative = inside(text);
      return relative === undefined ? fail("EACCES") : { from: "mount", path: toPosix(relative), contained: true };
    },
    store(link, text) {
      // A link that leads out would be a trap for the host's own programs; it could never be followed here either.
      const to = posix.resolve(posix.dirname(guestPath(below(root, link) ?? "")), text);
      const relative = below(guest, to);
      if (relative === undefined) return fail("EACCES");
      return text.startsWith("/") ? posix.join(toPosix(root), relative) : text;
    },
  };
}

/** For a directory whose files a host program collects: no links are made in it. */
export function noLinks(root: string, guest: string): LinkPolicy {
  return { ...containedLinks(root, guest), store: () => fail("EPERM") };
}
