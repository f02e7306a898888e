import { SyscallError } from "../client.ts";
import { networkStatus, refusedStatus } from "../lib/network-status.ts";
import { type Endpoint, isOwnAddress } from "../lib/socket-address.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { Handle } from "./handle-wrap.ts";
import { Request } from "./request-wrap.ts";

interface Options {
  getOptionValue(name: string): unknown;
}

/** What a UDP handle has under way. */
export class UdpSender {
  readonly #realm: Realm;
  readonly #handle: Handle;
  /** What is sent and not told yet, bytes and messages. */
  size = 0;
  count = 0;

  constructor(realm: Realm, handle: Handle) {
    this.#realm = realm;
    this.#handle = handle;
  }

  /** -> the bytes sent and one more, 0 where the request is called back, or a negative errno */
  send(socket: number, to: Endpoint, bytes: Uint8Array, request: object, hasCallback: boolean): number {
    const { sys } = this.#realm;
    let isInside = false;
    const status = networkStatus(this.#realm, () => {
      isInside = sys.datagram.send(socket, to.address, to.port, bytes);
    });
    if (status !== 0) return status;
    if (!isInside) return this.#sendOutside(socket, to, bytes, request, hasCallback);
    const { getOptionValue } = this.#realm.requireBuiltin<Options>("internal/options");
    if (getOptionValue("--test-udp-no-try-send") !== true) return typedArrayByteLength(bytes) + 1;
    const done = this.#begin(bytes, request, hasCallback);
    this.#realm.loop.complete(() => done(0));
    return 0;
  }

  #sendOutside(socket: number, to: Endpoint, bytes: Uint8Array, request: object, hasCallback: boolean): number {
    const size = typedArrayByteLength(bytes);
    let done: ((status: number) => void) | undefined;
    const settle = (failure: SyscallError | undefined): void =>
      done?.(failure ? refusedStatus(this.#realm, failure) : 0);
    try {
      this.#realm.start("datagram.sendOutside", settle, socket, to.address, to.port, bytes);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      // Where nobody of the machine's own listens, a datagram is lost; the host's loopback is not there for it.
      if (error.code === "EACCES" && isOwnAddress(to.address)) return size + 1;
      return refusedStatus(this.#realm, error);
    }
    done = this.#begin(bytes, request, hasCallback);
    return 0;
  }

  /** Counts it until it is done. */
  #begin(bytes: Uint8Array, request: object, hasCallback: boolean): (status: number) => void {
    const size = typedArrayByteLength(bytes);
    const started = new Request(this.#realm, request, "UDPSENDWRAP", "UDPSendWrap", this.#handle.resource);
    this.size += size;
    this.count += 1;
    return (status) => {
      this.size -= size;
      this.count -= 1;
      if (hasCallback) started.finish(status, size);
      else started.drop();
    };
  }
}
