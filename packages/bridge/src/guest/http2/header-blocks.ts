import { part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { Flag, type FrameHead, FrameType, PRIORITY_SIZE, readStreamId } from "./frames.ts";
import type { Field } from "./hpack-table.ts";
import { refuseConnection, refuseStream } from "./invalid.ts";
import { Answer, Category, FatalFailure, type ReceivedFrame } from "./listener.ts";
import { type FieldContext, Verdict } from "./message.ts";
import { type Stream, StreamState } from "./stream.ts";

/** A block of fields that is being read. */
export interface BlockState {
  readonly frame: ReceivedFrame;
  /** It is decoded, because the tables depend on it, and nobody hears of it. */
  isIgnored: boolean;
}

const EMPTY = new Bytes(0);

/** Reads HEADERS and PUSH_PROMISE with their CONTINUATIONs (RFC 9113 section 8.1). */
export class HeaderBlocks {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns the block and its first part; nothing where the connection ends */
  begin(head: FrameHead, payload: Uint8Array): { block: BlockState; fragment: Uint8Array } | undefined {
    const connection = this.#connection;
    const isPromise = head.type === FrameType.pushPromise;
    const isPadded = (head.flags & Flag.padded) !== 0;
    const prefix = isPromise ? 4 : (head.flags & Flag.priority) !== 0 ? PRIORITY_SIZE : 0;
    const start = isPadded ? 1 : 0;
    const end = typedArrayByteLength(payload) - (isPadded ? (payload[0] as number) : 0);
    if (end < start + prefix) {
      connection.terminate(ErrorCode.protocol, `${isPromise ? "PUSH_PROMISE" : "HEADERS"}: invalid padding`);
      return undefined;
    }
    const { length, type, flags, streamId } = head;
    const subjectId = isPromise ? readStreamId(payload, start) : streamId;
    const frame: ReceivedFrame = {
      length,
      type,
      flags,
      streamId,
      subjectId,
      category: Category.request,
      payload: EMPTY,
    };
    const dependency = !isPromise && prefix > 0 ? readStreamId(payload, start) : 0;
    const answer = isPromise ? this.#beginPromise(frame) : this.#beginHeaders(frame, dependency);
    if (connection.isTerminating) return undefined;
    if (answer === "ignore" && !isPromise) connection.countGlitch();
    if (connection.isTerminating) return undefined;
    const block = { frame, isIgnored: answer === "ignore" || !this.#offer(frame, answer) };
    return { block, fragment: part(payload, start + prefix, end) };
  }

  /** Asks the listener whether it wants the block. */
  #offer(frame: ReceivedFrame, answer: Answer): boolean {
    if (answer === Answer.failed) throw new FatalFailure(Failure.callback);
    if (answer === Answer.ok) return true;
    refuseStream(this.#connection, frame.subjectId, undefined, Failure.internal);
    return false;
  }

  #beginHeaders(frame: ReceivedFrame, dependency: number): Answer | "ignore" {
    const stream = this.#connection.streams.get(frame.streamId);
    if (!stream) return this.#beginRequest(frame, dependency);
    if (stream.state === StreamState.reserved) {
      frame.category = Category.pushResponse;
      return this.#beginPushed(frame, stream);
    }
    const mine = this.#connection.streams.isMine(frame.streamId);
    frame.category = stream.state === StreamState.opening && mine ? Category.response : Category.headers;
    if (stream.isReadShut) return this.#refuse(frame, Failure.streamClosed, "HEADERS: stream closed");
    if (frame.category === Category.response) stream.state = StreamState.opened;
    else if (mine ? stream.state !== StreamState.opened : stream.isClosing) return "ignore";
    return this.#connection.listener.onBeginHeaders(frame);
  }

  #refuse(frame: ReceivedFrame, failure: number, reason: string): "ignore" {
    refuseConnection(this.#connection, frame, failure, reason);
    return "ignore";
  }

  #beginRequest(frame: ReceivedFrame, dependency: number): Answer | "ignore" {
    const connection = this.#connection;
    const { streamId } = frame;
    if (streamId === 0) return this.#refuse(frame, Failure.protocol, "request HEADERS: stream_id == 0");
    if (!connection.isServer) {
      if (!connection.streams.isIdle(streamId)) return "ignore";
      return this.#refuse(frame, Failure.protocol, "request HEADERS: client received request");
    }
    if (!connection.streams.isNewFromPeer(streamId)) {
      if (!connection.streams.isMine(streamId)) return "ignore";
      return this.#refuse(frame, Failure.protocol, "request HEADERS: invalid stream_id");
    }
    connection.streams.lastReceivedId = streamId;
    if (connection.streams.incoming >= connection.settings.local.maxConcurrentStreams) {
      return this.#refuse(frame, Failure.protocol, "request HEADERS: max concurrent streams exceeded");
    }
    if (connection.refusesStreams) return "ignore";
    if (dependency === streamId) return this.#refuse(frame, Failure.protocol, "request HEADERS: depend on itself");
    if (connection.streams.incoming >= connection.settings.maxStreams) {
      refuseStream(connection, streamId, frame, Failure.refusedStream);
      return "ignore";
    }
    connection.openStream(streamId, StreamState.opening);
    connection.streams.lastProcessedId = streamId;
    return connection.listener.onBeginHeaders(frame);
  }

  #beginPushed(frame: ReceivedFrame, stream: Stream): Answer | "ignore" {
    const connection = this.#connection;
    if (connection.isServer) {
      const reason = "HEADERS: no HEADERS allowed from client in reserved state";
      return this.#refuse(frame, Failure.protocol, reason);
    }
    if (connection.streams.incoming >= connection.settings.local.maxConcurrentStreams) {
      return this.#refuse(frame, Failure.protocol, "push response HEADERS: max concurrent streams exceeded");
    }
    if (connection.refusesStreams) return "ignore";
    if (connection.streams.incoming >= connection.settings.maxStreams) {
      refuseStream(connection, frame.streamId, frame, Failure.refusedStream);
      return "ignore";
    }
    stream.state = StreamState.opened;
    connection.streams.keepPromise(stream);
    return connection.listener.onBeginHeaders(frame);
  }

  #beginPromise(frame: ReceivedFrame): Answer | "ignore" {
    const connection = this.#connection;
    const { streamId, subjectId } = frame;
    if (streamId === 0) return this.#refuse(frame, Failure.protocol, "PUSH_PROMISE: stream_id == 0");
    if (connection.isServer || connection.settings.local.enablePush === 0) {
      return this.#refuse(frame, Failure.protocol, "PUSH_PROMISE: push disabled");
    }
    if (!connection.streams.isMine(streamId))
      return this.#refuse(frame, Failure.protocol, "PUSH_PROMISE: invalid stream_id");
    if (connection.refusesStreams) return "ignore";
    if (!connection.streams.isNewFromPeer(subjectId)) {
      return this.#refuse(frame, Failure.protocol, "PUSH_PROMISE: invalid promised_stream_id");
    }
    if (connection.streams.isIdle(streamId))
      return this.#refuse(frame, Failure.protocol, "PUSH_PROMISE: stream in idle");
    connection.streams.lastReceivedId = subjectId;
    const stream = connection.streams.get(streamId);
    const isUnwanted =
      !stream ||
      stream.isClosing ||
      !connection.settings.takesPromises ||
      connection.streams.promised >= connection.options.maxReservedStreams;
    if (isUnwanted) {
      connection.submit.reset(subjectId, ErrorCode.cancel, false);
      return "ignore";
    }
    if (stream.isReadShut) return this.#refuse(frame, Failure.streamClosed, "PUSH_PROMISE: stream closed");
    connection.openStream(subjectId, StreamState.reserved);
    connection.streams.lastProcessedId = subjectId;
    return connection.listener.onBeginHeaders(frame);
  }

  /** Reads the next part of a block. */
  take(block: BlockState, fragment: Uint8Array, isFinal: boolean): void {
    const connection = this.#connection;
    const { frame } = block;
    const isWhole = connection.decoder.decode(fragment, isFinal, (field) => {
      if (!block.isIgnored && !connection.isTerminating) this.#takeField(block, field);
    });
    if (connection.isTerminating) return;
    if (!isWhole) {
      const stream = connection.streams.get(frame.subjectId);
      if (!block.isIgnored && stream) connection.submit.reset(stream.id, ErrorCode.compression, false);
      connection.terminate(ErrorCode.compression);
      return;
    }
    if (isFinal && !block.isIgnored) this.#end(frame);
  }

  #contextOf(frame: ReceivedFrame, stream: Stream): FieldContext {
    const { isServer, options, settings } = this.#connection;
    const isPromise = frame.type === FrameType.pushPromise;
    const isLater = !isPromise && frame.category === Category.headers;
    return {
      isRequest: isServer || isPromise,
      isTrailer: isLater && (isServer || !stream.message.expectsFinal),
      isPushed: stream.id % 2 === 0,
      allowsProtocol: isServer && settings.takesConnectProtocol,
      isLenient: options.isLenient,
    };
  }

  #takeField(block: BlockState, field: Field): void {
    const connection = this.#connection;
    const { frame } = block;
    const stream = connection.streams.get(frame.subjectId);
    if (!stream) return;
    const verdict = stream.message.field(field, this.#contextOf(frame, stream));
    if (verdict === Verdict.ignored) return;
    let answer: Answer = Answer.ok;
    if (verdict === Verdict.taken) answer = connection.listener.onField(frame, field);
    else {
      refuseStream(connection, stream.id, frame, Failure.httpHeader);
      connection.countGlitch();
      block.isIgnored = true;
    }
    if (answer === Answer.failed) throw new FatalFailure(Failure.callback);
    if (answer !== Answer.refused) return;
    block.isIgnored = true;
    refuseStream(connection, frame.subjectId, undefined, Failure.internal);
  }

  /** The block is whole. */
  #end(frame: ReceivedFrame): void {
    const connection = this.#connection;
    const stream = connection.streams.get(frame.streamId);
    if (!stream || stream.isClosing) return;
    const endsStream = frame.type === FrameType.headers && (frame.flags & Flag.endStream) !== 0;
    if (!this.#isWellFormed(frame, stream, endsStream)) {
      refuseStream(connection, frame.subjectId, frame, Failure.httpMessaging);
      connection.countGlitch();
      if (endsStream) stream.isReadShut = true;
      return;
    }
    if (connection.listener.onFrame(frame, []) === Answer.failed) throw new FatalFailure(Failure.callback);
    if (!endsStream) return;
    stream.isReadShut = true;
    if (connection.streams.get(stream.id) === stream) connection.closeIfShut(stream);
  }

  #isWellFormed(frame: ReceivedFrame, stream: Stream, endsStream: boolean): boolean {
    const { message } = stream;
    if (frame.type === FrameType.pushPromise) {
      return this.#connection.streams.get(frame.subjectId)?.message.endRequest(true) ?? true;
    }
    let isWell: boolean;
    if (frame.category === Category.request) isWell = message.endRequest(false);
    else if (frame.category === Category.headers && !message.expectsFinal) isWell = endsStream;
    else isWell = message.endResponse();
    return isWell && (!endsStream || message.end());
  }
}
