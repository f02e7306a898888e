import { part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { MAX_ACKS } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { Flag, type FrameHead, FrameType, readStreamId, readUint16, readUint32 } from "./frames.ts";
import { refuseConnection } from "./invalid.ts";
import { Answer, Category, FatalFailure, type ReceivedFrame } from "./listener.ts";
import {
  decodeSettings,
  MAX_FRAME_SIZE,
  MAX_WINDOW,
  MIN_FRAME_SIZE,
  type Setting,
  SettingId,
  UNLIMITED,
} from "./settings.ts";
import { type Stream, StreamState } from "./stream.ts";

/** Most a window may be raised by. */
const INCREMENT = 0x7fffffff;

/** Handles the frames that carry neither fields nor data (RFC 9113 section 6). */
export class FrameHandler {
  readonly #connection: Connection;
  #hasSettings = false;
  #priorities: number | undefined;

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
        return this.#altsvc(frame);
      case FrameType.origin:
        return this.#origin(frame);
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
    if (connection.isIdle(streamId)) return this.#refuse(frame, Failure.protocol, "RST_STREAM: stream in idle");
    const stream = connection.streams.get(streamId);
    if (stream) stream.isReadShut = true;
    const answer = this.#tell(frame);
    if (answer !== Answer.ok) return answer;
    connection.closeStream(streamId, readUint32(frame.payload, 0));
    const isCounted = connection.isServer && !connection.goawaySubmitted;
    if (isCounted && !connection.resets.take(connection.listener.seconds())) {
      connection.addGoaway(connection.lastReceivedId, ErrorCode.internal, new Bytes(0), false);
    }
    return Answer.ok;
  }

  /** Looks at SETTINGS before its payload is there. */
  beginSettings({ length, flags }: FrameHead): void {
    const connection = this.#connection;
    if ((flags & Flag.ack) !== 0) return;
    if (connection.acks >= MAX_ACKS) throw new FatalFailure(Failure.flooded);
    if (length / 6 > connection.options.maxSettings) {
      connection.terminate(ErrorCode.enhanceYourCalm, "SETTINGS: too many setting entries");
    }
  }

  #settings(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "SETTINGS: stream_id != 0");
    if ((frame.flags & Flag.ack) !== 0) return this.#settingsAcknowledged(frame);
    if (!this.#hasSettings) {
      this.#hasSettings = true;
      connection.remote.maxConcurrentStreams = UNLIMITED;
    }
    const settings = decodeSettings(frame.payload);
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      const problem = this.#applyRemote(setting[0], setting[1]);
      if (problem) return this.#refuse(frame, problem.failure, problem.reason);
    }
    this.#priorities ??= 0;
    if (!connection.isClosing && !connection.acknowledgeSettings()) throw new FatalFailure(Failure.flooded);
    return this.#tell(frame, settings);
  }

  #settingsAcknowledged(frame: ReceivedFrame): Answer {
    const settings = this.#connection.unacknowledged.shift();
    if (!settings) return this.#refuse(frame, Failure.protocol, "SETTINGS: unexpected ACK");
    if (!this.#applyLocal(settings)) return this.#refuse(frame, Failure.flowControl);
    return this.#tell(frame);
  }

  /** The other side holds to what this one has said. @returns whether its windows can be so */
  #applyLocal(settings: readonly Setting[]): boolean {
    const { local, decoder, streams } = this.#connection;
    let fits = true;
    for (let i = 0; i < settings.length; i++) {
      const setting = settings[i] as Setting;
      const value = setting[1];
      switch (setting[0]) {
        case SettingId.headerTableSize:
          decoder.resize(value);
          local.headerTableSize = value;
          break;
        case SettingId.enablePush:
          local.enablePush = value;
          break;
        case SettingId.maxConcurrentStreams:
          local.maxConcurrentStreams = value;
          break;
        case SettingId.initialWindowSize: {
          const by = value - local.initialWindowSize;
          streams.forEach((stream) => {
            fits = fits && stream.receiving.shift(by);
            if (fits) this.#connection.consumeStream(stream, 0);
          });
          local.initialWindowSize = value;
          break;
        }
        case SettingId.maxFrameSize:
          local.maxFrameSize = value;
          break;
        case SettingId.maxHeaderListSize:
          local.maxHeaderListSize = value;
          break;
        case SettingId.enableConnectProtocol:
          local.enableConnectProtocol = value;
          break;
      }
    }
    return fits;
  }

  /** Holds to what the other side says. @returns what is wrong with it */
  #applyRemote(id: number, value: number): { failure: number; reason?: string } | undefined {
    const { remote, encoder, isServer } = this.#connection;
    const wrong = (reason: string) => ({ failure: Failure.protocol, reason });
    switch (id) {
      case SettingId.headerTableSize:
        encoder.resize(value);
        remote.headerTableSize = value;
        return undefined;
      case SettingId.enablePush:
        if (value > 1) return wrong("SETTINGS: invalid SETTINGS_ENBLE_PUSH");
        if (!isServer && value !== 0) return wrong("SETTINGS: server attempted to enable push");
        remote.enablePush = value;
        return undefined;
      case SettingId.maxConcurrentStreams:
        remote.maxConcurrentStreams = value;
        return undefined;
      case SettingId.initialWindowSize:
        return this.#applyRemoteWindow(value);
      case SettingId.maxFrameSize:
        if (value < MIN_FRAME_SIZE || value > MAX_FRAME_SIZE) return wrong("SETTINGS: invalid SETTINGS_MAX_FRAME_SIZE");
        remote.maxFrameSize = value;
        return undefined;
      case SettingId.maxHeaderListSize:
        remote.maxHeaderListSize = value;
        return undefined;
      case SettingId.enableConnectProtocol:
        if (value > 1) return wrong("SETTINGS: invalid SETTINGS_ENABLE_CONNECT_PROTOCOL");
        if (!isServer && remote.enableConnectProtocol !== 0 && value === 0) {
          return wrong("SETTINGS: server attempted to disable SETTINGS_ENABLE_CONNECT_PROTOCOL");
        }
        remote.enableConnectProtocol = value;
        return undefined;
      case SettingId.noPriorities:
        if (value > 1) return wrong("SETTINGS: invalid SETTINGS_NO_RFC7540_PRIORITIES");
        if (this.#priorities !== undefined && this.#priorities !== value) {
          return wrong("SETTINGS: SETTINGS_NO_RFC7540_PRIORITIES cannot be changed");
        }
        this.#priorities = value;
        return undefined;
      default:
        return undefined;
    }
  }

  #applyRemoteWindow(value: number): { failure: number; reason?: string } | undefined {
    const connection = this.#connection;
    if (value > MAX_WINDOW) {
      return { failure: Failure.flowControl, reason: "SETTINGS: too large SETTINGS_INITIAL_WINDOW_SIZE" };
    }
    const by = value - connection.remote.initialWindowSize;
    let fits = true;
    connection.streams.forEach((stream) => {
      fits = fits && stream.shiftSendWindow(by);
      if (fits) connection.resumeWindow(stream);
    });
    if (!fits) return { failure: Failure.flowControl };
    connection.remote.initialWindowSize = value;
    return undefined;
  }

  #ping(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "PING: stream_id != 0");
    const isAck = (frame.flags & Flag.ack) !== 0;
    if (!isAck && !connection.isClosing && !connection.acknowledgePing(copyOf(frame.payload))) {
      throw new FatalFailure(Failure.flooded);
    }
    return this.#tell(frame);
  }

  #goaway(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    if (frame.streamId !== 0) return this.#refuse(frame, Failure.protocol, "GOAWAY: stream_id != 0");
    const lastId = readStreamId(frame.payload, 0);
    if ((lastId > 0 && !connection.isMine(lastId)) || lastId > connection.remoteLastId) {
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
    if (MAX_WINDOW - increment < connection.sendWindow) return this.#refuse(frame, Failure.flowControl);
    connection.sendWindow += increment;
    return this.#tell(frame);
  }

  #streamWindowUpdate(frame: ReceivedFrame, increment: number): Answer {
    const connection = this.#connection;
    const { streamId } = frame;
    if (connection.isIdle(streamId)) return this.#refuse(frame, Failure.protocol, "WINDOW_UPDATE to idle stream");
    const stream: Stream | undefined = connection.streams.get(streamId);
    if (!stream) return Answer.ok;
    if (stream.state === StreamState.reserved && !connection.isMine(streamId)) {
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPADATE to reserved stream");
    }
    if (increment === 0) {
      return this.#refuse(frame, Failure.protocol, "WINDOW_UPDATE: window_size_increment == 0");
    }
    if (MAX_WINDOW - increment < stream.sendWindow) {
      return this.#refuse(frame, Failure.flowControl, "WINDOW_UPDATE: window size overflow");
    }
    stream.sendWindow += increment;
    connection.resumeWindow(stream);
    return this.#tell(frame);
  }

  #altsvc(frame: ReceivedFrame): Answer {
    const connection = this.#connection;
    const { payload, streamId } = frame;
    const origin = readUint16(payload, 0);
    const size = typedArrayByteLength(payload);
    if (origin > size - 2) {
      connection.terminate(ErrorCode.frameSize);
      return Answer.ok;
    }
    const isWrong = (streamId === 0) === (origin === 0) || size === 2 + origin;
    if (streamId !== 0 && origin === 0) {
      const stream = connection.streams.get(streamId);
      if (!stream || stream.isClosing) return Answer.ok;
    }
    return isWrong ? connection.listener.onInvalidFrame(frame, Failure.protocol) : this.#tell(frame);
  }

  /** One that cannot be read is as if it had not come (RFC 8336 section 2.1). */
  #origin(frame: ReceivedFrame): Answer {
    return readOrigins(frame.payload) ? this.#tell(frame) : Answer.ok;
  }
}

const copyOf = (payload: Uint8Array): Uint8Array => {
  const copy = new Bytes(8);
  for (let i = 0; i < 8; i++) copy[i] = payload[i] as number;
  return copy;
};

/** The origins of an ORIGIN frame as parts of its payload; nothing where it is malformed. */
export function readOrigins(payload: Uint8Array): Uint8Array[] | undefined {
  const origins: Uint8Array[] = [];
  const size = typedArrayByteLength(payload);
  for (let at = 0; at < size; ) {
    if (size - at < 2) return undefined;
    const length = readUint16(payload, at);
    at += 2;
    if (length > size - at) return undefined;
    if (length > 0) append(origins, part(payload, at, at + length));
    at += length;
  }
  return origins;
}
