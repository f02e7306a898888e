import { ArrayProto } from "../primordials.ts";
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

/** `internalBinding('async_wrap')` (src/async_wrap.cc): the stack of execution and trigger ids. */
export const install: InstallBinding = (binding, realm) => {
  const constants = binding["constants"] as Fields;
  const fields = binding["async_hook_fields"] as Uint32Array;
  const ids = binding["async_id_fields"] as Float64Array;
  const stack = binding["async_ids_stack"] as Float64Array;
  const resources = binding["execution_async_resources"] as unknown[];
  const overflow: [number, number][] = [];
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
    resources.length = 0;
    overflow.length = 0;
  };
  realm.loop.hooks.clearAsyncStack = clear;

  binding["clearAsyncIdStack"] = clear;
  binding["pushAsyncContext"] = (asyncId: number, triggerId: number) => {
    const depth = fields[kStackLength] as number;
    const pair: [number, number] = [ids[kExecutionAsyncId] as number, ids[kTriggerAsyncId] as number];
    if (depth * 2 < stack.length) {
      stack[depth * 2] = pair[0];
      stack[depth * 2 + 1] = pair[1];
    } else {
      ArrayProto.push(overflow, pair);
    }
    fields[kStackLength] = depth + 1;
    ids[kExecutionAsyncId] = asyncId;
    ids[kTriggerAsyncId] = triggerId;
  };
  binding["popAsyncContext"] = () => {
    const depth = fields[kStackLength] as number;
    if (depth === 0) return false;
    const top = depth - 1;
    const inside = top * 2 < stack.length;
    const pair = inside
      ? [stack[top * 2] as number, stack[top * 2 + 1] as number]
      : (ArrayProto.pop(overflow) as [number, number]);
    ids[kExecutionAsyncId] = pair[0] as number;
    ids[kTriggerAsyncId] = pair[1] as number;
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
  binding["registerDestroyHook"] = () => {};
  binding["queueDestroyAsyncId"] = (id: number) => realm.loop.complete(() => hooks["destroy"]?.(id));

  let promiseHooks: unknown[] = [undefined, undefined, undefined, undefined];
  binding["setPromiseHooks"] = (init: unknown, before: unknown, after: unknown, settled: unknown) => {
    promiseHooks = [init, before, after, settled];
    realm.native?.setPromiseHooks(init, before, after, settled);
  };
  binding["getPromiseHooks"] = () => promiseHooks;
};
