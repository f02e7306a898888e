import { SyscallError } from "../client.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { StringProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { changesOf } from "./fs-changes.ts";
import { absolute, encodeName, pathText } from "./fs-path.ts";
import { type Handle, handlesOf } from "./handle-wrap.ts";

/** `uv__basename_r`: what a watcher calls the very thing it was started on. */
const baseName = (path: string): string => StringProto.slice(path, StringProto.lastIndexOf(path, "/") + 1);

/** `internalBinding('fs_event_wrap')` (src/fs_event_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  const { HandleWrap, innerOf } = handlesOf(realm);

  class FSEvent extends HandleWrap {
    #isInitialized = false;
    declare onchange: unknown;

    constructor() {
      super({ provider: "FSEVENTWRAP", name: "FSEventWrap" });
    }

    get initialized(): boolean {
      return !innerOf(this).isClosing && this.#isInitialized;
    }

    /** Recursion is the library's own on Linux. -> 0 or a negative errno */
    start(path: unknown, persistent: unknown, _recursive: unknown, encoding: unknown): number {
      const inner = innerOf(this);
      if (this.#isInitialized || inner.isClosing) return 0;
      this.#isInitialized = true;
      try {
        this.#watch(inner, path, encoding);
      } catch (error) {
        if (!(error instanceof SyscallError)) throw error;
        this.close();
        return errnoOf(realm, error.code);
      }
      if (persistent !== true) this.unref();
      return 0;
    }

    #watch(inner: Handle, path: unknown, encoding: unknown): void {
      const changes = changesOf(realm);
      const own = baseName(pathText(path));
      const watcher = changes.watch(absolute(realm, path), (isRename, name) => {
        const filename = encodeName(realm, name === "" ? own : name, encoding);
        inner.resource.call(this.onchange, [0, isRename ? "rename" : "change", filename]);
      });
      inner.setActive(true);
      inner.atClose(() => changes.unwatch(watcher));
    }

    override close(callback?: () => void): void {
      const inner = innerOf(this);
      if (this.#isInitialized) inner.close(callback);
    }
  }

  binding["FSEvent"] = FSEvent;
};
