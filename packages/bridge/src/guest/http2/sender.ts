import { part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { latin1Write } from "../lib/latin1.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import {
  CLIENT_MAGIC,
  Flag,
  FrameType,
  HEAD_SIZE,
  MAX_PADDING,
  MAX_PAYLOAD,
  makeFrame,
  numbersPayload,
  writeHead,
} from "./frames.ts";
import type { Field } from "./hpack-table.ts";
import type { HeadersItem, OutboundItem, PromiseItem } from "./outbound.ts";
import { encodeSettings } from "./settings.ts";
import { type DataItem, type Stream, StreamState } from "./stream.ts";

const TYPES = {
  headers: FrameType.headers,
  promise: FrameType.pushPromise,
  reset: FrameType.rstStream,
  settings: FrameType.settings,
  ping: FrameType.ping,
  goaway: FrameType.goaway,
  windowUpdate: FrameType.windowUpdate,
} as const;

const typeOf = (item: OutboundItem): number => (item.kind === "extension" ? item.type : TYPES[item.kind]);

/** Most a block may take in the longest of its encodings (`nghttp2_hd_deflate_bound`). */
function boundOf(fields: readonly Field[]): number {
  let bound = 12 + 12 * fields.length;
  for (let i = 0; i < fields.length; i++) {
    const { name, value } = fields[i] as Field;
    bound += name.length + value.length;
  }
  return bound;
}

/** Takes frames out of a connection, in the order they are to be sent. */
export class Sender {
  readonly #connection: Connection;
  #magic: boolean;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#magic = !connection.isServer;
  }

  /** @returns the next bytes to send, in pieces; nothing when there are none */
  next(): readonly Uint8Array[] | undefined {
    if (this.#magic) {
      this.#magic = false;
      const magic = new Bytes(CLIENT_MAGIC.length);
      latin1Write(magic, CLIENT_MAGIC, 0, magic.length);
      return [magic];
    }
    for (;;) {
      const item = this.#pop();
      if (item) {
        const frame = this.#send(item);
        if (typeof frame === "object") return [frame];
        continue;
      }
      const pieces = this.#sendData();
      if (typeof pieces !== "number") return pieces;
    }
  }

  #pop(): OutboundItem | undefined {
    const { urgent, regular, opening, canOpen } = this.#connection;
    return urgent.shift() ?? regular.shift() ?? (canOpen ? opening.shift() : undefined);
  }

  /** @returns the frame, or a failure when it cannot be sent */
  #send(item: OutboundItem): Uint8Array | number {
    const frame = this.#make(item);
    if (typeof frame === "number") this.#refuse(item, frame);
    else this.#sent(item);
    return frame;
  }

  #make(item: OutboundItem): Uint8Array | number {
    const connection = this.#connection;
    const { streamId } = item;
    switch (item.kind) {
      case "headers":
        return this.#makeHeaders(item);
      case "promise":
        return this.#makePromise(item);
      case "reset":
        if (connection.isClosing) return Failure.sessionClosing;
        if (item.needsStream && !connection.streams.has(streamId)) return Failure.streamClosed;
        return makeFrame(FrameType.rstStream, Flag.none, streamId, numbersPayload([item.code]));
      case "settings":
        if (item.isAck) {
          connection.acks--;
          if (connection.isClosing) return Failure.sessionClosing;
        }
        return makeFrame(FrameType.settings, item.isAck ? Flag.ack : Flag.none, 0, encodeSettings(item.settings));
      case "ping":
        if (item.isAck) connection.acks--;
        if (connection.isTerminating) return Failure.sessionClosing;
        return makeFrame(FrameType.ping, item.isAck ? Flag.ack : Flag.none, 0, item.payload);
      case "goaway":
        connection.localLastId = item.lastId;
        return makeFrame(FrameType.goaway, Flag.none, 0, numbersPayload([item.lastId, item.code], item.data));
      case "windowUpdate": {
        const failure = this.#mayUpdate(streamId);
        return failure || makeFrame(FrameType.windowUpdate, Flag.none, streamId, numbersPayload([item.size]));
      }
      case "extension": {
        const failure = this.#mayExtend(streamId);
        return failure || makeFrame(item.type, Flag.none, streamId, item.payload);
      }
    }
  }

  #mayUpdate(streamId: number): number {
    if (this.#connection.isClosing) return Failure.sessionClosing;
    if (streamId === 0) return 0;
    const stream = this.#connection.streams.get(streamId);
    if (!stream) return Failure.streamClosed;
    if (stream.isClosing) return Failure.streamClosing;
    const isPromise = stream.state === StreamState.reserved && this.#connection.isMine(streamId);
    return isPromise ? Failure.invalidStreamState : 0;
  }

  #mayExtend(streamId: number): number {
    if (this.#connection.isClosing) return Failure.sessionClosing;
    if (streamId === 0) return 0;
    const stream = this.#connection.streams.get(streamId);
    if (!stream) return Failure.streamClosed;
    return stream.isClosing ? Failure.streamClosing : 0;
  }

  /** Whether anything may be sent on a stream. @returns 0, or a failure */
  #maySend(stream: Stream | undefined): number {
    if (!stream) return Failure.streamClosed;
    if (this.#connection.isClosing) return Failure.sessionClosing;
    return stream.isWriteShut ? Failure.shutWrite : 0;
  }

  #makeHeaders(item: HeadersItem): Uint8Array | number {
    const connection = this.#connection;
    const failure = item.opensStream ? this.#open(item) : this.#mayHeaders(connection.streams.get(item.streamId));
    if (failure !== 0) return failure;
    if (boundOf(item.fields) + 5 > connection.options.maxSentBlock) return Failure.frameSize;
    const flags = item.endStream ? Flag.endStream : Flag.none;
    const block = connection.encoder.encode(item.fields);
    if (item.opensStream) connection.lastSentId = item.streamId;
    return this.#makeBlock(FrameType.headers, flags, item.streamId, block);
  }

  /** A request makes its stream when it is sent. */
  #open(item: HeadersItem): number {
    const connection = this.#connection;
    const stream = connection.openStream(item.streamId, StreamState.initial);
    if (item.cancelled !== undefined) return Failure.streamClosing;
    if (connection.goawayReceived || connection.isClosing) return Failure.startNotAllowed;
    const { fields } = item;
    for (let i = 0; i < fields.length; i++) {
      const { name, value } = fields[i] as Field;
      if (name === ":method") stream.message.recordMethod(value);
    }
    return 0;
  }

  #mayHeaders(stream: Stream | undefined): number {
    const connection = this.#connection;
    const failure = this.#maySend(stream);
    if (failure !== 0 || !stream) return failure;
    const mine = connection.isMine(stream.id);
    switch (stream.state) {
      case StreamState.reserved:
        if (!connection.isServer) return Failure.protocol;
        return connection.goawayReceived ? Failure.startNotAllowed : 0;
      case StreamState.opened:
        return 0;
      case StreamState.closing:
        return Failure.streamClosing;
      default:
        return mine || connection.isServer ? 0 : Failure.invalidStreamState;
    }
  }

  #makePromise(item: PromiseItem): Uint8Array | number {
    const connection = this.#connection;
    const stream = connection.streams.get(item.streamId);
    const failure = this.#maySend(stream);
    if (failure !== 0) return failure;
    if (connection.remote.enablePush === 0) return Failure.pushDisabled;
    if (stream?.isClosing) return Failure.streamClosing;
    if (connection.goawayReceived) return Failure.startNotAllowed;
    if (boundOf(item.fields) > connection.options.maxSentBlock) return Failure.frameSize;
    const block = numbersPayload([item.promisedId], connection.encoder.encode(item.fields));
    connection.lastSentId = item.promisedId;
    return this.#makeBlock(FrameType.pushPromise, Flag.none, item.streamId, block);
  }

  /** A block as one frame, padded where the program wants it, or as a frame and its CONTINUATIONs. */
  #makeBlock(type: number, flags: number, streamId: number, block: Uint8Array): Uint8Array {
    const length = typedArrayByteLength(block);
    if (length <= MAX_PAYLOAD) {
      const most = mathMin(MAX_PAYLOAD, length + MAX_PADDING);
      return this.#pad(type, flags | Flag.endHeaders, streamId, block, most);
    }
    const count = (length - (length % MAX_PAYLOAD)) / MAX_PAYLOAD + (length % MAX_PAYLOAD === 0 ? 0 : 1);
    const out = new Bytes(length + count * HEAD_SIZE);
    for (let at = 0, from = 0; from < length; from += MAX_PAYLOAD) {
      const end = mathMin(length, from + MAX_PAYLOAD);
      const isFirst = from === 0;
      const ended = end === length ? Flag.endHeaders : Flag.none;
      const head = {
        length: end - from,
        type: isFirst ? type : FrameType.continuation,
        flags: (isFirst ? flags : Flag.none) | ended,
        streamId,
      };
      writeHead(out, at, head);
      TypedArrayProto.set(out, part(block, from, end), at + HEAD_SIZE);
      at += HEAD_SIZE + end - from;
    }
    return out;
  }

  #pad(type: number, flags: number, streamId: number, payload: Uint8Array, most: number): Uint8Array {
    const length = typedArrayByteLength(payload);
    const padding = length < most ? this.#connection.listener.choosePadding(length, most) - length : 0;
    if (padding === 0) return makeFrame(type, flags, streamId, payload);
    const padded = new Bytes(length + padding);
    padded[0] = padding - 1;
    TypedArrayProto.set(padded, payload, 1);
    return makeFrame(type, flags | Flag.padded, streamId, padded);
  }

  /** A frame that cannot be sent: whoever submitted it hears so, and a stream it was to open is closed. */
  #refuse(item: OutboundItem, failure: number): void {
    const connection = this.#connection;
    const isQuiet = item.kind === "windowUpdate" || (item.kind === "reset" && failure === Failure.streamClosed);
    if (!isQuiet) connection.listener.onFrameNotSent(typeOf(item), item.streamId, failure);
    if (item.kind === "headers" && item.opensStream) {
      connection.closeStream(item.streamId, item.cancelled ?? ErrorCode.refusedStream);
    } else if (item.kind === "promise") {
      connection.closeStream(item.promisedId, ErrorCode.internal);
    }
  }

  /** What a frame changes once it is out. */
  #sent(item: OutboundItem): void {
    const connection = this.#connection;
    connection.listener.onFrameSent(typeOf(item));
    switch (item.kind) {
      case "headers":
        this.#headersSent(item);
        break;
      case "reset":
        connection.closeStream(item.streamId, item.code);
        break;
      case "goaway":
        if (item.isLast) connection.isTerminated = true;
        connection.goawaySent = true;
        connection.closeBeyond(item.lastId, true);
        break;
      case "windowUpdate":
        this.#updateSent(item.streamId);
        break;
    }
  }

  #headersSent(item: HeadersItem): void {
    const connection = this.#connection;
    const stream = connection.streams.get(item.streamId);
    if (!stream) return;
    if (item.opensStream) stream.state = StreamState.opening;
    else if (stream.state === StreamState.reserved) {
      stream.isPromised = false;
      connection.outgoingCount++;
      stream.state = StreamState.opened;
    } else if (!connection.isMine(item.streamId) && stream.state === StreamState.opening) {
      stream.state = StreamState.opened;
    }
    if (item.endStream) stream.isWriteShut = true;
    connection.closeIfShut(stream);
    if (item.source) connection.submitData(item.streamId, item.source);
  }

  #updateSent(streamId: number): void {
    const connection = this.#connection;
    if (streamId === 0) {
      connection.receiving.isUpdateQueued = false;
      connection.consume(0);
      return;
    }
    const stream = connection.streams.get(streamId);
    if (!stream) return;
    stream.receiving.isUpdateQueued = false;
    if (!stream.isReadShut) connection.consumeStream(stream, 0);
  }

  /** @returns a DATA frame, a failure when it cannot be sent, nothing when there is none to send */
  #sendData(): readonly Uint8Array[] | number | undefined {
    const connection = this.#connection;
    const stream = connection.ready[0];
    if (!stream || connection.sendWindow <= 0) return undefined;
    const { data } = stream;
    const failure = data ? this.#mayData(stream) : Failure.streamClosed;
    if (failure !== 0 || !data) {
      connection.detachData(stream);
      return failure;
    }
    const limit = mathMin(stream.sendWindow, connection.sendWindow);
    const most = mathMin(mathMin(limit, connection.remote.maxFrameSize), MAX_PAYLOAD);
    if (most <= 0) {
      data.waitsForWindow = true;
      connection.unqueueData(stream);
      return Failure.deferred;
    }
    return this.#packData(stream, data, most);
  }

  #mayData(stream: Stream): number {
    const failure = this.#maySend(stream);
    if (failure !== 0) return failure;
    if (stream.isClosing) return Failure.streamClosing;
    const mine = this.#connection.isMine(stream.id);
    if (mine) return stream.state === StreamState.reserved ? Failure.invalidStreamState : 0;
    return stream.state === StreamState.opened ? 0 : Failure.invalidStreamState;
  }

  #packData(stream: Stream, data: DataItem, most: number): readonly Uint8Array[] | number {
    const connection = this.#connection;
    const next = data.source.next(most);
    if (!next) {
      if (stream.data === data) {
        data.waitsForProgram = true;
        connection.unqueueData(stream);
      }
      return Failure.deferred;
    }
    const { size, isEnd, keepsOpen } = next;
    if (size === 0 && isEnd && keepsOpen) {
      // Trailers follow, an empty frame says nothing.
      if (stream.data === data) connection.detachData(stream);
      return Failure.cancelled;
    }
    const ends = isEnd && !keepsOpen;
    const bound = mathMin(most, size + MAX_PADDING);
    const length = size < bound ? connection.listener.choosePadding(size, bound) : size;
    const pieces = this.#dataPieces(stream.id, ends ? Flag.endStream : Flag.none, length - size, size, data);
    this.#dataSent(stream, data, length, isEnd, ends);
    return pieces;
  }

  /** A DATA frame: its head, padding around the program's own bytes. */
  #dataPieces(streamId: number, flags: number, padding: number, size: number, data: DataItem): Uint8Array[] {
    const head = new Bytes(HEAD_SIZE);
    const padded = padding > 0 ? Flag.padded : Flag.none;
    writeHead(head, 0, { length: size + padding, type: FrameType.data, flags: flags | padded, streamId });
    const pieces = [head];
    if (padding > 0) {
      const first = new Bytes(1);
      first[0] = padding - 1;
      append(pieces, first);
    }
    if (size > 0) data.source.take(size, pieces);
    if (padding > 1) append(pieces, new Bytes(padding - 1));
    return pieces;
  }

  #dataSent(stream: Stream, data: DataItem, length: number, isEnd: boolean, ends: boolean): void {
    const connection = this.#connection;
    connection.sendWindow -= length;
    stream.sendWindow -= length;
    if (isEnd && stream.data === data) connection.detachData(stream);
    connection.listener.onFrameSent(FrameType.data);
    if (!ends || connection.streams.get(stream.id) !== stream) return;
    stream.isWriteShut = true;
    connection.closeIfShut(stream);
  }
}

/** Pieces put together. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (let i = 0; i < pieces.length; i++) size += typedArrayByteLength(pieces[i] as Uint8Array);
  const joined = new Bytes(size);
  for (let i = 0, at = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Uint8Array;
    TypedArrayProto.set(joined, piece, at);
    at += typedArrayByteLength(piece);
  }
  return joined;
}
