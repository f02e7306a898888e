import { implement } from "../lib/implement.ts";
import { objectKeys } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { type Call, defineCall } from "./fs-call.ts";
import { installCopy } from "./fs-cp.ts";
import { Descriptors } from "./fs-descriptors.ts";
import { installHandles } from "./fs-handle.ts";
import { type IoParts, ioCalls } from "./fs-io.ts";
import { installLoaderCalls } from "./fs-loader.ts";
import type { PathLike } from "./fs-path.ts";
import { requestsOf } from "./fs-request.ts";
import { statCalls } from "./fs-stat.ts";
import { installStatWatcher } from "./fs-stat-watcher.ts";
import { StandardStreams } from "./fs-stdio.ts";
import { exists, treeCalls } from "./fs-tree.ts";
import { wholeCalls } from "./fs-whole.ts";

/**
 * `internalBinding('fs')` (src/node_file.cc). Every call is a synchronous syscall; the callback and promise forms
 * answer later with what it gave.
 */
export const install: InstallBinding = (binding, realm) => {
  const streams = new StandardStreams(realm);
  const parts: IoParts = { realm, streams, descriptors: new Descriptors(realm, streams) };
  const requests = requestsOf(realm);
  const calls: Record<string, Call> = {
    ...ioCalls(parts),
    ...statCalls(realm, binding, streams),
    ...treeCalls(realm),
    ...wholeCalls(parts),
  };
  const names = objectKeys(calls);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    implement(binding, { [name]: defineCall(realm, requests, calls[name] as Call) });
  }
  implement(binding, { existsSync: (path: PathLike) => exists(realm, path) });
  installHandles(binding, parts, requests);
  installStatWatcher(binding, realm);
  installLoaderCalls(binding, realm);
  installCopy(binding, realm);
};
