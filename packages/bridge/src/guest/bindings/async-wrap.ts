import { destroyOnCollection } from "../lib/destroy-hook.ts";
import { Doubles } from "../lib/intrinsics.ts";
import { installPromiseHooks } from "../lib/promise-hooks.ts";
import { TypedArrayProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** Field numbers of src/env.h AsyncHooks::Fields and UidFields. */
interface Fields {
  readonly kStackLength: number;
  readonly kCheck: number;
  readonly kExecutionAsyncId: number;
  readonly kTriggerAsyncId: number;
  readonly kAsyncIdCounter: number;
  readonly kDefaultTriggerAsyncId: number;
}

const GENERIC_USER_ERROR = 1;

/** `internalBinding('async_wrap')` (src/async_wrap.cc): the stack of execution and trigger ids. */
export const install: InstallBinding = (binding, realm) => {
  const constants = binding["constants"] as Fields;
  const fields = binding["async_hook_fields"] as Uint32Array;
  const ids = binding["async_id_fields"] as Float64Array;
  const resources = binding["execution_async_resources"] as unknown[];
  const { kStackLength, kExecutionAsyncId, kTriggerAsyncId } = constants;

  resources.length = 0;
  fields.fill(0);
  fields[constants.kCheck] = 1;
  ids[kExecutionAsyncId] = 1;
  ids[kTriggerAsyncId] = 0;
  ids[constants.kAsyncIdCounter] = 1;
  ids[constants.kDefaultTriggerAsyncId] = -1;

  const clear = (): void => {
    fields[kStackLength] = 0;
    ids[kExecutionAsyncId] = 0;
    ids[kTriggerAsyncId] = 0;
    // Mostly it is; V8 has to be asked to change an array's length.
    if (resources.length > 0) resources.length = 0;
  };
  realm.loop.hooks.clearAsyncStack = clear;

  binding["clearAsyncIdStack"] = clear;
  // Called where the stack is full; everything else the library does by itself. It reads the array anew each time
  // (AsyncHooks::grow_async_ids_stack).
  binding["pushAsyncContext"] = (asyncId: number, triggerId: number) => {
    const depth = fields[kStackLength] as number;
    let stack = binding["async_ids_stack"] as Float64Array;
    if (depth * 2 >= stack.length) {
      const grown = new Doubles(stack.length * 3);
      TypedArrayProto.set(grown as unknown as Uint8Array, stack as unknown as Uint8Array);
      binding["async_ids_stack"] = grown;
      stack = grown;
    }
    stack[depth * 2] = ids[kExecutionAsyncId] as number;
    stack[depth * 2 + 1] = ids[kTriggerAsyncId] as number;
    fields[kStackLength] = depth + 1;
    ids[kExecutionAsyncId] = asyncId;
    ids[kTriggerAsyncId] = triggerId;
  };
  binding["popAsyncContext"] = (asyncId: number) => {
    const depth = fields[kStackLength] as number;
    // A handled exception has emptied the stack.
    if (depth === 0) return false;
    const current = ids[kExecutionAsyncId] as number;
    if ((fields[constants.kCheck] as number) > 0 && current !== asyncId) {
      realm.sys.process.debug(
        `Error: async hook stack has become corrupted (actual: ${current}, expected: ${asyncId})\n`,
      );
      return realm.exit(GENERIC_USER_ERROR);
    }
    const top = depth - 1;
    const stack = binding["async_ids_stack"] as Float64Array;
    ids[kExecutionAsyncId] = stack[top * 2] as number;
    ids[kTriggerAsyncId] = stack[top * 2 + 1] as number;
    fields[kStackLength] = top;
    if (resources.length > top) resources.length = top;
    return top > 0;
  };
  binding["executionAsyncResource"] = (index: number) => resources[index];

  let hooks: Record<string, (id: number) => void> = {};
  binding["setupHooks"] = (given: typeof hooks) => {
    hooks = given;
  };
  binding["setCallbackTrampoline"] = () => {};
  const destroy = (id: number): void => realm.loop.beforeCheck(() => hooks["destroy"]?.(id));
  binding["queueDestroyAsyncId"] = destroy;
  binding["registerDestroyHook"] = destroyOnCollection((id) => void hooks["destroy"]?.(id));
  installPromiseHooks(binding, realm);
};
