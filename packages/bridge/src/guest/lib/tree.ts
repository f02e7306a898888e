import type { TreeNode } from "../../contract/tree.ts";
import { ArrayProto, jsonParse, objectCreate } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { append, putOwn } from "./define.ts";
import { NativeDate, NativeError, ObjectPrototype } from "./intrinsics.ts";
import { asNodeBuffer } from "./node-buffer.ts";

type Pairs = readonly (string | TreeNode)[];

/** What follows the first two places. */
const rest = (node: readonly unknown[]): Pairs => ArrayProto.slice(node, 2) as Pairs;

/** Reads a value that contract/tree.ts describes; bytes become Node's buffers. */
export function readTree(realm: Realm, flat: readonly unknown[]): unknown {
  const seen: object[] = [];

  const fill = (object: object, pairs: Pairs): object => {
    for (let i = 0; i + 1 < pairs.length; i += 2) putOwn(object, pairs[i] as string, read(pairs[i + 1] as TreeNode));
    return object;
  };
  const note = <T extends object>(object: T): T => {
    append(seen, object);
    return object;
  };
  const read = (node: TreeNode): unknown => {
    if (node === null || typeof node !== "object") return node;
    switch (node[0]) {
      case "u":
        return undefined;
      case "b":
        return asNodeBuffer(realm, flat[node[1]] as Uint8Array);
      case "d":
        return new NativeDate(node[1]);
      case "r":
        return seen[node[1]];
      case "l": {
        const list = note<unknown[]>([]);
        for (let i = 1; i < node.length; i++) append(list, read(node[i] as TreeNode));
        return list;
      }
      case "o":
        return fill(note(objectCreate(node[1] ? ObjectPrototype : null) as object), rest(node));
      case "e":
        return fill(note(new NativeError(node[1])), rest(node));
    }
  };

  return read(jsonParse(flat[0] as string) as TreeNode);
}
