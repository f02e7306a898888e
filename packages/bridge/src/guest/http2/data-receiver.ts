import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { mathMax, mathMin, typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { Flag, type FrameHead } from "./frames.ts";
import { refuseStream } from "./invalid.ts";
import { Answer, Category, FatalFailure } from "./listener.ts";
import { type Stream, StreamState } from "./stream.ts";

const EMPTY = new Bytes(0);

/** Reads DATA frames (RFC 9113 section 6.1), piece by piece. */
export class DataReceiver {
  readonly #connection: Connection;
  #head: FrameHead = { length: 0, type: 0, flags: 0, streamId: 0 };
  /** Nobody is told of the payload; it counts for the connection's window. */
  #isIgnored = false;
  /** The byte that says how much padding comes is still to come. */
  #needsPadding = false;
  /** Padding at the frame's end, bytes. */
  #padding = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns whether the payload is to be read */
  begin(head: FrameHead): boolean {
    const connection = this.#connection;
    this.#head = head;
    this.#padding = 0;
    this.#needsPadding = (head.flags & Flag.padded) !== 0;
    this.#isIgnored = !this.#isWanted(head.streamId);
    if (connection.isTerminating) return false;
    if (this.#isIgnored) {
      this.#needsPadding = false;
      return true;
    }
    if (this.#needsPadding && head.length < 1) {
      connection.terminate(ErrorCode.protocol, "DATA: insufficient padding space");
      return false;
    }
    this.#countEmpty(this.#needsPadding ? 1 : head.length);
    return !connection.isTerminating;
  }

  /** A frame without data that ends nothing is odd. */
  #countEmpty(left: number): void {
    if (left === 0 && (this.#head.flags & Flag.endStream) === 0) this.#connection.countGlitch();
  }

  #isWanted(streamId: number): boolean {
    const connection = this.#connection;
    const fail = (code: number, reason: string): false => {
      connection.terminate(code, reason);
      return false;
    };
    if (streamId === 0) return fail(ErrorCode.protocol, "DATA: stream_id == 0");
    if (connection.streams.isIdle(streamId)) return fail(ErrorCode.protocol, "DATA: stream in idle");
    const stream = connection.streams.get(streamId);
    if (!stream) return false;
    if (stream.isReadShut) return fail(ErrorCode.streamClosed, "DATA: stream in half-closed(remote)");
    if (stream.isClosing) return false;
    if (connection.streams.isMine(streamId)) {
      return stream.state === StreamState.opened || fail(ErrorCode.protocol, "DATA: stream not opened");
    }
    return stream.state !== StreamState.reserved || fail(ErrorCode.protocol, "DATA: stream in reserved");
  }

  /** @param left bytes of the frame that come after these */
  receive(bytes: Uint8Array, left: number): void {
    const connection = this.#connection;
    const size = typedArrayByteLength(bytes);
    let at = 0;
    if (this.#needsPadding && size > 0) {
      this.#needsPadding = false;
      at = 1;
      this.#readPadding(bytes[0] as number, size - 1 + left);
      if (connection.isTerminating) return;
    }
    const stream = this.#isIgnored ? undefined : connection.streams.get(this.#head.streamId);
    // It may have been closed meanwhile.
    if (!stream) this.#isIgnored = true;
    if (size > at) this.#count(size - at, stream);
    if (connection.isTerminating) return;
    if (stream) this.#handOn(stream, part(bytes, at, size), left);
    if (left === 0 && !this.#isIgnored && !connection.isTerminating) this.#end();
  }

  #readPadding(padding: number, left: number): void {
    const connection = this.#connection;
    const stream = connection.streams.get(this.#head.streamId);
    this.#count(1, stream);
    if (connection.isTerminating) return;
    connection.flow.consume(1);
    connection.flow.consumeStream(stream, 1);
    if (padding > left) {
      connection.terminate(ErrorCode.protocol, "DATA: invalid padding");
      return;
    }
    this.#padding = padding;
    this.#countEmpty(left);
  }

  /** Counts bytes for the windows. What nobody wants is taken at once. */
  #count(count: number, stream: Stream | undefined): void {
    const connection = this.#connection;
    const fits = connection.flow.receiving.receive(count) && (!stream || stream.receiving.receive(count));
    if (!fits) connection.terminate(ErrorCode.flowControl);
    else if (this.#isIgnored) connection.flow.consume(count);
  }

  #handOn(stream: Stream, bytes: Uint8Array, left: number): void {
    const connection = this.#connection;
    const size = typedArrayByteLength(bytes);
    const padded = mathMin(size, mathMax(0, this.#padding - left));
    const wanted = size - padded;
    if (padded > 0) {
      connection.flow.consume(padded);
      connection.flow.consumeStream(stream, padded);
    }
    if (wanted === 0 || connection.isTerminating) return;
    if (stream.message.data(wanted)) {
      connection.listener.onData(stream.id, part(bytes, 0, wanted));
      return;
    }
    connection.flow.consume(wanted);
    refuseStream(connection, stream.id, this.#head, Failure.protocol);
    connection.countGlitch();
    this.#isIgnored = true;
  }

  #end(): void {
    const connection = this.#connection;
    const { length, type, flags, streamId } = this.#head;
    const stream = connection.streams.get(streamId);
    if (!stream || stream.isClosing) return;
    const frame = { length, type, flags, streamId, subjectId: streamId, category: Category.headers, payload: EMPTY };
    const endsStream = (flags & Flag.endStream) !== 0;
    if (endsStream && !stream.message.end()) {
      refuseStream(connection, streamId, frame, Failure.httpMessaging);
      connection.countGlitch();
      stream.isReadShut = true;
      return;
    }
    if (connection.listener.onFrame(frame, []) === Answer.failed) throw new FatalFailure(Failure.callback);
    if (!endsStream || connection.streams.get(streamId) !== stream) return;
    stream.isReadShut = true;
    connection.closeIfShut(stream);
  }
}
