import { SyscallError } from "../client.ts";
import { putOwn } from "../lib/define.ts";
import { networkStatus } from "../lib/network-status.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { type Endpoint, isAddress, tellAddress, toPort, withoutZone } from "../lib/socket-address.ts";
import { BufferSizes } from "../lib/udp-buffers.ts";
import { errnoOf, systemMessage } from "../lib/uvexception.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { handlesOf } from "./handle-wrap.ts";
import { gatherChunks } from "./stream-methods.ts";
import { membershipComplaint, outgoingComplaint, sourceComplaint } from "./udp-multicast.ts";
import { UdpSender } from "./udp-sender.ts";

/** Flags of `bind` (deps/uv/include/uv.h). */
const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const UV_UDP_REUSEPORT = 64;
const MAX_TTL = 255;

/** `internalBinding('udp_wrap')` (src/udp_wrap.cc): datagrams between sockets of the same program, and what leaves it. */
export const install: InstallBinding = (binding, realm) => {
  const { HandleWrap, innerOf } = handlesOf(realm);

  class UDP extends HandleWrap {
    #socket = 0;
    #local: Endpoint | undefined;
    #peer: Endpoint | undefined;
    #isReceiving = false;
    #isWaiting = false;
    readonly #buffers = new BufferSizes();
    readonly #sender: UdpSender;

    constructor() {
      super({ provider: "UDPWRAP", name: "UDPWrap" });
      this.#sender = new UdpSender(realm, innerOf(this));
      innerOf(this).atClose(() => {
        this.#isReceiving = false;
        if (this.#socket !== 0) networkStatus(realm, () => realm.sys.datagram.close(this.#socket));
        this.#socket = 0;
      });
    }

    get fd(): number {
      return -1;
    }

    #bind(address: string, port: unknown, flags: unknown): number {
      if (this.#socket !== 0 || innerOf(this).isClosing) return errnoOf(realm, "EINVAL");
      const wanted = typeof flags === "number" ? flags : 0;
      const isShared = (wanted & (UV_UDP_REUSEADDR | UV_UDP_REUSEPORT)) !== 0;
      const isV6Only = (wanted & UV_UDP_IPV6ONLY) !== 0;
      return networkStatus(realm, () => {
        const bound = realm.sys.datagram.bind(address, toPort(port), isV6Only, isShared);
        this.#socket = bound[0] as number;
        this.#local = { address, port: bound[1] as number };
      });
    }

    bind(address: string, port: unknown, flags?: unknown): number {
      return isAddress(address, false) ? this.#bind(address, port, flags) : errnoOf(realm, "EINVAL");
    }

    bind6(address: string, port: unknown, flags?: unknown): number {
      return isAddress(address, true) ? this.#bind(address, port, flags) : errnoOf(realm, "EINVAL");
    }

    /** Descriptors of sockets are not inherited. */
    open(): number {
      return errnoOf(realm, "EBADF");
    }

    #connect(address: string, port: unknown): number {
      if (this.#peer) return errnoOf(realm, "EISCONN");
      this.#peer = { address, port: toPort(port) };
      return 0;
    }

    connect(address: string, port: unknown): number {
      return isAddress(address, false) ? this.#connect(address, port) : errnoOf(realm, "EINVAL");
    }

    connect6(address: string, port: unknown): number {
      return isAddress(address, true) ? this.#connect(address, port) : errnoOf(realm, "EINVAL");
    }

    disconnect(): number {
      if (!this.#peer) return errnoOf(realm, "ENOTCONN");
      this.#peer = undefined;
      return 0;
    }

    /**
     * (request, list of buffers, how many, port, address, has a callback), or without port and address when connected
     * -> the bytes sent and one more, so that it is not 0; 0 where the request is called back; or a negative errno
     */
    send(
      request: object,
      list: readonly unknown[],
      _count: number,
      port: unknown,
      address: unknown,
      last: unknown,
    ): number {
      return this.#send(false, request, list, port, address, last);
    }

    /** The library puts it in the place of `send`. */
    send6(
      request: object,
      list: readonly unknown[],
      _count: number,
      port: unknown,
      address: unknown,
      last: unknown,
    ): number {
      return this.#send(true, request, list, port, address, last);
    }

    #send(
      isV6: boolean,
      request: object,
      list: readonly unknown[],
      port: unknown,
      address: unknown,
      last: unknown,
    ): number {
      const isAddressed = typeof address === "string";
      const to = isAddressed ? { address, port: toPort(port) } : this.#peer;
      if (!to) return errnoOf(realm, "EDESTADDRREQ");
      if (isAddressed && !isAddress(withoutZone(address), isV6)) return errnoOf(realm, "EINVAL");
      if (this.#socket === 0) return errnoOf(realm, "EBADF");
      const hasCallback = (isAddressed ? last : port) === true;
      return this.#sender.send(this.#socket, to, gatherChunks(list, true), request, hasCallback);
    }

    recvStart(): number {
      if (innerOf(this).isClosing) return errnoOf(realm, "EINVAL");
      // An unbound socket is bound to any port, as libuv does.
      const failed = this.#socket === 0 ? this.#bind("0.0.0.0", 0, 0) : 0;
      if (failed !== 0) return failed;
      this.#isReceiving = true;
      innerOf(this).setActive(true);
      this.#receive();
      return 0;
    }

    recvStop(): number {
      this.#isReceiving = false;
      innerOf(this).setActive(false);
      return 0;
    }

    #receive(): void {
      if (!this.#isReceiving || this.#isWaiting) return;
      this.#isWaiting = true;
      const settle = (failure: SyscallError | undefined, result: unknown): void => {
        this.#isWaiting = false;
        if (failure || innerOf(this).isClosing) return;
        const [data, address, port] = result as readonly [Uint8Array, string, number];
        const isWanted = !this.#peer || (this.#peer.address === address && this.#peer.port === port);
        this.#receive();
        if (isWanted) this.#deliver(data, { address, port });
      };
      try {
        realm.start("datagram.receive", settle, this.#socket);
      } catch (error) {
        if (!(error instanceof SyscallError)) throw error;
        this.#isWaiting = false;
      }
    }

    #deliver(data: Uint8Array, from: Endpoint): void {
      const sender = {};
      tellAddress(sender, from);
      const size = typedArrayByteLength(data);
      const { onmessage } = this as { onmessage?: unknown };
      if (typeof onmessage === "function") {
        innerOf(this).resource.call(onmessage, [size, this, asNodeBuffer(realm, data), sender]);
      }
    }

    getsockname(into: object): number {
      if (!this.#local) return errnoOf(realm, "EBADF");
      tellAddress(into, this.#local);
      return 0;
    }

    getpeername(into: object): number {
      if (!this.#peer) return errnoOf(realm, "ENOTCONN");
      tellAddress(into, this.#peer);
      return 0;
    }

    setBroadcast(): number {
      return this.#option();
    }

    setMulticastLoopback(): number {
      return this.#option();
    }

    setTTL(ttl: number): number {
      return ttl >= 1 && ttl <= MAX_TTL ? this.#option() : errnoOf(realm, "EINVAL");
    }

    setMulticastTTL(ttl: number): number {
      return ttl >= 0 && ttl <= MAX_TTL ? this.#option() : errnoOf(realm, "EINVAL");
    }

    /** What it would change on the wire does not exist inside the sandbox. */
    #option(): number {
      return this.#socket === 0 ? errnoOf(realm, "EBADF") : 0;
    }

    addMembership(group: unknown, own: unknown): number {
      return this.#setMembership(group, own, true);
    }

    dropMembership(group: unknown, own: unknown): number {
      return this.#setMembership(group, own, false);
    }

    #setMembership(group: unknown, own: unknown, isMember: boolean): number {
      const complaint = membershipComplaint(group, own);
      if (complaint) return errnoOf(realm, complaint);
      // What is not bound yet is bound to any port, which others may share (`uv__udp_maybe_deferred_bind`).
      const isV6 = isAddress(group as string, true);
      const failed = this.#socket === 0 ? this.#bind(isV6 ? "::" : "0.0.0.0", 0, UV_UDP_REUSEADDR) : 0;
      if (failed !== 0) return failed;
      return networkStatus(realm, () => realm.sys.datagram.setMembership(this.#socket, group as string, isMember));
    }

    addSourceSpecificMembership(source: unknown, group: unknown): number {
      return errnoOf(realm, sourceComplaint(source, group) ?? "ENOSYS");
    }

    dropSourceSpecificMembership(source: unknown, group: unknown): number {
      return errnoOf(realm, sourceComplaint(source, group) ?? "ENOSYS");
    }

    setMulticastInterface(own: unknown): number {
      if (!this.#local) return errnoOf(realm, "EBADF");
      const complaint = outgoingComplaint(own, isAddress(this.#local.address, true));
      return complaint ? errnoOf(realm, complaint) : 0;
    }

    /** (size, whether of the receive buffer, object for an error) -> the size */
    bufferSize(size: number, isReceive: boolean, context: object): number | undefined {
      const syscall = isReceive ? "uv_recv_buffer_size" : "uv_send_buffer_size";
      const taken = this.#socket === 0 ? "EBADF" : this.#buffers.setOrGet(isReceive ? "receive" : "send", size);
      if (typeof taken === "number") return taken;
      tellError(realm, context, taken ?? "EINVAL", syscall);
      return undefined;
    }

    getSendQueueSize(): number {
      return this.#sender.size;
    }

    getSendQueueCount(): number {
      return this.#sender.count;
    }
  }
  binding["UDP"] = UDP;
  const { AsyncWrap } = asyncObjects(realm);
  class SendWrap extends AsyncWrap {}
  binding["SendWrap"] = SendWrap;
};

/** `Environment::CollectUVExceptionInfo` of src/env.cc. */
function tellError(realm: Realm, context: object, code: string, syscall: string): void {
  putOwn(context, "errno", errnoOf(realm, code));
  putOwn(context, "code", code);
  putOwn(context, "message", systemMessage(realm, code));
  putOwn(context, "syscall", syscall);
}
