import { Connection } from "../http2/connection.ts";
import { Failure } from "../http2/errors.ts";
import { FrameType, numbersPayload, writeUint16 } from "../http2/frames.ts";
import type { Field } from "../http2/hpack-table.ts";
import { Category } from "../http2/listener.ts";
import { exactCopy } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { latin1Write } from "../lib/latin1.ts";
import { mathMax, SafeMap, StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { type CallbackName, Callbacks, type LibraryCallbacks } from "./http2-callbacks.ts";
import { CustomSettings } from "./http2-custom-settings.ts";
import { SessionEvents } from "./http2-events.ts";
import { SessionFields } from "./http2-fields.ts";
import { readOptions, type SessionLimits } from "./http2-options.ts";
import { type Outstanding, OutstandingFrames } from "./http2-outstanding.ts";
import type { SettingsBuffer } from "./http2-settings.ts";
import { SessionStatistics } from "./http2-statistics.ts";
import { StreamCore, StreamOption } from "./http2-stream-core.ts";
import { StreamSource } from "./http2-stream-source.ts";
import { Transport, type TransportOwner } from "./http2-transport.ts";

/** What all sessions of one guest share. */
export interface Http2State {
  readonly realm: Realm;
  readonly binding: Record<string, unknown>;
  readonly callbacks: LibraryCallbacks;
  readonly settings: SettingsBuffer;
  /** Makes the object the library sees of a stream. */
  makeStream(core: StreamCore): void;
}

/** What a stream, and a frame that waits for its acknowledgement, count for `maxSessionMemory`, bytes. */
const STREAM_SIZE = 1024;
const FRAME_SIZE = 256;
const SERVER = 0;

/** `Http2Session` of src/node_http2.cc: a connection over a stream, towards the library. */
export class SessionCore implements TransportOwner {
  readonly realm: Realm;
  readonly resource: AsyncResource;
  readonly callbacks: Callbacks;
  readonly connection: Connection;
  readonly transport: Transport;
  readonly statistics: SessionStatistics;
  readonly limits: SessionLimits;
  readonly fields = new SessionFields();
  readonly custom: CustomSettings;
  readonly streams = new SafeMap<number, StreamCore>();
  /** The library has submitted a GOAWAY. */
  hasGoneAway = false;
  readonly #state: Http2State;
  readonly #target: object;
  readonly #events: SessionEvents;
  readonly #pings: OutstandingFrames;
  readonly #settingsSent: OutstandingFrames;
  #memory = 0;

  constructor(state: Http2State, target: object, type: number) {
    const { realm } = state;
    this.#state = state;
    this.#target = target;
    this.realm = realm;
    this.resource = asyncObjects(realm).begin(target, "HTTP2SESSION");
    this.callbacks = new Callbacks(realm);
    this.#events = new SessionEvents(this);
    const { connection, limits } = readOptions(state.binding, type === SERVER, this.#events);
    this.limits = limits;
    this.connection = new Connection(connection);
    this.statistics = new SessionStatistics(realm, connection.isServer);
    this.transport = new Transport(this);
    this.custom = new CustomSettings(state.settings.custom());
    this.#pings = new OutstandingFrames(realm, this.callbacks, "HTTP2PING", limits.maxPings);
    this.#settingsSent = new OutstandingFrames(realm, this.callbacks, "HTTP2SETTINGS", limits.maxSettings);
  }

  /** Calls one of the library's functions on the session. */
  tell(name: CallbackName, args: readonly unknown[]): unknown {
    return this.callbacks.make(() => this.resource.call(this.#state.callbacks.get(name), args));
  }

  /** Calls one of the library's functions on a stream. */
  tellStream(stream: StreamCore, name: CallbackName, args: readonly unknown[]): unknown {
    return this.callbacks.make(() => stream.resource.call(this.#state.callbacks.get(name), args));
  }

  callOwn(name: string): void {
    const found = (this.#target as Record<string, unknown>)[name];
    if (typeof found === "function") this.callbacks.make(() => this.resource.call(found, []));
  }

  fail(failure: number): void {
    const { customError } = this.#events;
    this.#events.customError = undefined;
    this.tell("error", customError === undefined ? [failure] : [failure, customError]);
  }

  flushReset(streamId: number): void {
    this.streams.get(streamId)?.flushReset();
  }

  addMemory(bytes: number): void {
    this.#memory += bytes;
  }

  /** Whether so many bytes more are within `maxSessionMemory`. */
  hasMemory(bytes: number): boolean {
    return this.#memory + bytes <= this.limits.maxMemory;
  }

  get canAddStream(): boolean {
    return this.streams.size < this.connection.settings.local.maxConcurrentStreams && this.hasMemory(STREAM_SIZE);
  }

  addStream(id: number, category: Category, options: number): StreamCore {
    const core = new StreamCore(this, id, category);
    this.#state.makeStream(core);
    core.begin(options);
    this.streams.set(id, core);
    this.addMemory(STREAM_SIZE);
    const { statistics } = this;
    statistics.streamCount++;
    statistics.maxConcurrentStreams = mathMax(statistics.maxConcurrentStreams, this.streams.size);
    return core;
  }

  /** -> whether it was there */
  removeStream(id: number): boolean {
    const core = this.streams.get(id);
    if (!core) return false;
    this.streams.delete(id);
    this.addMemory(-STREAM_SIZE - core.headers.size);
    return true;
  }

  /** Bytes the socket had read before. */
  receive(bytes: Uint8Array): void {
    this.callbacks.fromScript(() => this.transport.receive(exactCopy(bytes)));
  }

  get hasPendingData(): boolean {
    return this.connection.wantsWrite || this.connection.wantsRead;
  }

  /** @param socketClosed nothing can be written any more */
  close(code: number, socketClosed: boolean): void {
    if (this.transport.isClosing) return;
    this.transport.close(code, socketClosed);
    const pings = this.#pings.takeAll();
    const soon = (run: () => void): void => this.transport.soon(() => this.callbacks.fromLoop(run));
    if (pings.length > 0) {
      soon(() => {
        for (let i = 0; i < pings.length; i++) this.#pings.finish(pings[i] as Outstanding, false);
      });
    }
    this.statistics.tell((run) => soon(() => this.callbacks.make(run)));
  }

  request(fields: readonly Field[], options: number): StreamCore | number {
    return this.transport.scope(() => {
      const source =
        options & StreamOption.emptyPayload ? undefined : new StreamSource(this, this.connection.streams.nextId);
      const id = this.connection.submit.request(fields, source);
      return id <= 0 ? id : this.addStream(id, Category.headers, options);
    });
  }

  goaway(code: number, lastId: number, data: Uint8Array): void {
    if (this.transport.isDestroyed) return;
    this.hasGoneAway = true;
    const { connection } = this;
    this.transport.scope(() => {
      connection.goaway(lastId <= 0 ? connection.streams.lastProcessedId : lastId, code, exactCopy(data));
    });
  }

  /** -> whether there are few enough under way */
  ping(payload: Uint8Array | undefined, callback: unknown): boolean {
    return this.#pings.begin(callback, (began) => {
      this.addMemory(FRAME_SIZE);
      const bytes = payload ? exactCopy(payload) : timePayload(began);
      this.transport.scope(() => this.connection.submit.ping(bytes));
      return true;
    });
  }

  pingAcknowledged(payload: Uint8Array): void {
    const ping = this.#pings.shift();
    if (!ping) {
      // Nobody asked: the other side is broken, or hostile.
      this.tell("error", [Failure.protocol]);
      return;
    }
    this.addMemory(-FRAME_SIZE);
    this.statistics.pingMs = this.#pings.finish(ping, true, payload);
  }

  /** -> whether there are few enough under way */
  submitSettings(callback: unknown): boolean {
    return this.#settingsSent.begin(callback, () => {
      const settings = this.#state.settings.take();
      this.custom.sent(settings);
      this.addMemory(FRAME_SIZE);
      return this.transport.scope(() => this.connection.settings.submit(settings)) === 0;
    });
  }

  settingsAcknowledged(): void {
    const settings = this.#settingsSent.shift();
    if (!settings) return;
    this.addMemory(-FRAME_SIZE);
    this.#settingsSent.finish(settings, true);
  }

  showSettings(ofRemote: boolean): void {
    const { custom, connection } = this;
    if (ofRemote) this.#state.settings.show(connection.settings.remote, custom.remote);
    else this.#state.settings.show(connection.settings.local, custom.local);
  }

  /** Says where else the server can be reached (RFC 7838). */
  altsvc(streamId: number, origin: string, value: string): void {
    const payload = new Bytes(2 + origin.length + value.length);
    writeUint16(payload, 0, origin.length);
    latin1Write(payload, origin, 2, origin.length);
    latin1Write(payload, value, 2 + origin.length, value.length);
    this.transport.scope(() => this.connection.submit.extension(FrameType.altsvc, streamId, payload));
  }

  /** Says for which origins the server answers (RFC 8336). @param origins each ended by a zero */
  origin(origins: string, count: number): void {
    const payload = new Bytes(2 * count + origins.length);
    let size = 0;
    for (let at = 0; at < origins.length; ) {
      const end = StringProto.indexOf(origins, "\0", at);
      writeUint16(payload, size, end - at);
      latin1Write(payload, StringProto.slice(origins, at, end), size + 2, end - at);
      size += 2 + end - at;
      at = end + 1;
    }
    this.transport.scope(() => this.connection.submit.extension(FrameType.origin, 0, exactCopy(payload, 0, size)));
  }
}

/** What a PING without a payload carries: the time. */
function timePayload(nanoseconds: number): Uint8Array {
  const low = nanoseconds % 0x100000000;
  return numbersPayload([(nanoseconds - low) / 0x100000000, low]);
}
