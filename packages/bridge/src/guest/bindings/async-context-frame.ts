import { objectDefineProperty, PromiseProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/**
 * `internalBinding('async_context_frame')`: the value AsyncLocalStorage carries along. V8 keeps it across `await` for
 * those who can reach it; without the native helper a getter on `Promise.prototype.constructor`, which every `then`
 * and `await` on a native promise reads before it adds its own reaction, restores it.
 */
export const install: InstallBinding = (binding, realm) => {
  let current: unknown;
  let tracking = false;
  const get = () => (realm.native ? realm.native.getContinuationData() : current);
  const set = (frame: unknown): void => {
    if (realm.native) {
      realm.native.setContinuationData(frame);
      return;
    }
    current = frame;
    if (frame !== undefined && !tracking) {
      tracking = true;
      track();
    }
  };

  function track(): void {
    const { prototype } = Promise;
    const Native = Promise;
    let busy = false;
    objectDefineProperty(prototype, "constructor", {
      configurable: true,
      enumerable: false,
      get(this: unknown) {
        if (busy || this === prototype) return Native;
        busy = true;
        try {
          const frame = current;
          const restore = () => {
            current = frame;
          };
          PromiseProto.then(this as Promise<unknown>, restore, restore);
        } catch {
          // Not a promise: somebody reads the property through the prototype chain.
        } finally {
          busy = false;
        }
        return Native;
      },
      set(this: object, value: unknown) {
        objectDefineProperty(this, "constructor", { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }

  binding["getContinuationPreservedEmbedderData"] = get;
  binding["setContinuationPreservedEmbedderData"] = set;
  realm.loop.hooks.getFrame = get;
  realm.loop.hooks.setFrame = set;
};
