import type { TreeNode } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { engineMessage } from "../crypto/failure.ts";

type Flat = readonly [json: string, ...bytes: Uint8Array[]];

/** Properties Node puts on errors of its engine. Nothing else of a host error crosses, its stack least of all. */
const ERROR_KEYS: readonly string[] = ["library", "function", "reason", "code"];

/** Writes a value of Node's engine as contract/tree.ts says. @throws SyscallFailure EIO for what cannot cross */
export function writeTree(value: unknown): Flat {
  const bytes: Uint8Array[] = [];
  const seen = new Map<object, number>();

  const write = (item: unknown): TreeNode => {
    if (item === undefined) return ["u"];
    if (item === null || typeof item === "boolean" || typeof item === "number" || typeof item === "string") return item;
    if (typeof item !== "object") throw new SyscallFailure("EIO");
    if (item instanceof Uint8Array) return ["b", bytes.push(item)];
    if (item instanceof Date) return ["d", item.getTime()];
    const known = seen.get(item);
    if (known !== undefined) return ["r", known];
    seen.set(item, seen.size);
    if (Array.isArray(item)) return ["l", ...item.map(write)];
    if (item instanceof Error) return ["e", engineMessage(item), ...pairs(item, ERROR_KEYS)];
    return ["o", Object.getPrototypeOf(item) !== null, ...pairs(item, Object.keys(item))];
  };
  const pairs = (item: object, keys: readonly string[]): (string | TreeNode)[] =>
    keys
      .filter((key) => Object.hasOwn(item, key))
      .flatMap((key) => [key, write((item as Readonly<Record<string, unknown>>)[key])]);

  const root = write(value);
  return [JSON.stringify(root), ...bytes];
}
