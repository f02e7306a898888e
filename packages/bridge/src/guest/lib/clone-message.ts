import { ArrayBufferProto, ArrayProto, arrayIsArray, getterOf, objectHasOwn, reflectApply } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { brands } from "./brands.ts";
import { append } from "./define.ts";
import { hostObject, type Portable } from "./host-objects.ts";
import { NativeError } from "./intrinsics.ts";
import { noSideEffectsToString } from "./no-side-effects.ts";
import { V8Deserializer } from "./v8-deserializer.ts";
import { type SerializerDelegate, V8Serializer } from "./v8-serializer.ts";

const isDetached = getterOf<boolean>(ArrayBuffer.prototype, "detached");
const transferBuffer = (ArrayBufferProto as unknown as { transfer(self: ArrayBuffer): ArrayBuffer }).transfer;

/** `transfer_mode_private_symbol` bits (internalBinding('util').constants). */
const Mode = { transferable: 1, cloneable: 2 } as const;

const Text = {
  unsupportedClone: "Cannot clone object of unsupported type.",
  unsupportedTransfer: "Cannot transfer object of unsupported type.",
  notListed: "Object that needs transfer was found in message but not listed in transferList",
  sharedMemory: "A SharedArrayBuffer cannot be shared with another thread in sandbox",
} as const;

/** What a message needs to know of ports; `message-port.ts` supplies it. */
export interface PortAccess {
  isPort(value: object): boolean;
  isDetached(port: object): boolean;
  /** Takes the port's channel end away from its object. */
  detach(port: object): unknown;
  /** Makes an object for a detached channel end. */
  attach(end: unknown): object;
}

/** What cloning needs of its surroundings. */
export interface CloneContext {
  readonly realm: Realm;
  readonly ports: PortAccess;
  readonly types: SerializerDelegate["types"];
  readonly domException: () => new (message: string, name: string) => Error;
  /** Makes an empty object for a `module:Constructor` note of the library. */
  readonly createObject: () => (info: string) => object;
}

/** One host object on its way. */
export type Packet =
  | { readonly kind: "port"; readonly end: unknown }
  | { readonly kind: "direct"; readonly make: () => object; readonly portable?: Portable | undefined }
  | { readonly kind: "script"; readonly info: string };

/** What a message consists of. */
export interface MessageParts {
  readonly bytes: Uint8Array;
  readonly buffers: ArrayBuffer[];
  readonly shared: object[];
  readonly packets: Packet[];
}

/** Where a message goes: within the thread, or to another one, which shares no memory with this one. */
export interface Destination {
  readonly isFar: boolean;
  /** Memory of the library's own that the other thread gets its own of. */
  readonly counter?: object | undefined;
}

const HERE: Destination = { isFar: false };

type Method = (...args: unknown[]) => unknown;

function call(object: object, symbol: symbol | undefined, ...args: unknown[]): unknown {
  const method = (object as Record<symbol, unknown>)[symbol as symbol];
  return typeof method === "function" ? reflectApply(method as Method, object, args) : undefined;
}

/** A value taken apart for its way through `postMessage` or `structuredClone` (src/node_messaging.cc). */
export class CloneMessage {
  readonly #context: CloneContext;
  /** Nothing where the message cannot be opened here. */
  readonly parts: MessageParts | undefined;
  /** Ports that travel with the message, present after `open`. */
  ports: object[] = [];

  constructor(context: CloneContext, parts: MessageParts | undefined) {
    this.#context = context;
    this.parts = parts;
  }

  /**
   * Takes a value apart and detaches what is transferred.
   * @param source the port it is posted on
   * @throws DOMException DataCloneError
   */
  static pack(
    context: CloneContext,
    value: unknown,
    transfer: readonly unknown[],
    source?: object,
    destination = HERE,
  ): CloneMessage {
    const packing = new Packing(context, source, destination);
    packing.list(transfer);
    packing.serializer.header();
    packing.serializer.write(value);
    const buffers: ArrayBuffer[] = [];
    for (let i = 0; i < packing.buffers.length; i++) {
      append(buffers, transferBuffer(packing.buffers[i] as ArrayBuffer));
    }
    const packets = packing.finish();
    return new CloneMessage(context, {
      bytes: packing.serializer.out.release(),
      buffers,
      shared: packing.shared,
      packets,
    });
  }

  /** Whether an end of a channel travels with it. */
  carries(end: unknown): boolean {
    const packets = this.parts?.packets ?? [];
    for (let i = 0; i < packets.length; i++) {
      const packet = packets[i] as Packet;
      if (packet.kind === "port" && packet.end === end) return true;
    }
    return false;
  }

  /** Puts the value together. */
  open(): unknown {
    const { createObject, ports, realm } = this.#context;
    if (!this.parts) throw new NativeError("Unable to deserialize cloned data.");
    const { bytes, buffers, shared, packets } = this.parts;
    const hosts: object[] = [];
    this.ports = [];
    for (let i = 0; i < packets.length; i++) {
      const packet = packets[i] as Packet;
      if (packet.kind === "port") {
        const port = ports.attach(packet.end);
        append(this.ports, port);
        append(hosts, port);
      } else append(hosts, packet.kind === "direct" ? packet.make() : createObject()(packet.info));
    }
    const reader: V8Deserializer = new V8Deserializer(bytes, {
      readHostObject: () => hosts[reader.in.varint()] as object,
      sharedArrayBuffer: (id) => shared[id] as object,
      fail: (message) => {
        throw new NativeError(message);
      },
    });
    for (let i = 0; i < buffers.length; i++) reader.transferArrayBuffer(i, buffers[i] as ArrayBuffer);
    reader.header();
    const value = reader.read();
    for (let i = 0; i < hosts.length; i++) {
      if (packets[i]?.kind !== "script") continue;
      call(hosts[i] as object, realm.symbols.messaging_deserialize_symbol, reader.read());
    }
    return value;
  }
}

/** The work of `pack`. */
class Packing {
  readonly serializer: V8Serializer;
  readonly buffers: ArrayBuffer[] = [];
  readonly shared: object[] = [];
  readonly #context: CloneContext;
  readonly #source: object | undefined;
  readonly #destination: Destination;
  readonly #hosts: object[] = [];
  /** The first so many hosts are transferred. */
  #transferred = 0;

  constructor(context: CloneContext, source: object | undefined, destination: Destination) {
    this.#context = context;
    this.#source = source;
    this.#destination = destination;
    this.serializer = new V8Serializer({
      isHostObject: (object) => this.#isHost(object),
      writeHostObject: (object) => this.serializer.out.varint(this.#hostIndex(object)),
      sharedArrayBufferId: (buffer) => this.#sharedIndex(buffer),
      cloneError: (message) => this.#error(message),
      types: context.types,
      describe: (value) => noSideEffectsToString(value, context.realm),
    });
  }

  #error(message: string): Error {
    const DOMException = this.#context.domException();
    return new DOMException(message, "DataCloneError");
  }

  #mode(object: object): number | undefined {
    const symbol = this.#context.realm.privateSymbols.transfer_mode_private_symbol as symbol;
    if (objectHasOwn(object, symbol)) return (object as Record<symbol, number>)[symbol];
    const { ports } = this.#context;
    if (ports.isPort(object)) return ports.isDetached(object) ? 0 : Mode.transferable;
    const host = hostObject(object);
    if (host === undefined) return undefined;
    return (host.clone ? Mode.cloneable : 0) | (host.transfer ? Mode.transferable : 0);
  }

  #isHost(object: object): boolean {
    return this.#mode(object) !== undefined;
  }

  /** Checks and takes the transfer list. */
  list(entries: readonly unknown[]): void {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (typeof entry !== "object" || entry === null) throw this.#error("Found invalid value in transferList.");
      this.#listed(entry);
    }
    for (let i = 0; i < this.#hosts.length; i++) this.#nested(this.#hosts[i] as object);
    this.#transferred = this.#hosts.length;
  }

  #listed(entry: object): void {
    const { ports, realm } = this.#context;
    const untransferable = realm.privateSymbols.untransferable_object_private_symbol as symbol;
    if (objectHasOwn(entry, untransferable)) throw this.#error(Text.unsupportedTransfer);
    if (brands.isArrayBuffer(entry)) {
      if (isDetached(entry)) throw this.#error(Text.unsupportedTransfer);
      if (ArrayProto.includes(this.buffers, entry)) throw this.#error("Transfer list contains duplicate ArrayBuffer");
      this.serializer.transferArrayBuffer(this.buffers.length, entry);
      append(this.buffers, entry);
      return;
    }
    const port = ports.isPort(entry);
    if (!this.#isHost(entry)) throw this.#error("Found invalid value in transferList.");
    if (port && ports.isDetached(entry)) throw this.#error("MessagePort in transfer list is already detached");
    if (ArrayProto.includes(this.#hosts, entry)) {
      throw this.#error(`Transfer list contains duplicate ${port ? "MessagePort" : "host object"}`);
    }
    if (entry === this.#source) throw this.#error("Transfer list contains source port");
    if (((this.#mode(entry) as number) & Mode.transferable) === 0) throw this.#error(Text.unsupportedTransfer);
    append(this.#hosts, entry);
  }

  /** Objects that go along with a transferred one, such as the ports under a stream. */
  #nested(host: object): void {
    const list = call(host, this.#context.realm.symbols.messaging_transfer_list_symbol);
    if (!arrayIsArray(list)) return;
    for (let i = 0; i < list.length; i++) {
      if (!ArrayProto.includes(this.#hosts, list[i])) append(this.#hosts, list[i] as object);
    }
  }

  #hostIndex(object: object): number {
    const mode = this.#mode(object) as number;
    if (mode === 0) throw this.#error(Text.unsupportedClone);
    const direct = hostObject(object);
    if (this.#destination.isFar && direct && !direct.portable) throw this.#error(Text.unsupportedClone);
    const known = ArrayProto.indexOf(this.#hosts, object);
    if (known !== -1) return known;
    if ((mode & Mode.cloneable) === 0) throw this.#error(Text.notListed);
    return append(this.#hosts, object);
  }

  #sharedIndex(buffer: object): number {
    const { isFar, counter } = this.#destination;
    if (isFar && buffer !== counter) throw this.#error(Text.sharedMemory);
    const known = ArrayProto.indexOf(this.shared, buffer);
    return known === -1 ? append(this.shared, buffer) : known;
  }

  /** Clones or transfers the host objects; what they hand over is written behind the value. */
  finish(): Packet[] {
    const { ports, realm } = this.#context;
    const packets: Packet[] = [];
    for (let i = 0; i < this.#hosts.length; i++) {
      const host = this.#hosts[i] as object;
      if (this.#mode(host) === 0) throw this.#error(Text.unsupportedClone);
      const direct = hostObject(host);
      if (ports.isPort(host)) append(packets, { kind: "port", end: ports.detach(host) });
      else if (direct) {
        const portable = direct.portable?.();
        const make = i < this.#transferred && direct.transfer ? direct.transfer() : direct.clone;
        append(packets, { kind: "direct", make: make as () => object, portable });
      } else {
        const transfers = i < this.#transferred;
        const { messaging_transfer_symbol, messaging_clone_symbol } = realm.symbols;
        const parts = call(host, transfers ? messaging_transfer_symbol : messaging_clone_symbol);
        if (typeof parts !== "object" || parts === null) throw this.#error(Text.unsupportedClone);
        const { data, deserializeInfo } = parts as { data?: unknown; deserializeInfo?: unknown };
        this.serializer.write(data);
        append(packets, { kind: "script", info: `${deserializeInfo as string}` });
      }
    }
    return packets;
  }
}
