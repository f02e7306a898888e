import { onCollected } from "./finalization.ts";

interface Destroyed {
  destroyed: boolean;
}

/**
 * `registerDestroyHook(object, id, flag)` of src/async_wrap.cc: `destroy` is emitted when the object is collected,
 * unless its owner has emitted it before and said so in `flag`.
 */
export const destroyOnCollection =
  (destroy: (id: number) => void) =>
  (object: object, id: number, flag?: Destroyed): void =>
    onCollected(object, () => {
      if (flag?.destroyed !== true) destroy(id);
    });
