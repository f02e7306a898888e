import type { InstallBinding } from "../realm.ts";
import { networkStatus } from "./cares-wrap.ts";
import { streamHandleClass } from "./stream-handle.ts";

/** `internalBinding('tcp_wrap')`: sockets that can ask for a connection and be told no. */
export const install: InstallBinding = (binding, realm) => {
  binding["TCP"] = class TCP extends streamHandleClass(realm) {
    #address = "0.0.0.0";
    #port = 0;

    constructor() {
      super("TCPWRAP");
    }

    connect(_request: unknown, address: string, port: unknown): number {
      return networkStatus(realm, () => realm.sys.network.connect("tcp", address, typeof port === "number" ? port : 0));
    }

    connect6(request: unknown, address: string, port: unknown): number {
      return this.connect(request, address, port);
    }

    bind(address: string, port: number): number {
      this.#address = address;
      this.#port = port;
      return 0;
    }

    bind6(address: string, port: number): number {
      return this.bind(address, port);
    }

    listen(): number {
      return networkStatus(realm, () => realm.sys.network.listen("tcp", this.#address, this.#port));
    }
  };
};
