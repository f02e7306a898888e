import { exactCopy } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { takeAltsvc, takeOrigin } from "./extension-frames.ts";
import { Flag, type FrameHead, FrameType, readStreamId, readUint32 } from "./frames.ts";
import { refuseConnection } from "./invalid.ts";
import { Answer, Category, FatalFailure, type ReceivedFrame } from "./listener.ts";
import type { PingItem, SettingsItem } from "./outbound.ts";
import { decodeSettings, MAX_WINDOW, type Setting } from "./settings.ts";
import { type Stream, StreamState } from "./stream.ts";

/** Most a window may be raised by. */
const INCREMENT = 0x7fffffff;

/** Handles the frames that carry neither fields nor data (RFC 9113 section 6). */
export class FrameHandler {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  take(head: FrameHead, payload: Uint8Array): Answer {
    const { length, type, flags, streamId } = head;
    const frame: ReceivedFrame = {
      length,
      type,
      flags,
      streamId,
      subjectId: streamId,
      category: Category.headers,
      payload,
    };
    switch (type) {
      case FrameType.rstStream:
        return this.#reset(frame);
      case FrameType.settings:
        return this.#settings(frame);
      case FrameType.ping:
        return this.#ping(frame);
      case FrameType.goaway:
        return this.#goaway(frame);
      case FrameType.windowUpdate:
        return this.#windowUpdate(frame);
      case FrameType.altsvc:
        return takeAltsvc(this.#connection, frame);
      case FrameType.origin:
        return takeOrigin(this.#connection, frame);
      default:
        // PRIORITY: streams are served in their order (RFC 9113 section 5.3.2).
        return Answer.ok;
    }
  }

  #tell(frame: ReceivedFrame, settings: readonly Setting[] = []): Answer {
    return this.#connection.listener.onFrame(frame, settings);
  }

  #refuse(frame: ReceivedFrame, failure: number, reason?: string): Answer {
    refuseConnection(this.#connection, frame, failure, reason);
    return Answer.ok;
  }

  #reset(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    const { streamId } = frame;
    if (streamId === 0) return this.#refuse(frame, Failure.protocol, "RST_STREAM: stream_id == 0");
    if (connection.streams.isIdle(streamId)) return this.#refuse(frame, Failure.protocol, "RST_STREAM: stream in idle");
    const stream = connection.streams.get(streamId);
    if (stream) stream.isReadShut = true;
    const answer = this.#tell(frame);
    if (answer !== Answer.ok) return answer;
    connection.closeStream(streamId, readUint32(frame.payload, 0));
    const isCounted = connection.isServer && !connection.goawaySubmitted;
    if (isCounted && !connection.resets.take(connection.listener.seconds())) {
      connection.goaway(connection.streams.lastReceivedId, ErrorCode.internal, new Bytes(0));
    }
    return Answer.ok;
  }

  /** Looks at SETTINGS before its payload is there. */
  beginSettings({ length, flags }: FrameHead): void {
    const connection = this.#connection;
    if ((flags & Flag.ack) !== 0) return;
    if (connection.outbox.isFlooded) throw new FatalFailure(Failure.flooded);
    if (length / 6 > connection.options.maxSettings) {
      connection.terminate(ErrorCode.enhanceYourCalm, "SETTINGS: too many setting entries");
    }
  }

  #settings(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "SETTINGS: stream_id != 0");
    if ((frame.flags & Flag.ack) !== 0) {
      const problem = connection.settings.acknowledged();
      return problem ? this.#refuse(frame, problem.failure, problem.reason) : this.#tell(frame);
    }
    const settings = decodeSettings(frame.payload);
    const problem = connection.settings.receive(settings);
    if (problem) return this.#refuse(frame, problem.failure, problem.reason);
    this.#acknowledge({ kind: "settings", streamId: 0, isAck: true, settings: [] });
    return this.#tell(frame, settings);
  }

  #acknowledge(item: SettingsItem | PingItem): void {
    const connection = this.#connection;
    if (!connection.isClosing && !connection.outbox.acknowledge(item)) throw new FatalFailure(Failure.flooded);
  }

  #ping(frame: ReceivedFrame): Answer {
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "PING: stream_id != 0");
    if ((frame.flags & Flag.ack) === 0) {
      this.#acknowledge({ kind: "ping", streamId: 0, isAck: true, payload: exactCopy(frame.payload) });
    }
    return this.#tell(frame);
  }

  #goaway(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "GOAWAY: stream_id != 0");
    const lastId = readStreamId(frame.payload, 0);
    if ((lastId > 0 && !connection.streams.isMine(lastId)) || lastId > connection.remoteLastId) {
      return this.#refuse(frame, Failure.protocol, "GOAWAY: invalid last_stream_id");
    }
    connection.goawayReceived = true;
    connection.remoteLastId = lastId;
    const answer = this.#tell(frame);
    if (answer !== Answer.ok) return answer;
    connection.closeBeyond(lastId, false);
    return Answer.ok;
  }

  #windowUpdate(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    const { streamId } = frame;
    const increment = readUint32(frame.payload, 0) & INCREMENT;
    if (streamId !== 0) return this.#streamWindowUpdate(frame, increment);
    if (increment === 0) {
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPDATE: window_size_increment == 0");
    }
    if (MAX_WINDOW - increment < connection.flow.sendWindow) return this.#refuse(frame, Failure.flowControl);
    connection.flow.sendWindow += increment;
    return this.#tell(frame);
  }

  #streamWindowUpdate(frame: ReceivedFrame, increment: number): Answer {
    const connection = this.#connection;
    const { streamId } = frame;
    if (connection.streams.isIdle(streamId))
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPDATE to idle stream");
    const stream: Stream | undefined = connection.streams.get(streamId);
    if (!stream) return Answer.ok;
    if (stream.state === StreamState.reserved && !connection.streams.isMine(streamId)) {
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPADATE to reserved stream");
    }
    if (increment === 0) {
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPDATE: window_size_increment == 0");
    }
    if (MAX_WINDOW - increment < stream.sendWindow) {
      return this.#refuse(frame, Failure.flowControl, "WINDOW_UPDATE: window size overflow");
    }
    stream.sendWindow += increment;
    connection.sending.resumeWindow(stream);
    return this.#tell(frame);
  }
}
