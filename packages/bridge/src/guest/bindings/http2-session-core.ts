import { Connection } from "../http2/connection.ts";
import { ErrorCode, Failure } from "../http2/errors.ts";
import { readOrigins } from "../http2/frame-handler.ts";
import {
  Flag,
  type FrameHead,
  FrameType,
  numbersPayload,
  readStreamId,
  readUint16,
  readUint32,
  writeUint16,
} from "../http2/frames.ts";
import type { Field } from "../http2/hpack-table.ts";
import { codeOf } from "../http2/invalid.ts";
import { Answer, Category, type ConnectionListener, type ReceivedFrame } from "../http2/listener.ts";
import { Receiver } from "../http2/receiver.ts";
import { joinFrames, Sender } from "../http2/sender.ts";
import type { Setting } from "../http2/settings.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { monotonicNanoseconds } from "../lib/clock.ts";
import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { latin1Decode, latin1Write } from "../lib/latin1.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { ArrayProto, mathMin, mathTrunc, SafeMap, StringProto, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { type CallbackName, Callbacks, type LibraryCallbacks } from "./http2-callbacks.ts";
import { Padding, readOptions, type SessionLimits } from "./http2-options.ts";
import type { SettingsBuffer } from "./http2-settings.ts";
import { StreamCore, StreamOption, StreamSource } from "./http2-stream-core.ts";
import type { Consumer } from "./stream-listener.ts";
import { streamState } from "./stream-listener.ts";
import { streamFrom, type StreamCore as Transport } from "./stream-methods.ts";

/** What all sessions of one guest share. */
export interface Http2State {
  readonly realm: Realm;
  readonly binding: Record<string, unknown>;
  readonly callbacks: LibraryCallbacks;
  readonly settings: SettingsBuffer;
  /** Makes the object the library sees of a stream. */
  makeStream(core: StreamCore): object;
}

/** Bits and places in a session's `fields` (src/node_http2.h). */
const Bit = { remoteSettingsListeners: 0, remoteSettingsUpToDate: 1, pingListeners: 2, altsvcListeners: 3 } as const;
const BITFIELD = 0;
const MAX_INVALID_FRAMES = 4;
const MAX_REJECTED_STREAMS = 8;
const FIELDS_SIZE = 12;
const DEFAULT_MAX_INVALID_FRAMES = 1000;
const DEFAULT_MAX_REJECTED_STREAMS = 100;
/** What a stream, a PING, a SETTINGS frame count for `maxSessionMemory`, bytes. */
const STREAM_SIZE = 1024;
const SMALL_SIZE = 256;
const CUSTOM_FROM = 7;
const SERVER = 0;
const MAX_CUSTOM = 10;

/** A PING or SETTINGS frame that waits for its acknowledgement. */
interface Outstanding {
  readonly resource: AsyncResource;
  readonly callback: unknown;
  /** Nanoseconds. */
  readonly began: number;
}

/** `Http2Session` of src/node_http2.cc: a connection over a stream, towards the library. */
export class SessionCore implements ConnectionListener, Consumer {
  readonly realm: Realm;
  readonly resource: AsyncResource;
  readonly callbacks: Callbacks;
  readonly connection: Connection;
  readonly limits: SessionLimits;
  readonly fields: Uint8Array;
  readonly streams = new SafeMap<number, StreamCore>();
  readonly #state: Http2State;
  readonly #target: object;
  readonly #receiver: Receiver;
  readonly #sender: Sender;
  #transport: Transport | undefined;
  #isClosing = false;
  #isDestroyed = false;
  #isSending = false;
  #isWriting = false;
  #isWriteScheduled = false;
  #isInScope = false;
  #isReadingStopped = false;
  #isGraceful = false;
  #hasGoneAway = false;
  /** The connection ended by itself, with a GOAWAY the library did not ask for. */
  #endedItself = false;
  /** Requests whose bytes are being written. */
  #written: (() => void)[] = [];
  /** Streams to be reset when the write under way is over. */
  #pendingResets = new SafeMap<number, true>();
  #pings: Outstanding[] = [];
  #settingsSent: Outstanding[] = [];
  #memory = 0;
  #invalidFrames = 0;
  #rejectedStreams = 0;
  #customError: string | undefined;
  #localCustom: Setting[] = [];
  readonly #remoteCustom: { id: number; value: number | undefined }[] = [];
  chunksSent = 0;

  constructor(state: Http2State, target: object, type: number) {
    const { realm } = state;
    this.#state = state;
    this.realm = realm;
    this.#target = target;
    this.resource = asyncObjects(realm).begin(target, "HTTP2SESSION");
    this.callbacks = new Callbacks(realm);
    const { connection, limits } = readOptions(state.binding, type === SERVER, this);
    this.limits = limits;
    this.connection = new Connection(connection);
    this.#receiver = new Receiver(this.connection);
    this.#sender = new Sender(this.connection);
    this.fields = makeFields();
    const custom = state.settings.custom();
    for (let i = 0; i < custom.length; i++) {
      append(this.#remoteCustom, { id: (custom[i] as Setting)[0] & 0xffff, value: undefined });
    }
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  get isInScope(): boolean {
    return this.#isInScope;
  }

  #hasBit(bit: number): boolean {
    return ((this.fields[BITFIELD] as number) & (1 << bit)) !== 0;
  }

  #field32(at: number): number {
    const { fields } = this;
    return readUint32LE(fields, at);
  }

  /** Calls one of the library's functions on the session. */
  tell(name: CallbackName, args: readonly unknown[]): unknown {
    return this.callbacks.make(() => this.resource.call(this.#state.callbacks.get(name), args));
  }

  /** Calls one of the library's functions on a stream. */
  tellStream(stream: StreamCore, name: CallbackName, args: readonly unknown[]): unknown {
    return this.callbacks.make(() => stream.resource.call(this.#state.callbacks.get(name), args));
  }

  /** Calls a function the library has put on the session's object. */
  #callOwn(name: string): void {
    const found = (this.#target as Record<string, unknown>)[name];
    if (typeof found === "function") this.callbacks.make(() => this.resource.call(found, []));
  }

  addMemory(bytes: number): void {
    this.#memory += bytes;
  }

  /** Whether so many bytes more are within `maxSessionMemory`. */
  hasMemory(bytes: number): boolean {
    return this.#memory + bytes <= this.limits.maxMemory;
  }

  /** Takes the bytes of a stream from now on. */
  consume(handle: object): void {
    const transport = streamFrom(handle);
    this.#transport = transport;
    transport.listener.consumer = this;
  }

  /** Bytes from the stream below. */
  read(bytes: Uint8Array): void {
    const receive = (): void => this.#receive(bytes);
    if (this.#transport?.readsInLoop) this.callbacks.fromLoop(receive);
    else this.callbacks.fromScript(receive);
  }

  /** Bytes the socket had read before. */
  receive(bytes: Uint8Array): void {
    this.callbacks.fromScript(() => this.#receive(exactCopy(bytes)));
  }

  #receive(bytes: Uint8Array): void {
    this.scope(() => {
      const size = typedArrayByteLength(bytes);
      this.addMemory(size);
      this.#customError = undefined;
      const failure = this.#receiver.receive(bytes);
      this.addMemory(-size);
      if (failure < 0) this.tell("error", [failure, this.#customError ?? null]);
      else if (!this.#isDestroyed) this.send();
      this.#maybeStopReading();
    });
  }

  /** Does something that may leave frames to send: they are sent soon (`Http2Scope`). */
  scope<T>(run: () => T): T {
    if (this.#isInScope || this.#isWriteScheduled) return run();
    this.#isInScope = true;
    try {
      return run();
    } finally {
      this.#isInScope = false;
      if (!this.#isWriteScheduled) this.#maybeScheduleWrite();
    }
  }

  #maybeScheduleWrite(): void {
    if (!this.connection.wantsWrite) return;
    this.#isWriteScheduled = true;
    this.soon(() => {
      if (!this.#isWriteScheduled) return;
      this.callbacks.inScope(() => this.send());
    });
  }

  /** Runs it before the next immediates, and keeps the program alive until then (`SetImmediate` of src/env.h). */
  soon(run: () => void): void {
    const { loop } = this.realm;
    loop.ref();
    loop.beforeCheck(() => {
      loop.unref();
      run();
    });
  }

  /** Writes what there is to send. -> whether it has to wait for the write under way */
  send(): boolean {
    if (this.#isDestroyed) return false;
    this.#isWriteScheduled = false;
    if (this.#isSending) return true;
    this.#isSending = true;
    const frames: Uint8Array[] = [];
    let size = 0;
    for (let frame = this.#sender.next(); frame !== undefined; frame = this.#sender.next()) {
      append(frames, frame);
      size += typedArrayByteLength(frame);
    }
    const transport = this.#transport;
    if (!transport || frames.length === 0) {
      this.#clearOutgoing();
      return false;
    }
    this.chunksSent++;
    this.#isWriting = true;
    if (!this.#write(transport, joinFrames(frames, size))) {
      this.#isWriting = false;
      this.#clearOutgoing();
      this.#maybeNotifyGraceful();
    }
    this.#maybeStopReading();
    this.#tellEnded();
    return false;
  }

  /** -> whether somebody will say when it is done */
  #write(transport: Transport, bytes: Uint8Array): boolean {
    const { WriteWrap } = this.realm.internalBinding("stream_wrap") as { WriteWrap: new () => { oncomplete: unknown } };
    const request = new WriteWrap();
    const done = (): void => this.#afterWrite();
    request.oncomplete = (): void => {
      if (transport.readsInLoop) this.callbacks.fromLoop(done);
      else this.callbacks.fromScript(done);
    };
    const status = transport.write(request, bytes);
    const { streamBaseState, kLastWriteWasAsync } = streamState(this.realm);
    return status === 0 && streamBaseState[kLastWriteWasAsync] !== 0;
  }

  #tellEnded(): void {
    if (!this.#endedItself) return;
    this.#endedItself = false;
    if (!this.#isClosing && !this.#isDestroyed) this.tell("error", [Failure.protocol]);
  }

  #afterWrite(): void {
    this.#maybeNotifyGraceful();
    this.#isWriting = false;
    this.#clearOutgoing();
    if (this.#isReadingStopped && !this.#isWriting && this.connection.wantsRead) this.#startReading();
    if (this.#isDestroyed) {
      this.#callOwn("ondone");
      this.#startReading();
      return;
    }
    if (!this.#isWriteScheduled) this.#maybeScheduleWrite();
  }

  #clearOutgoing(): void {
    this.#isSending = false;
    const written = this.#written;
    this.#written = [];
    for (let i = 0; i < written.length; i++) (written[i] as () => void)();
    const ids: number[] = [];
    this.#pendingResets.forEach((_, id) => {
      append(ids, id);
    });
    if (ids.length === 0) return;
    this.#pendingResets = new SafeMap();
    this.send();
    for (let i = 0; i < ids.length; i++) this.streams.get(ids[i] as number)?.flushReset();
  }

  /** Something to do when what is being sent has been written. */
  whenWritten(run: () => void): void {
    append(this.#written, run);
  }

  #startReading(): void {
    this.#isReadingStopped = false;
    this.#transport?.readStart();
  }

  #stopReading(): void {
    this.#isReadingStopped = true;
    this.#transport?.readStop();
  }

  #maybeStopReading(): void {
    if (this.#isReadingStopped || this.#isClosing || this.connection.wantsRead) return;
    this.#stopReading();
  }

  #maybeNotifyGraceful(): void {
    if (!this.#isGraceful || this.connection.wantsWrite || this.connection.wantsRead) return;
    this.#callOwn("ongracefulclosecomplete");
  }

  setGraceful(): void {
    this.#isGraceful = true;
  }

  get hasPendingData(): boolean {
    return this.connection.wantsWrite || this.connection.wantsRead;
  }

  /** @param socketClosed nothing can be written any more */
  close(code: number, socketClosed: boolean): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const transport = this.#transport;
    if (transport) this.#stopReading();
    if (!socketClosed) {
      this.scope(() => {
        this.connection.terminate(code);
        this.send();
      });
    } else if (transport && transport.listener.consumer === this) {
      transport.listener.consumer = undefined;
    }
    this.#isDestroyed = true;
    if (!this.#isWriting || !transport) {
      this.#callOwn("ondone");
      if (transport) this.#startReading();
    }
    const pings = this.#pings;
    this.#pings = [];
    if (pings.length === 0) return;
    this.soon(() => {
      this.callbacks.fromLoop(() => {
        for (let i = 0; i < pings.length; i++) this.#finish(pings[i] as Outstanding, false);
      });
    });
  }

  onBeginHeaders(frame: ReceivedFrame): Answer {
    const id = frame.subjectId;
    const known = this.streams.get(id);
    if (known) {
      if (!known.isDestroyed) known.startHeaders(frame.category);
      return Answer.ok;
    }
    if (this.#canAddStream) {
      this.addStream(id, frame.category, 0);
      this.#rejectedStreams = 0;
      return Answer.ok;
    }
    if (this.#rejectedStreams++ > this.#field32(MAX_REJECTED_STREAMS)) return Answer.failed;
    this.connection.submitReset(id, ErrorCode.enhanceYourCalm, true);
    return Answer.refused;
  }

  get #canAddStream(): boolean {
    return this.streams.size < this.connection.local.maxConcurrentStreams && this.hasMemory(STREAM_SIZE);
  }

  addStream(id: number, category: Category, options: number): StreamCore {
    const core = new StreamCore(this, id, category);
    this.#state.makeStream(core);
    core.begin(options);
    this.streams.set(id, core);
    this.addMemory(STREAM_SIZE);
    return core;
  }

  /** -> whether it was there */
  removeStream(id: number): boolean {
    const core = this.streams.get(id);
    if (!core) return false;
    this.streams.delete(id);
    this.addMemory(-STREAM_SIZE - core.headersSize);
    return true;
  }

  onField(frame: ReceivedFrame, field: Field): Answer {
    const stream = this.streams.get(frame.subjectId);
    if (!stream) return Answer.refused;
    if (stream.isDestroyed || stream.addHeader(field)) return Answer.ok;
    stream.submitReset(ErrorCode.enhanceYourCalm);
    return Answer.refused;
  }

  onFrame(frame: ReceivedFrame, settings: readonly Setting[]): Answer {
    switch (frame.type) {
      case FrameType.data:
        return this.#onDataFrame(frame);
      case FrameType.headers:
      case FrameType.pushPromise:
        this.#onHeaders(frame);
        break;
      case FrameType.settings:
        this.#onSettings(frame, settings);
        break;
      case FrameType.ping:
        this.#onPing(frame);
        break;
      case FrameType.goaway:
        this.#onGoaway(frame);
        break;
      case FrameType.altsvc:
        this.#onAltsvc(frame);
        break;
      case FrameType.origin:
        this.#onOrigin(frame);
        break;
    }
    return Answer.ok;
  }

  #onDataFrame(frame: ReceivedFrame): Answer {
    const stream = this.streams.get(frame.streamId);
    if (stream && !stream.isDestroyed && (frame.flags & Flag.endStream) !== 0) {
      stream.end();
      return Answer.ok;
    }
    return frame.length === 0 ? this.#countInvalid() : Answer.ok;
  }

  #countInvalid(): Answer {
    if (this.#invalidFrames++ <= this.#field32(MAX_INVALID_FRAMES)) return Answer.ok;
    this.#customError = "ERR_HTTP2_TOO_MANY_INVALID_FRAMES";
    return Answer.failed;
  }

  #onHeaders(frame: ReceivedFrame): void {
    const stream = this.streams.get(frame.subjectId);
    if (!stream || stream.isDestroyed) return;
    const taken = stream.takeHeaders();
    const { target } = stream;
    this.tell("headers", [target, frame.subjectId, stream.category, frame.flags, taken.pairs, taken.sensitive]);
  }

  #onSettings(frame: ReceivedFrame, settings: readonly Setting[]): void {
    if ((frame.flags & Flag.ack) !== 0) {
      const outstanding = ArrayProto.shift(this.#settingsSent) as Outstanding | undefined;
      if (outstanding) {
        this.addMemory(-SMALL_SIZE);
        this.#finish(outstanding, true);
      } else this.tell("error", [Failure.protocol]);
      return;
    }
    this.fields[BITFIELD] = (this.fields[BITFIELD] as number) & ~(1 << Bit.remoteSettingsUpToDate);
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      for (let j = 0; j < this.#remoteCustom.length && setting[0] >= CUSTOM_FROM; j++) {
        const custom = this.#remoteCustom[j] as { id: number; value: number | undefined };
        if (custom.id === setting[0]) custom.value = setting[1];
      }
    }
    if (this.#hasBit(Bit.remoteSettingsListeners)) this.tell("settings", []);
  }

  /** An acknowledgement came, or never will. */
  #finish(outstanding: Outstanding, ack: boolean, payload?: Uint8Array): void {
    const { resource, callback, began } = outstanding;
    const duration = (monotonicNanoseconds(this.realm) - began) / 1e6;
    this.callbacks.make(() => resource.call(callback, payload ? [ack, duration, payload] : [ack, duration, undefined]));
    resource.destroy();
  }

  #onPing(frame: ReceivedFrame): void {
    const payload = (): Uint8Array => asNodeBuffer(this.realm, exactCopy(frame.payload));
    if ((frame.flags & Flag.ack) !== 0) {
      const outstanding = ArrayProto.shift(this.#pings) as Outstanding | undefined;
      if (!outstanding) {
        // Nothing asks for it: the other side is broken, or hostile.
        this.tell("error", [Failure.protocol]);
        return;
      }
      this.addMemory(-SMALL_SIZE);
      this.#finish(outstanding, true, payload());
      return;
    }
    if (this.#hasBit(Bit.pingListeners)) this.tell("ping", [payload()]);
  }

  #onGoaway({ payload }: ReceivedFrame): void {
    const size = typedArrayByteLength(payload);
    const data = size > 8 ? asNodeBuffer(this.realm, exactCopy(payload, 8, size)) : undefined;
    this.tell("goaway", [readUint32(payload, 4), readStreamId(payload, 0), data]);
  }

  #onAltsvc({ payload, streamId }: ReceivedFrame): void {
    if (!this.#hasBit(Bit.altsvcListeners)) return;
    const end = 2 + readUint16(payload, 0);
    const origin = latin1Decode(payload, 2, end);
    this.tell("altsvc", [streamId, origin, latin1Decode(payload, end, typedArrayByteLength(payload))]);
  }

  #onOrigin({ payload }: ReceivedFrame): void {
    const parts = readOrigins(payload) ?? [];
    const origins: string[] = [];
    for (let i = 0; i < parts.length; i++) {
      const bytes = parts[i] as Uint8Array;
      append(origins, latin1Decode(bytes, 0, typedArrayByteLength(bytes)));
    }
    this.tell("origin", [origins]);
  }

  onData(streamId: number, bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    this.connection.consume(size);
    const stream = this.streams.get(streamId);
    if (!stream || stream.isDestroyed) return;
    for (let at = 0; at < size && !stream.isDestroyed; ) {
      const count = mathMin(size - at, stream.listener.room);
      stream.read(part(bytes, at, at + count));
      at += count;
    }
  }

  onStreamClose(streamId: number, code: number): void {
    const stream = this.streams.get(streamId);
    if (!stream || stream.isDestroyed) return;
    if (this.tellStream(stream, "streamClose", [code]) === false) stream.destroy();
  }

  onFrameSent(type: number): void {
    if (type !== FrameType.goaway || this.#isClosing || this.#isDestroyed) return;
    if (!this.#isGraceful && !this.#hasGoneAway) this.#endedItself = true;
  }

  onFrameNotSent(type: number, streamId: number, failure: number): void {
    switch (failure) {
      case Failure.sessionClosing:
      case Failure.streamClosed:
      case Failure.streamClosing:
        this.streams.get(streamId)?.dropHeaders();
        if (type !== FrameType.goaway) return;
    }
    this.tell("frameError", [streamId, type, codeOf(failure)]);
  }

  onInvalidFrame(_frame: FrameHead, failure: number): Answer {
    if (this.#countInvalid() === Answer.failed) return Answer.failed;
    switch (failure) {
      case Failure.streamClosed:
      case Failure.flowControl:
      case Failure.protocol:
        this.tell("error", [failure]);
    }
    return Answer.ok;
  }

  onSettingsExpected(): void {
    this.tell("error", [Failure.protocol]);
  }

  choosePadding(length: number, most: number): number {
    switch (this.limits.padding) {
      case Padding.max:
        return most;
      case Padding.aligned: {
        const over = (length + 9) % 8;
        return over === 0 ? length : mathMin(most, length + 8 - over);
      }
      default:
        return length;
    }
  }

  seconds(): number {
    return mathTrunc(this.realm.sys.clock.now() / 1000);
  }

  request(fields: readonly Field[], options: number): StreamCore | number {
    return this.scope(() => {
      const source = options & StreamOption.emptyPayload ? undefined : new StreamSource(this, this.connection.nextId);
      const id = this.connection.submitRequest(fields, source);
      return id <= 0 ? id : this.addStream(id, Category.headers, options);
    });
  }

  goaway(code: number, lastId: number, data: Uint8Array): void {
    if (this.#isDestroyed) return;
    this.#hasGoneAway = true;
    this.scope(() => {
      this.connection.submitGoaway(lastId <= 0 ? this.connection.lastProcessedId : lastId, code, exactCopy(data));
    });
  }

  #begin(name: string, callback: unknown): Outstanding {
    const target = { __proto__: null as never };
    return {
      resource: asyncObjects(this.realm).begin(target, name),
      callback,
      began: monotonicNanoseconds(this.realm),
    };
  }

  /** -> whether there are few enough under way */
  ping(payload: Uint8Array | undefined, callback: unknown): boolean {
    const outstanding = this.#begin("HTTP2PING", callback);
    if (this.#pings.length === this.limits.maxPings) {
      this.#finish(outstanding, false);
      return false;
    }
    this.addMemory(SMALL_SIZE);
    this.scope(() => this.connection.submitPing(payload ? exactCopy(payload) : timePayload(outstanding.began)));
    append(this.#pings, outstanding);
    return true;
  }

  /** -> whether there are few enough under way */
  submitSettings(callback: unknown): boolean {
    const outstanding = this.#begin("HTTP2SETTINGS", callback);
    const settings = this.#state.settings.take();
    if (this.#settingsSent.length === this.limits.maxSettings) {
      this.#finish(outstanding, false);
      return false;
    }
    this.#keepCustom(settings);
    const failure = this.scope(() => this.connection.submitSettings(settings));
    if (failure !== 0) {
      this.#finish(outstanding, false);
      return false;
    }
    this.addMemory(SMALL_SIZE);
    append(this.#settingsSent, outstanding);
    return true;
  }

  #keepCustom(settings: readonly Setting[]): void {
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      if (setting[0] < CUSTOM_FROM) continue;
      const kept: Setting[] = [];
      let isKnown = false;
      for (let j = 0; j < this.#localCustom.length; j++) {
        const known = this.#localCustom[j] as Setting;
        isKnown ||= known[0] === setting[0];
        append(kept, known[0] === setting[0] ? setting : known);
      }
      if (!isKnown && kept.length < MAX_CUSTOM) append(kept, setting);
      this.#localCustom = kept;
    }
  }

  /** Says where else the server can be reached (RFC 7838). */
  altsvc(streamId: number, origin: string, value: string): void {
    const payload = new Bytes(2 + origin.length + value.length);
    writeUint16(payload, 0, origin.length);
    latin1Write(payload, origin, 2, origin.length);
    latin1Write(payload, value, 2 + origin.length, value.length);
    this.scope(() => this.connection.submitExtension(FrameType.altsvc, streamId, payload));
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
    this.scope(() => this.connection.submitExtension(FrameType.origin, 0, exactCopy(payload, 0, size)));
  }

  showSettings(ofRemote: boolean): void {
    const { settings } = this.#state;
    if (!ofRemote) {
      settings.show(this.connection.local, this.#localCustom);
      return;
    }
    const custom: Setting[] = [];
    for (let i = 0; i < this.#remoteCustom.length; i++) {
      const { id, value } = this.#remoteCustom[i] as { id: number; value: number | undefined };
      if (value !== undefined) append(custom, [id, value] as const);
    }
    settings.show(this.connection.remote, custom);
  }

  addPendingReset(id: number): void {
    this.#pendingResets.set(id, true);
  }

  hasPendingReset(id: number): boolean {
    return this.#pendingResets.has(id);
  }

  removePendingReset(id: number): void {
    this.#pendingResets.delete(id);
  }
}

/** Room for what both sides share: bits, two counts of listeners, two limits. */
function makeFields(): Uint8Array {
  const fields = new Bytes(FIELDS_SIZE);
  writeUint32LE(fields, MAX_INVALID_FRAMES, DEFAULT_MAX_INVALID_FRAMES);
  writeUint32LE(fields, MAX_REJECTED_STREAMS, DEFAULT_MAX_REJECTED_STREAMS);
  return fields;
}

/** The library writes through a Uint32Array: in the machine's order, which is little-endian everywhere Node 22 runs. */
function writeUint32LE(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (8 * i);
}

function readUint32LE(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = value * 256 + (bytes[at + i] as number);
  return value;
}

/** What a PING without a payload carries: the time. */
function timePayload(nanoseconds: number): Uint8Array {
  const low = nanoseconds % 0x100000000;
  return numbersPayload([(nanoseconds - low) / 0x100000000, low]);
}
