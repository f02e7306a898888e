import type { Connection } from "./connection.ts";
import { Failure } from "./errors.ts";
import { type Stream, StreamState } from "./stream.ts";

// What may be sent now, by the connection's and the stream's state: each rule answers 0, or the failure whoever
// submitted the frame hears of.

/** Anything on a stream at all. */
function maySend(connection: Connection, stream: Stream | undefined): number {
  if (!stream) return Failure.streamClosed;
  if (connection.isClosing) return Failure.sessionClosing;
  return stream.isWriteShut ? Failure.shutWrite : 0;
}

/** A request, which opens its stream. */
export function mayOpen(connection: Connection, isCancelled: boolean): number {
  if (isCancelled) return Failure.streamClosing;
  return connection.goawayReceived || connection.isClosing ? Failure.startNotAllowed : 0;
}

/** A response, an informational one, trailers. */
export function maySendHeaders(connection: Connection, stream: Stream | undefined): number {
  const failure = maySend(connection, stream);
  if (failure !== 0 || !stream) return failure;
  switch (stream.state) {
    case StreamState.reserved:
      if (!connection.isServer) return Failure.protocol;
      return connection.goawayReceived ? Failure.startNotAllowed : 0;
    case StreamState.opened:
      return 0;
    case StreamState.closing:
      return Failure.streamClosing;
    default:
      return connection.streams.isMine(stream.id) || connection.isServer ? 0 : Failure.invalidStreamState;
  }
}

export function maySendPromise(connection: Connection, stream: Stream | undefined): number {
  const failure = maySend(connection, stream);
  if (failure !== 0) return failure;
  if (connection.settings.remote.enablePush === 0) return Failure.pushDisabled;
  if (stream?.isClosing) return Failure.streamClosing;
  return connection.goawayReceived ? Failure.startNotAllowed : 0;
}

export function maySendData(connection: Connection, stream: Stream): number {
  const failure = maySend(connection, stream);
  if (failure !== 0) return failure;
  if (stream.isClosing) return Failure.streamClosing;
  const mine = connection.streams.isMine(stream.id);
  if (mine) return stream.state === StreamState.reserved ? Failure.invalidStreamState : 0;
  return stream.state === StreamState.opened ? 0 : Failure.invalidStreamState;
}

/** @param needsStream only while there is such a stream */
export function maySendReset(connection: Connection, streamId: number, needsStream: boolean): number {
  if (connection.isClosing) return Failure.sessionClosing;
  return needsStream && !connection.streams.has(streamId) ? Failure.streamClosed : 0;
}

/** ALTSVC, ORIGIN: of a stream, or of the connection, which is 0. */
export function maySendExtension(connection: Connection, streamId: number): number {
  if (connection.isClosing) return Failure.sessionClosing;
  if (streamId === 0) return 0;
  const stream = connection.streams.get(streamId);
  if (!stream) return Failure.streamClosed;
  return stream.isClosing ? Failure.streamClosing : 0;
}

/** WINDOW_UPDATE: as an extension, but not on what this side has promised. */
export function maySendUpdate(connection: Connection, streamId: number): number {
  const failure = maySendExtension(connection, streamId);
  if (failure !== 0 || streamId === 0) return failure;
  const isReserved = connection.streams.get(streamId)?.state === StreamState.reserved;
  return isReserved && connection.streams.isMine(streamId) ? Failure.invalidStreamState : 0;
}
