import type { InstallBinding } from "../realm.ts";
import { networkStatus } from "./cares-wrap.ts";
import { streamHandleClass } from "./stream-handle.ts";

/** `internalBinding('pipe_wrap')`: what the standard streams of a program to be started would hang on. */
export const install: InstallBinding = (binding, realm) => {
  binding["Pipe"] = class Pipe extends streamHandleClass(realm) {
    #path = "";

    constructor() {
      super("PIPEWRAP");
    }

    connect(_request: unknown, path: string): number {
      return networkStatus(realm, () => realm.sys.network.connect("pipe", path, 0));
    }

    bind(path: string): number {
      this.#path = path;
      return 0;
    }

    listen(): number {
      return networkStatus(realm, () => realm.sys.network.listen("pipe", this.#path, 0));
    }
  };
};
