import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import type { FrameHead } from "./frames.ts";
import { Answer, FatalFailure } from "./listener.ts";

/** The code that goes to the other side for a failure. */
export function codeOf(failure: number): number {
  switch (failure) {
    case Failure.streamClosed:
      return ErrorCode.streamClosed;
    case Failure.headerCompression:
      return ErrorCode.compression;
    case Failure.frameSize:
      return ErrorCode.frameSize;
    case Failure.flowControl:
      return ErrorCode.flowControl;
    case Failure.refusedStream:
      return ErrorCode.refusedStream;
    case Failure.protocol:
    case Failure.httpHeader:
    case Failure.httpMessaging:
      return ErrorCode.protocol;
    default:
      return ErrorCode.internal;
  }
}

function tell(connection: Connection, frame: FrameHead, failure: number): void {
  if (connection.listener.onInvalidFrame(frame, failure) !== Answer.ok) throw new FatalFailure(Failure.callback);
}

/** A frame that breaks the connection: whoever listens hears of it, and a GOAWAY ends it. */
export function refuseConnection(connection: Connection, frame: FrameHead, failure: number, reason?: string): void {
  tell(connection, frame, failure);
  connection.terminate(codeOf(failure), reason);
}

/** A frame that breaks its stream, which is reset. Without a frame nobody else hears of it. */
export function refuseStream(
  connection: Connection,
  streamId: number,
  frame: FrameHead | undefined,
  failure: number,
): void {
  connection.submit.reset(streamId, codeOf(failure), false);
  if (frame) tell(connection, frame, failure);
}
