import { ArrayProto, reflectApply, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { bindingError } from "./binding-error.ts";
import type { CloneMessage, PortAccess } from "./clone-message.ts";
import { append } from "./define.ts";

/** Ends that hear each other: the two of a channel, or all of one broadcast name. */
export interface Group {
  readonly ends: ChannelEnd[];
  readonly broadcast: boolean;
}

/** One end of a channel; it outlives the port object it is transferred from. */
export interface ChannelEnd {
  readonly group: Group;
  /** Messages not read yet; undefined says that the other end closed. */
  readonly queue: (CloneMessage | undefined)[];
  port: object | undefined;
}

interface PortState {
  end: ChannelEnd | undefined;
  receiving: boolean;
  referenced: boolean;
}

type Emit = (this: object, data: unknown, ports: readonly object[], type: string) => void;

/** What reading a port gave. */
export type Received = { readonly message: CloneMessage } | undefined;

/** The ports of one realm: their state, kept apart from the objects the library and the program hold. */
export class Ports implements PortAccess {
  readonly #realm: Realm;
  readonly #emit: () => Emit;
  readonly #states = new SafeWeakMap<object, PortState>();
  /** Makes the bare object; set by the binding, which owns the class. */
  create: () => object = () => ({});

  constructor(realm: Realm, emit: () => Emit) {
    this.#realm = realm;
    this.#emit = emit;
  }

  isPort(value: object): boolean {
    return this.#states.has(value);
  }

  isDetached(port: object): boolean {
    return this.#states.get(port)?.end === undefined;
  }

  /** @throws TypeError for anything but a port */
  state(port: unknown): PortState {
    const state = typeof port === "object" && port !== null ? this.#states.get(port) : undefined;
    if (state === undefined) throw bindingError("TypeError", "ERR_INVALID_THIS", "Illegal invocation");
    return state;
  }

  /** A new end of a group. */
  join(group: Group): ChannelEnd {
    const end: ChannelEnd = { group, queue: [], port: undefined };
    append(group.ends, end);
    return end;
  }

  attach(end: unknown): object {
    const port = this.create();
    const channel = end as ChannelEnd;
    channel.port = port;
    this.#states.set(port, { end: channel, receiving: false, referenced: false });
    const oninit = (port as Record<symbol, unknown>)[this.#realm.symbols.oninit as symbol];
    if (typeof oninit === "function") reflectApply(oninit as () => void, port, []);
    // A close that came while the end travelled.
    if (channel.queue.length > 0 && channel.queue[0] === undefined) this.#wake(channel);
    return port;
  }

  detach(port: object): ChannelEnd | undefined {
    const state = this.state(port);
    const { end } = state;
    if (end) end.port = undefined;
    this.#release(state, port);
    return end;
  }

  post(end: ChannelEnd, message: CloneMessage): void {
    const { ends } = end.group;
    for (let i = 0; i < ends.length; i++) {
      const other = ends[i] as ChannelEnd;
      if (other === end) continue;
      append(other.queue, message);
      this.#wake(other);
    }
  }

  start(port: object): void {
    const state = this.state(port);
    if (!state.end || state.receiving) return;
    state.receiving = true;
    for (let i = 0; i < state.end.queue.length; i++) this.#wake(state.end);
  }

  stop(port: object): void {
    this.state(port).receiving = false;
  }

  setReferenced(port: object, referenced: boolean): void {
    const state = this.state(port);
    if (!state.end || state.referenced === referenced) return;
    state.referenced = referenced;
    if (!referenced) {
      this.#realm.loop.unref();
      return;
    }
    this.#realm.loop.ref();
    for (let i = 0; state.receiving && i < state.end.queue.length; i++) this.#wake(state.end);
  }

  /** Leaves the group; the other end of a channel hears of it after the messages sent before. */
  close(port: object): void {
    const state = this.state(port);
    const { end } = state;
    if (!end) return;
    this.#release(state, port);
    const { ends, broadcast } = end.group;
    const at = ArrayProto.indexOf(ends, end);
    if (at !== -1) ArrayProto.splice(ends, at, 1);
    for (let i = 0; !broadcast && i < ends.length; i++) {
      const other = ends[i] as ChannelEnd;
      append(other.queue, undefined);
      this.#wake(other);
    }
  }

  #release(state: PortState, port: object): void {
    this.setReferenced(port, false);
    state.end = undefined;
    state.receiving = false;
    const onclose = (port as Record<symbol, unknown>)[this.#realm.symbols.handle_onclose as symbol];
    if (typeof onclose === "function") this.#realm.loop.complete(() => reflectApply(onclose as () => void, port, []));
  }

  #wake(end: ChannelEnd): void {
    const { port } = end;
    if (port === undefined) return;
    const closes = end.queue[0] === undefined;
    const state = this.#states.get(port);
    if (!closes && !state?.receiving) return;
    const run = () => this.#deliver(end);
    if (state?.referenced) this.#realm.loop.complete(run);
    else this.#whileAlive(run);
  }

  /** What waits for a port nobody refers to runs only if something else keeps the program going. */
  #whileAlive(run: () => void): void {
    const { setImmediate } = this.#realm.requireBuiltin<{ setImmediate(run: () => void): { unref(): void } }>("timers");
    setImmediate(run).unref();
  }

  #deliver(end: ChannelEnd): void {
    const { port } = end;
    const state = port === undefined ? undefined : this.#states.get(port);
    if (port === undefined || !state || end.queue.length === 0) return;
    if (!state.receiving && end.queue[0] !== undefined) return;
    const received = this.take(port);
    if (received) this.emit(port, received.message);
  }

  /** The next message, whether or not the port is receiving. */
  take(port: object): Received {
    const { end } = this.state(port);
    if (!end || end.queue.length === 0) return undefined;
    const message = ArrayProto.shift(end.queue) as CloneMessage | undefined;
    if (message) return { message };
    this.close(port);
    return undefined;
  }

  emit(port: object, message: CloneMessage): void {
    let data: unknown;
    let type = "message";
    try {
      data = message.open();
    } catch (error) {
      data = error;
      type = "messageerror";
    }
    reflectApply(this.#emit(), port, [data, type === "message" ? message.ports : [], type]);
  }
}
