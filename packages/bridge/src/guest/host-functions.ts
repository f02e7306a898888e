import { decodeWire, encodeWire } from "../contract/wire.ts";
import { SyscallError } from "./client.ts";
import { latin1Write } from "./lib/latin1.ts";
import {
  ArrayProto,
  objectCreate,
  objectDefineProperty,
  objectFreeze,
  objectKeys,
  StringProto,
} from "./primordials.ts";
import type { Realm } from "./realm.ts";

type Tree = { [name: string]: Tree | ((...args: unknown[]) => Promise<unknown>) };

/** An error the embedder's function threw: name, message and code come across, nothing else. */
function embedderError(failure: SyscallError, limit: number): Error {
  if (failure.code !== "ERR_SANDBOX_BINDING") {
    const refused = new Error(failure.message ?? failure.code) as Error & { code: string };
    refused.code = failure.sandboxCode ?? failure.code;
    return refused;
  }
  const text = failure.message ?? "";
  const bytes = new Uint8Array(text.length);
  latin1Write(bytes, text, 0, text.length);
  const described = decodeWire(bytes, { limit }) as Record<string, unknown>;
  const error = new Error(`${described["message"] as string}`) as Error & { code?: unknown };
  objectDefineProperty(error, "name", {
    value: described["name"],
    writable: true,
    configurable: true,
    enumerable: false,
  });
  if (described["code"] !== undefined) error.code = described["code"];
  return error;
}

/** One function of the embedder. Arguments and answer cross by value. */
function hostFunction(realm: Realm, name: string): (...args: unknown[]) => Promise<unknown> {
  const limit = realm.config.payloadBytes;
  return (...args) =>
    new Promise((resolve, reject) => {
      const payload = encodeWire(args, limit);
      realm.loop.ref();
      const settle = (failure: SyscallError | undefined, result: unknown): void => {
        realm.loop.unref();
        if (failure) reject(embedderError(failure, limit));
        else resolve(decodeWire(result as Uint8Array, { limit }));
      };
      try {
        realm.start("bindings.call", settle, name, payload);
      } catch (error) {
        realm.loop.unref();
        throw error instanceof SyscallError ? embedderError(error, limit) : error;
      }
    });
}

function freezeTree(tree: Tree): Tree {
  const keys = objectKeys(tree);
  for (let i = 0; i < keys.length; i++) {
    const value = tree[keys[i] as string];
    if (typeof value === "object") freezeTree(value);
    else objectFreeze(value);
  }
  return objectFreeze(tree);
}

/** Puts the embedder's functions (`bindings: { tools: { search } }`) into the global object as a frozen tree. */
export function installHostFunctions(realm: Realm): void {
  const root = objectCreate(null) as Tree;
  const { bindings } = realm.config;
  for (let i = 0; i < bindings.length; i++) {
    const path = StringProto.split(bindings[i] as string, ".");
    let at = root;
    for (let j = 0; j < path.length - 1; j++) {
      at[path[j] as string] ??= {};
      at = at[path[j] as string] as Tree;
    }
    at[ArrayProto.at(path, -1) as string] = hostFunction(realm, bindings[i] as string);
  }
  freezeTree(root);
  const names = objectKeys(root);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    objectDefineProperty(realm.global, name, {
      value: root[name],
      writable: false,
      enumerable: true,
      configurable: false,
    });
  }
}
