import { part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { readUint16 } from "./frames.ts";
import { Answer, type ReceivedFrame } from "./listener.ts";

/** Where else a server can be reached (RFC 7838 section 4): of an origin on stream 0, else of a request's own. */
export function takeAltsvc(connection: Connection, frame: ReceivedFrame): Answer {
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
  const { listener } = connection;
  return isWrong ? listener.onInvalidFrame(frame, Failure.protocol) : listener.onFrame(frame, []);
}

/** Origins a server answers for. A frame that cannot be read is as if it had not come (RFC 8336 section 2.1). */
export function takeOrigin(connection: Connection, frame: ReceivedFrame): Answer {
  return readOrigins(frame.payload) ? connection.listener.onFrame(frame, []) : Answer.ok;
}

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
