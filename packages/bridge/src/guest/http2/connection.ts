import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { latin1Write } from "../lib/latin1.ts";
import { ArrayProto, mathMin, SafeMap } from "../primordials.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { MAX_PAYLOAD } from "./frames.ts";
import { FieldDecoder } from "./hpack-decoder.ts";
import { FieldEncoder } from "./hpack-encoder.ts";
import type { Field } from "./hpack-table.ts";
import type { ConnectionListener } from "./listener.ts";
import type { HeadersItem, OutboundItem } from "./outbound.ts";
import { Queue } from "./queue.ts";
import { RateLimit } from "./rate-limit.ts";
import { initialSettings, isValidSetting, MAX_WINDOW, type Setting, SettingId, UNLIMITED } from "./settings.ts";
import { type DataSource, Stream, StreamState } from "./stream.ts";
import { ReceiveWindow } from "./windows.ts";

/** Limits of one connection; the defaults are nghttp2's with what Node sets. */
export interface ConnectionOptions {
  readonly isServer: boolean;
  readonly listener: ConnectionListener;
  readonly maxDeflateTable: number;
  readonly maxReservedStreams: number;
  /** Longest block of fields sent, bytes. */
  readonly maxSentBlock: number;
  /** Streams this side opens before the other has said how many it takes. */
  readonly peerMaxStreams: number;
  /** Most entries of one SETTINGS frame. */
  readonly maxSettings: number;
  /** RST_STREAM frames a server takes: at once, and more each second. */
  readonly resetBurst: number;
  readonly resetRate: number;
  /** Blanks around a field's value are let through. */
  readonly isLenient: boolean;
}

const INITIAL_WINDOW = 65535;
const MAX_STREAM_ID = 0x7fffffff;
/** Acknowledgements that may wait to be sent: more is a flood of PING or SETTINGS. */
export const MAX_ACKS = 1000;
/** Odd but harmless frames a connection takes: at once, and more each second. */
const GLITCH_BURST = 10000;
const GLITCH_RATE = 330;

/**
 * One side of an HTTP/2 connection (RFC 9113): its streams, windows and settings, and what waits to be sent. It does no
 * input or output: `Receiver` reads frames into it, `Sender` takes frames out of it. What the protocol leaves open is
 * decided as nghttp2 decides it.
 */
export class Connection {
  readonly options: ConnectionOptions;
  readonly isServer: boolean;
  readonly listener: ConnectionListener;
  readonly local = initialSettings();
  readonly remote = initialSettings();
  readonly encoder: FieldEncoder;
  readonly decoder = new FieldDecoder();
  readonly receiving = new ReceiveWindow(INITIAL_WINDOW);
  readonly glitches = new RateLimit(GLITCH_BURST, GLITCH_RATE);
  readonly resets: RateLimit;
  readonly streams = new SafeMap<number, Stream>();
  sendWindow = INITIAL_WINDOW;
  /** Settings sent and not acknowledged, oldest first. */
  readonly unacknowledged = new Queue<readonly Setting[]>();
  /** What was sent last of settings that are held to before they are acknowledged. */
  pendingMaxStreams = UNLIMITED;
  pendingEnablePush = 1;
  pendingConnectProtocol = 0;
  readonly urgent = new Queue<OutboundItem>();
  readonly regular = new Queue<OutboundItem>();
  /** Blocks that open a stream, and wait while the other side takes no more. */
  readonly opening = new Queue<HeadersItem>();
  /** Streams with data to send, in the order they are served. */
  readonly ready: Stream[] = [];
  /** Acknowledgements among what waits. */
  acks = 0;
  nextId: number;
  lastSentId = 0;
  lastReceivedId = 0;
  /** The last stream of the other side's that was handed on. */
  lastProcessedId = 0;
  localLastId = MAX_STREAM_ID;
  remoteLastId = MAX_STREAM_ID;
  outgoingCount = 0;
  incomingCount = 0;
  promisedCount = 0;
  goawayReceived = false;
  goawaySubmitted = false;
  goawaySent = false;
  /** A GOAWAY after which nothing is sent waits, or is out. */
  isTerminating = false;
  isTerminated = false;
  #order = 0;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.isServer = options.isServer;
    this.listener = options.listener;
    this.nextId = options.isServer ? 2 : 1;
    this.encoder = new FieldEncoder(options.maxDeflateTable);
    this.resets = new RateLimit(options.resetBurst, options.resetRate);
    this.remote.maxConcurrentStreams = options.peerMaxStreams;
  }

  /** Whether a stream with this number is opened by this side. */
  isMine(id: number): boolean {
    return id !== 0 && (id & 1) === (this.isServer ? 0 : 1);
  }

  isNewFromPeer(id: number): boolean {
    return id !== 0 && !this.isMine(id) && this.lastReceivedId < id;
  }

  /** A stream that was never opened. */
  isIdle(id: number): boolean {
    return this.isMine(id) ? this.lastSentId < id : this.isNewFromPeer(id);
  }

  openStream(id: number, state: StreamState): Stream {
    const { initialWindowSize: sendWindow } = this.remote;
    const stream = new Stream(id, this.#order++, state, sendWindow, this.local.initialWindowSize);
    this.streams.set(id, stream);
    const mine = this.isMine(id);
    if (state === StreamState.reserved) {
      if (mine) stream.isReadShut = true;
      else {
        stream.isWriteShut = true;
        this.promisedCount++;
      }
    } else if (mine) this.outgoingCount++;
    else this.incomingCount++;
    return stream;
  }

  closeStream(id: number, code: number): void {
    const stream = this.streams.get(id);
    if (!stream) return;
    this.listener.onStreamClose(id, code);
    // Whoever listens may have come here again.
    if (this.streams.get(id) !== stream) return;
    this.detachData(stream);
    const mine = this.isMine(id);
    if (stream.isPromised) {
      if (!mine) this.promisedCount--;
    } else if (mine) this.outgoingCount--;
    else this.incomingCount--;
    this.streams.delete(id);
  }

  closeIfShut(stream: Stream): void {
    if (stream.isShut) this.closeStream(stream.id, ErrorCode.noError);
  }

  /** Closes the streams a GOAWAY leaves out. */
  closeBeyond(lastId: number, incoming: boolean): void {
    const ids: number[] = [];
    this.streams.forEach((_stream, id) => {
      if (this.isMine(id) !== incoming && id > lastId) append(ids, id);
    });
    for (let i = 0; i < ids.length; i++) this.closeStream(ids[i] as number, ErrorCode.refusedStream);
  }

  get canOpen(): boolean {
    return this.outgoingCount < this.remote.maxConcurrentStreams;
  }

  /** The other side may open no stream any more. */
  get refusesStreams(): boolean {
    return this.isTerminating || this.goawaySent;
  }

  get wantsRead(): boolean {
    if (this.isTerminated) return false;
    return this.streams.size > 0 || !(this.goawaySent || this.goawayReceived);
  }

  get wantsWrite(): boolean {
    if (this.isTerminated) return false;
    return (
      this.urgent.size > 0 ||
      this.regular.size > 0 ||
      (this.ready.length > 0 && this.sendWindow > 0) ||
      (this.opening.size > 0 && this.canOpen)
    );
  }

  get isClosing(): boolean {
    return this.isTerminating || !(this.wantsRead || this.wantsWrite);
  }

  get outboundSize(): number {
    return this.urgent.size + this.regular.size + this.opening.size;
  }

  /** A request, on a stream of its own. @returns its number, or a failure */
  submitRequest(fields: readonly Field[], source: DataSource | undefined): number {
    if (this.isServer) return Failure.protocol;
    if (this.nextId > MAX_STREAM_ID) return Failure.noStreamId;
    const streamId = this.nextId;
    this.nextId += 2;
    this.opening.push({ kind: "headers", streamId, fields, endStream: !source, source, opensStream: true });
    return streamId;
  }

  /** A response, an informational one, trailers. @returns 0, or a failure */
  submitHeaders(streamId: number, fields: readonly Field[], endStream: boolean, source?: DataSource): number {
    const item: HeadersItem = { kind: "headers", streamId, fields, endStream, source, opensStream: false };
    // The response to a promise opens a stream too.
    if (this.streams.get(streamId)?.state === StreamState.reserved) this.opening.push(item);
    else this.regular.push(item);
    return 0;
  }

  /** @returns 0, or a failure */
  submitResponse(streamId: number, fields: readonly Field[], source: DataSource | undefined): number {
    return this.isServer ? this.submitHeaders(streamId, fields, !source, source) : Failure.protocol;
  }

  /** @returns the promised stream's number, or a failure */
  submitPromise(streamId: number, fields: readonly Field[]): number {
    if (this.isMine(streamId)) return Failure.invalidArgument;
    if (!this.isServer) return Failure.protocol;
    if (this.nextId > MAX_STREAM_ID) return Failure.noStreamId;
    const promisedId = this.nextId;
    this.nextId += 2;
    if (!this.streams.has(streamId)) return Failure.streamClosed;
    this.openStream(promisedId, StreamState.reserved);
    this.regular.push({ kind: "promise", streamId, promisedId, fields });
    return promisedId;
  }

  /** @returns 0, or a failure */
  submitData(streamId: number, source: DataSource): number {
    const stream = this.streams.get(streamId);
    if (!stream) return Failure.streamClosed;
    if (stream.data) return Failure.dataExists;
    stream.data = { source, waitsForProgram: false, waitsForWindow: false };
    this.#queueData(stream);
    return 0;
  }

  /** A stream that had nothing to send has. */
  resumeData(streamId: number): void {
    const stream = this.streams.get(streamId);
    if (!stream?.data) return;
    stream.data.waitsForProgram = false;
    this.#queueData(stream);
  }

  /** The other side's window is open again. */
  resumeWindow(stream: Stream): void {
    if (!stream.data?.waitsForWindow || stream.sendWindow <= 0) return;
    stream.data.waitsForWindow = false;
    this.#queueData(stream);
  }

  #queueData(stream: Stream): void {
    const { data } = stream;
    if (!data || data.waitsForProgram || data.waitsForWindow || stream.isQueued) return;
    stream.isQueued = true;
    const { ready } = this;
    append(ready, stream);
    for (let i = ready.length - 1; i > 0 && (ready[i - 1] as Stream).order > stream.order; i--) {
      ready[i] = ready[i - 1] as Stream;
      ready[i - 1] = stream;
    }
  }

  unqueueData(stream: Stream): void {
    if (!stream.isQueued) return;
    stream.isQueued = false;
    ArrayProto.splice(this.ready, ArrayProto.indexOf(this.ready, stream), 1);
  }

  detachData(stream: Stream): void {
    this.unqueueData(stream);
    stream.data = undefined;
  }

  /** @param needsStream nothing is sent about a stream that is gone */
  submitReset(streamId: number, code: number, needsStream: boolean): void {
    const stream = this.streams.get(streamId);
    if (stream?.isClosing) return;
    if (this.isMine(streamId) ? streamId >= this.nextId : this.lastReceivedId < streamId) return;
    if (this.#cancelOpening(streamId, code)) return;
    if (needsStream && !stream) return;
    if (stream) stream.state = StreamState.closing;
    this.regular.push({ kind: "reset", streamId, code, needsStream });
  }

  /** A request that was not sent yet will not be. */
  #cancelOpening(streamId: number, code: number): boolean {
    if (this.isServer || !this.isMine(streamId)) return false;
    const item = this.opening.find((waiting) => waiting.streamId === streamId);
    if (!item || item.cancelled !== undefined) return false;
    item.cancelled = code;
    return true;
  }

  /** @returns 0, or a failure */
  submitSettings(settings: readonly Setting[]): number {
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      if (!isValidSetting(setting)) return Failure.invalidArgument;
      if (setting[0] === SettingId.maxConcurrentStreams) this.pendingMaxStreams = setting[1];
      else if (setting[0] === SettingId.enablePush) this.pendingEnablePush = setting[1];
      else if (setting[0] === SettingId.enableConnectProtocol) this.pendingConnectProtocol = setting[1];
    }
    this.urgent.push({ kind: "settings", streamId: 0, isAck: false, settings });
    this.unacknowledged.push(settings);
    return 0;
  }

  /** @returns whether there are few enough acknowledgements waiting */
  acknowledgeSettings(): boolean {
    if (this.acks >= MAX_ACKS) return false;
    this.acks++;
    this.urgent.push({ kind: "settings", streamId: 0, isAck: true, settings: [] });
    return true;
  }

  submitPing(payload: Uint8Array): void {
    this.urgent.push({ kind: "ping", streamId: 0, isAck: false, payload });
  }

  /** @returns whether there are few enough acknowledgements waiting */
  acknowledgePing(payload: Uint8Array): boolean {
    if (this.acks >= MAX_ACKS) return false;
    this.acks++;
    this.urgent.push({ kind: "ping", streamId: 0, isAck: true, payload });
    return true;
  }

  submitGoaway(lastId: number, code: number, data: Uint8Array): void {
    if (!this.isTerminating) this.addGoaway(lastId, code, data, false);
  }

  addGoaway(lastId: number, code: number, data: Uint8Array, isLast: boolean): void {
    if (this.isMine(lastId) || data.length + 8 > MAX_PAYLOAD) return;
    const least = mathMin(lastId, this.localLastId);
    this.regular.push({ kind: "goaway", streamId: 0, lastId: least, code, data, isLast });
    this.goawaySubmitted = true;
  }

  /** Ends the connection with a GOAWAY; nothing that comes is read any more. @param reason for whoever debugs it */
  terminate(code: number, reason = ""): void {
    if (this.isTerminating) return;
    const data = new Bytes(reason.length);
    latin1Write(data, reason, 0, reason.length);
    this.addGoaway(this.lastProcessedId, code, data, true);
    this.isTerminating = true;
  }

  /** Notes an odd frame; too many end the connection. */
  countGlitch(): void {
    if (this.isTerminating || this.glitches.take(this.listener.seconds())) return;
    this.terminate(ErrorCode.enhanceYourCalm);
  }

  addWindowUpdate(streamId: number, size: number): void {
    const window = streamId === 0 ? this.receiving : this.streams.get(streamId)?.receiving;
    if (window) window.isUpdateQueued = true;
    this.regular.push({ kind: "windowUpdate", streamId, size });
  }

  /** The program has taken bytes of the connection. */
  consume(count: number): void {
    this.#consume(this.receiving, 0, count);
  }

  /** The program has taken bytes of a stream; the connection's are consumed apart. */
  consumeStream(stream: Stream | undefined, count: number): void {
    if (stream) this.#consume(stream.receiving, stream.id, count);
  }

  #consume(window: ReceiveWindow, streamId: number, count: number): void {
    const due = window.consume(count);
    if (due < 0) this.terminate(ErrorCode.flowControl);
    else if (due > 0) this.addWindowUpdate(streamId, due);
  }

  /** Sets how much the other side may have on its way on all streams together. @returns 0, or a failure */
  setWindow(size: number): number {
    if (size < 0) return Failure.invalidArgument;
    const due = this.receiving.resize(mathMin(size, MAX_WINDOW));
    if (due < 0) return Failure.flowControl;
    if (due > 0) this.addWindowUpdate(0, due);
    return 0;
  }

  /** @returns whether the next stream may have this number */
  setNextId(id: number): boolean {
    if (id <= 0 || id < this.nextId || (id & 1) === (this.isServer ? 1 : 0)) return false;
    this.nextId = id;
    return true;
  }

  submitExtension(type: number, streamId: number, payload: Uint8Array): void {
    this.regular.push({ kind: "extension", type, streamId, payload });
  }
}
