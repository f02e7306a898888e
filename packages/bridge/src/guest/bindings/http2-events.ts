import { ErrorCode, Failure } from "../http2/errors.ts";
import { readOrigins } from "../http2/extension-frames.ts";
import { Flag, type FrameHead, FrameType, readStreamId, readUint16, readUint32 } from "../http2/frames.ts";
import type { Field } from "../http2/hpack-table.ts";
import { codeOf } from "../http2/invalid.ts";
import { Answer, type ConnectionListener, type ReceivedFrame } from "../http2/listener.ts";
import type { Setting } from "../http2/settings.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { latin1Decode } from "../lib/latin1.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { mathMin, mathTrunc, typedArrayByteLength } from "../primordials.ts";
import { FieldBit } from "./http2-fields.ts";
import { Padding } from "./http2-options.ts";
import type { SessionCore } from "./http2-session-core.ts";

/** Hands on what a connection tells to the library's callbacks (the callbacks of `Http2Session`, src/node_http2.cc). */
export class SessionEvents implements ConnectionListener {
  readonly #session: SessionCore;
  #invalidFrames = 0;
  #rejectedStreams = 0;
  /** Name of the error the next failure is. */
  customError: string | undefined;

  constructor(session: SessionCore) {
    this.#session = session;
  }

  onBeginHeaders(frame: ReceivedFrame): Answer {
    const session = this.#session;
    const id = frame.subjectId;
    const known = session.streams.get(id);
    if (known) {
      if (!known.isDestroyed) known.startHeaders(frame.category);
      return Answer.ok;
    }
    if (session.canAddStream) {
      session.addStream(id, frame.category, 0);
      this.#rejectedStreams = 0;
      return Answer.ok;
    }
    if (this.#rejectedStreams++ > session.fields.maxRejectedStreams) return Answer.failed;
    session.connection.submit.reset(id, ErrorCode.enhanceYourCalm, true);
    return Answer.refused;
  }

  onField(frame: ReceivedFrame, field: Field): Answer {
    const stream = this.#session.streams.get(frame.subjectId);
    if (!stream) return Answer.refused;
    if (stream.isDestroyed || stream.addHeader(field)) return Answer.ok;
    stream.submitReset(ErrorCode.enhanceYourCalm);
    return Answer.refused;
  }

  onFrame(frame: ReceivedFrame, settings: readonly Setting[]): Answer {
    this.#session.statistics.framesReceived++;
    switch (frame.type) {
      case FrameType.data:
        return this.#data(frame);
      case FrameType.headers:
      case FrameType.pushPromise:
        this.#headers(frame);
        break;
      case FrameType.settings:
        this.#settings(frame, settings);
        break;
      case FrameType.ping:
        this.#ping(frame);
        break;
      case FrameType.goaway:
        this.#goaway(frame);
        break;
      case FrameType.altsvc:
        this.#altsvc(frame);
        break;
      case FrameType.origin:
        this.#origin(frame);
        break;
    }
    return Answer.ok;
  }

  #data(frame: ReceivedFrame): Answer {
    const stream = this.#session.streams.get(frame.streamId);
    if (stream && !stream.isDestroyed && (frame.flags & Flag.endStream) !== 0) {
      stream.end();
      return Answer.ok;
    }
    return frame.length === 0 ? this.#countInvalid() : Answer.ok;
  }

  #countInvalid(): Answer {
    if (this.#invalidFrames++ <= this.#session.fields.maxInvalidFrames) return Answer.ok;
    this.customError = "ERR_HTTP2_TOO_MANY_INVALID_FRAMES";
    return Answer.failed;
  }

  #headers(frame: ReceivedFrame): void {
    const stream = this.#session.streams.get(frame.subjectId);
    if (!stream || stream.isDestroyed) return;
    const { pairs, sensitive } = stream.headers.take();
    const { target, category } = stream;
    this.#session.tell("headers", [target, frame.subjectId, category, frame.flags, pairs, sensitive]);
  }

  #settings(frame: ReceivedFrame, settings: readonly Setting[]): void {
    const session = this.#session;
    if ((frame.flags & Flag.ack) !== 0) {
      session.settingsAcknowledged();
      return;
    }
    session.fields.clear(FieldBit.remoteSettingsUpToDate);
    session.custom.received(settings);
    if (session.fields.has(FieldBit.remoteSettingsListeners)) session.tell("settings", []);
  }

  #ping(frame: ReceivedFrame): void {
    const session = this.#session;
    const isAck = (frame.flags & Flag.ack) !== 0;
    if (!isAck && !session.fields.has(FieldBit.pingListeners)) return;
    const payload = asNodeBuffer(session.realm, exactCopy(frame.payload));
    if (isAck) session.pingAcknowledged(payload);
    else session.tell("ping", [payload]);
  }

  #goaway({ payload }: ReceivedFrame): void {
    const size = typedArrayByteLength(payload);
    const data = size > 8 ? asNodeBuffer(this.#session.realm, exactCopy(payload, 8, size)) : undefined;
    this.#session.tell("goaway", [readUint32(payload, 4), readStreamId(payload, 0), data]);
  }

  #altsvc({ payload, streamId }: ReceivedFrame): void {
    if (!this.#session.fields.has(FieldBit.altsvcListeners)) return;
    const end = 2 + readUint16(payload, 0);
    const origin = latin1Decode(payload, 2, end);
    this.#session.tell("altsvc", [streamId, origin, latin1Decode(payload, end, typedArrayByteLength(payload))]);
  }

  #origin({ payload }: ReceivedFrame): void {
    const parts = readOrigins(payload) ?? [];
    const origins: string[] = [];
    for (let i = 0; i < parts.length; i++) {
      const bytes = parts[i] as Uint8Array;
      append(origins, latin1Decode(bytes, 0, typedArrayByteLength(bytes)));
    }
    this.#session.tell("origin", [origins]);
  }

  onData(streamId: number, bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    this.#session.connection.flow.consume(size);
    const stream = this.#session.streams.get(streamId);
    for (let at = 0; stream && at < size && !stream.isDestroyed; ) {
      const count = mathMin(size - at, stream.listener.room);
      stream.read(part(bytes, at, at + count));
      at += count;
    }
  }

  onStreamClose(streamId: number, code: number): void {
    const stream = this.#session.streams.get(streamId);
    if (!stream || stream.isDestroyed) return;
    if (this.#session.tellStream(stream, "streamClose", [code]) === false) stream.destroy();
  }

  onFrameSent(type: number): void {
    const { statistics, transport, hasGoneAway } = this.#session;
    statistics.framesSent++;
    if (type !== FrameType.goaway || transport.isClosing || transport.isGraceful || hasGoneAway) return;
    transport.endedItself = true;
  }

  onFrameNotSent(type: number, streamId: number, failure: number): void {
    switch (failure) {
      case Failure.sessionClosing:
      case Failure.streamClosed:
      case Failure.streamClosing:
        this.#session.streams.get(streamId)?.headers.drop();
        if (type !== FrameType.goaway) return;
    }
    this.#session.tell("frameError", [streamId, type, codeOf(failure)]);
  }

  onInvalidFrame(_frame: FrameHead, failure: number): Answer {
    if (this.#countInvalid() === Answer.failed) return Answer.failed;
    switch (failure) {
      case Failure.streamClosed:
      case Failure.flowControl:
      case Failure.protocol:
        this.#session.tell("error", [failure]);
    }
    return Answer.ok;
  }

  onSettingsExpected(): void {
    this.#session.tell("error", [Failure.protocol]);
  }

  choosePadding(length: number, most: number): number {
    switch (this.#session.limits.padding) {
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
    return mathTrunc(this.#session.realm.now() / 1000);
  }
}
