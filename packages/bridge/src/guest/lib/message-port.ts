import { type AsyncResource, asyncObjects } from "../bindings/async-object.ts";
import { ArrayProto, reflectApply, SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { bindingError } from "./binding-error.ts";
import type { CloneMessage, PortAccess } from "./clone-message.ts";
import { append } from "./define.ts";
import { Deliveries, type Receiver } from "./port-deliveries.ts";

/** Ends that hear each other: the two of a channel, or all of one broadcast name. */
export interface Group {
  readonly ends: ChannelEnd[];
  readonly broadcast: boolean;
  /** Of a broadcast. */
  readonly name?: string;
}

/** Takes what an end would get to where its port is: another thread. Nothing says that the other end closed. */
export type Sink = (message: CloneMessage | undefined) => void;

/** One end of a channel; it outlives the port object it is transferred from. */
export interface ChannelEnd {
  group: Group;
  /** Messages not read yet; undefined says that the other end closed. */
  readonly queue: (CloneMessage | undefined)[];
  port: object | undefined;
  /** Present once the end has left for another thread. */
  sink?: Sink;
}

type Emit = (this: object, data: unknown, ports: readonly object[], type: string) => void;

/** What reading a port gave. */
export type Received = { readonly message: CloneMessage } | undefined;

/** What a port object stands for (`MessagePort` of src/node_messaging.h). */
class Port implements Receiver {
  readonly order: number;
  readonly object: object;
  readonly #handOut: (port: Port) => boolean;
  end: ChannelEnd | undefined;
  resource: AsyncResource | undefined;
  isPending = false;
  receiving = false;
  referenced = false;
  isClosing = false;

  constructor(order: number, object: object, end: ChannelEnd, handOut: (port: Port) => boolean) {
    this.order = order;
    this.object = object;
    this.end = end;
    this.#handOut = handOut;
  }

  get isDetached(): boolean {
    return this.end === undefined || this.isClosing;
  }

  get waiting(): number {
    return this.end?.queue.length ?? 0;
  }

  deliver(): boolean {
    return this.#handOut(this);
  }
}

/** The ports of one realm: their state, kept apart from the objects the library and the program hold. */
export class Ports implements PortAccess {
  readonly #realm: Realm;
  readonly #emit: () => Emit;
  readonly #ports = new SafeWeakMap<object, Port>();
  readonly #broadcasts = new SafeMap<string, Group>();
  readonly #deliveries: Deliveries;
  #made = 0;
  /** Hears what is broadcast here, to tell other threads. */
  onBroadcast: ((name: string, message: CloneMessage) => void) | undefined;
  /** The memory in a message to another thread that the library, not the program, put there. */
  libraryMemory: ((port: object, message: unknown) => object | undefined) | undefined;
  /** Makes the bare object; set by the binding, which owns the class. */
  create: () => object = () => ({});

  constructor(realm: Realm, emit: () => Emit) {
    this.#realm = realm;
    this.#emit = emit;
    this.#deliveries = new Deliveries(realm.loop);
  }

  isPort(value: object): boolean {
    return this.#ports.has(value);
  }

  isDetached(port: object): boolean {
    return this.#ports.get(port)?.isDetached !== false;
  }

  /** @throws TypeError for anything but a port */
  state(port: unknown): Port {
    const state = typeof port === "object" && port !== null ? this.#ports.get(port) : undefined;
    if (state === undefined) throw bindingError("TypeError", "ERR_INVALID_THIS", "Illegal invocation");
    return state;
  }

  /** A new end of a group. */
  join(group: Group): ChannelEnd {
    const end: ChannelEnd = { group, queue: [], port: undefined };
    append(group.ends, end);
    return end;
  }

  /** A new channel. */
  pair(): readonly [ChannelEnd, ChannelEnd] {
    const group: Group = { ends: [], broadcast: false };
    return [this.join(group), this.join(group)];
  }

  /** All who listen to a name. */
  broadcastGroup(name: string): Group {
    const known = this.#broadcasts.get(name);
    if (known) return known;
    const group: Group = { ends: [], broadcast: true, name };
    this.#broadcasts.set(name, group);
    return group;
  }

  /** Hands on what another thread broadcast. */
  heard(name: string, message: CloneMessage): void {
    const group = this.#broadcasts.get(name);
    for (let i = 0; group && i < group.ends.length; i++) this.#tell(group.ends[i] as ChannelEnd, message);
  }

  /** The end's port is in another thread from now on: what came for it already goes there first. */
  leave(end: ChannelEnd, sink: Sink): void {
    end.sink = sink;
    const { queue } = end;
    while (queue.length > 0) sink(ArrayProto.shift(queue) as CloneMessage | undefined);
  }

  /** One end takes another one's place in its channel. */
  replace(old: ChannelEnd, end: ChannelEnd): void {
    const at = ArrayProto.indexOf(old.group.ends, old);
    if (at === -1) return;
    old.group.ends[at] = end;
    end.group = old.group;
  }

  attach(end: unknown): object {
    const object = this.create();
    const channel = end as ChannelEnd;
    channel.port = object;
    this.#made += 1;
    const port = new Port(this.#made, object, channel, (self) => this.#handOut(self));
    this.#ports.set(object, port);
    port.resource = asyncObjects(this.#realm).begin(object, "MESSAGEPORT");
    const oninit = (object as Record<symbol, unknown>)[this.#realm.symbols["oninit"] as symbol];
    if (typeof oninit === "function") reflectApply(oninit as () => void, object, []);
    this.#wake(channel);
    return object;
  }

  detach(object: object): ChannelEnd | undefined {
    const port = this.state(object);
    const { end } = port;
    this.close(object);
    if (end) end.port = undefined;
    port.end = undefined;
    return end;
  }

  post(end: ChannelEnd, message: CloneMessage): void {
    const { ends, name } = end.group;
    for (let i = 0; i < ends.length; i++) {
      const other = ends[i] as ChannelEnd;
      if (other !== end) this.#tell(other, message);
    }
    if (name !== undefined) this.onBroadcast?.(name, message);
  }

  #tell(end: ChannelEnd, message: CloneMessage | undefined): void {
    if (end.sink) {
      end.sink(message);
      return;
    }
    append(end.queue, message);
    this.#wake(end);
  }

  /** Whether what is posted here goes to another thread. */
  isFar(end: ChannelEnd | undefined): boolean {
    for (let i = 0; end && i < end.group.ends.length; i++) {
      const other = end.group.ends[i] as ChannelEnd;
      if (other !== end && other.sink) return true;
    }
    return false;
  }

  /** A message that carries the only end it could arrive at is lost, and the channel with it. */
  isLost(end: ChannelEnd, message: CloneMessage): boolean {
    const { ends } = end.group;
    for (let i = 0; i < ends.length; i++) {
      if (ends[i] !== end && message.carries(ends[i])) return true;
    }
    return false;
  }

  /** Until the callback of its closing a port keeps the program alive as it did before. */
  hasRef(object: object): boolean | undefined {
    const { end, referenced } = this.state(object);
    return end ? referenced : undefined;
  }

  start(object: object): void {
    const port = this.state(object);
    if (port.isDetached) return;
    port.receiving = true;
    this.#wake(port.end as ChannelEnd);
  }

  stop(object: object): void {
    this.state(object).receiving = false;
  }

  setReferenced(object: object, referenced: boolean): void {
    const port = this.state(object);
    if (!port.end || port.referenced === referenced) return;
    port.referenced = referenced;
    if (port.isClosing) return;
    if (referenced) this.#realm.loop.ref();
    else this.#realm.loop.unref();
  }

  /** Closes the port in a later phase: what is there already is still handed out. */
  close(object: object): void {
    const port = this.state(object);
    if (port.isDetached) return;
    port.isClosing = true;
    if (port.referenced) this.#realm.loop.unref();
    this.#realm.loop.complete(() => this.#closed(port));
  }

  /** Leaves the group; the other end of a channel hears of it after the messages sent before. */
  #closed(port: Port): void {
    const { end, object, resource } = port;
    port.end = undefined;
    port.receiving = false;
    if (end) this.part(end);
    const onclose = (object as Record<symbol, unknown>)[this.#realm.symbols["handle_onclose"] as symbol];
    try {
      if (typeof onclose === "function") resource?.call(onclose, []);
    } finally {
      resource?.destroy();
    }
  }

  /** An end is no more; the other one of a channel hears of it. */
  part(end: ChannelEnd): void {
    const { ends, broadcast } = end.group;
    const at = ArrayProto.indexOf(ends, end);
    if (at !== -1) ArrayProto.splice(ends, at, 1);
    for (let i = 0; !broadcast && i < ends.length; i++) this.#tell(ends[i] as ChannelEnd, undefined);
  }

  #wake({ port: object, queue }: ChannelEnd): void {
    const port = object && this.#ports.get(object);
    if (port && queue.length > 0 && (port.receiving || queue[0] === undefined)) this.#deliveries.wake(port);
  }

  #handOut(port: Port): boolean {
    if (!port.receiving && port.end?.queue[0] !== undefined) return false;
    const received = this.take(port.object);
    if (received) this.emit(port.object, received.message);
    return received !== undefined;
  }

  /** The next message, whether or not the port is receiving. */
  take(object: object): Received {
    const { end } = this.state(object);
    if (!end || end.queue.length === 0) return undefined;
    const message = ArrayProto.shift(end.queue) as CloneMessage | undefined;
    if (message) return { message };
    this.close(object);
    return undefined;
  }

  emit(object: object, message: CloneMessage): void {
    let data: unknown;
    let type = "message";
    try {
      data = message.open();
    } catch (error) {
      data = error;
      type = "messageerror";
    }
    const ports = type === "message" ? message.ports : [];
    this.state(object).resource?.call(this.#emit(), [data, ports, type]);
  }
}
