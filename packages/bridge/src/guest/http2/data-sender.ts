import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMin } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { Failure } from "./errors.ts";
import { Flag, FrameType, HEAD_SIZE, MAX_PADDING, MAX_PAYLOAD, writeHead } from "./frames.ts";
import { maySendData } from "./send-rules.ts";
import type { DataItem, Stream } from "./stream.ts";

/** Makes DATA frames of what streams have to send, as far as the windows go (RFC 9113 section 6.1). */
export class DataSender {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns a frame in pieces, a failure when it cannot be sent, nothing when there is none to send */
  next(): readonly Uint8Array[] | number | undefined {
    const { sending, flow, settings } = this.#connection;
    const stream = sending.first;
    if (!stream || flow.sendWindow <= 0) return undefined;
    const { data } = stream;
    const failure = data ? maySendData(this.#connection, stream) : Failure.streamClosed;
    if (failure !== 0 || !data) {
      sending.detach(stream);
      return failure;
    }
    const limit = mathMin(stream.sendWindow, flow.sendWindow);
    const most = mathMin(mathMin(limit, settings.remote.maxFrameSize), MAX_PAYLOAD);
    if (most > 0) return this.#pack(stream, data, most);
    sending.waitForWindow(stream);
    return Failure.deferred;
  }

  #pack(stream: Stream, data: DataItem, most: number): readonly Uint8Array[] | number {
    const { sending, listener } = this.#connection;
    const next = data.source.next(most);
    if (!next) {
      if (stream.data === data) sending.waitForProgram(stream);
      return Failure.deferred;
    }
    const { size, isEnd, keepsOpen } = next;
    if (size === 0 && isEnd && keepsOpen) {
      // Trailers follow, an empty frame says nothing.
      if (stream.data === data) sending.detach(stream);
      return Failure.cancelled;
    }
    const ends = isEnd && !keepsOpen;
    const bound = mathMin(most, size + MAX_PADDING);
    const length = size < bound ? listener.choosePadding(size, bound) : size;
    const pieces = piecesOf(stream.id, ends ? Flag.endStream : Flag.none, length - size, size, data);
    this.#sent(stream, data, length, isEnd, ends);
    return pieces;
  }

  #sent(stream: Stream, data: DataItem, length: number, isEnd: boolean, ends: boolean): void {
    const connection = this.#connection;
    connection.flow.sendWindow -= length;
    stream.sendWindow -= length;
    if (isEnd && stream.data === data) connection.sending.detach(stream);
    connection.listener.onFrameSent(FrameType.data);
    if (!ends || connection.streams.get(stream.id) !== stream) return;
    stream.isWriteShut = true;
    connection.closeIfShut(stream);
  }
}

/** A DATA frame: its head, padding around the program's own bytes. */
function piecesOf(streamId: number, flags: number, padding: number, size: number, data: DataItem): Uint8Array[] {
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
