import type { Connection } from "./connection.ts";
import { Failure } from "./errors.ts";
import type { Field } from "./hpack-table.ts";
import type { HeadersItem } from "./outbound.ts";
import { type DataSource, StreamState } from "./stream.ts";

/** What a program wants sent: it is checked as far as it can be before its turn comes, and put in its place in line. */
export class Submissions {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** A request, on a stream of its own. @returns its number, or a failure */
  request(fields: readonly Field[], source: DataSource | undefined): number {
    const { isServer, outbox, streams } = this.#connection;
    if (isServer) return Failure.protocol;
    const streamId = streams.takeId();
    if (streamId > 0) {
      outbox.addOpening({ kind: "headers", streamId, fields, endStream: !source, source, opensStream: true });
    }
    return streamId;
  }

  /** An informational response, trailers. @returns 0: whether it can be sent is seen when its turn comes */
  headers(streamId: number, fields: readonly Field[], endStream: boolean, source?: DataSource): number {
    const { outbox, streams } = this.#connection;
    const item: HeadersItem = { kind: "headers", streamId, fields, endStream, source, opensStream: false };
    // The response to a promise opens a stream too.
    if (streams.get(streamId)?.state === StreamState.reserved) outbox.addOpening(item);
    else outbox.add(item);
    return 0;
  }

  /** @returns 0, or a failure */
  response(streamId: number, fields: readonly Field[], source: DataSource | undefined): number {
    return this.#connection.isServer ? this.headers(streamId, fields, !source, source) : Failure.protocol;
  }

  /** @returns the promised stream's number, or a failure */
  promise(streamId: number, fields: readonly Field[]): number {
    const connection = this.#connection;
    const { isServer, outbox, streams } = connection;
    if (streams.isMine(streamId)) return Failure.invalidArgument;
    if (!isServer) return Failure.protocol;
    const promisedId = streams.takeId();
    if (promisedId <= 0) return promisedId;
    if (!streams.has(streamId)) return Failure.streamClosed;
    connection.openStream(promisedId, StreamState.reserved);
    outbox.add({ kind: "promise", streamId, promisedId, fields });
    return promisedId;
  }

  /** @returns 0, or a failure */
  data(streamId: number, source: DataSource): number {
    const { sending, streams } = this.#connection;
    const stream = streams.get(streamId);
    return stream ? sending.attach(stream, source) : Failure.streamClosed;
  }

  /** A stream that had nothing to send has. */
  resume(streamId: number): void {
    const { sending, streams } = this.#connection;
    sending.resume(streams.get(streamId));
  }

  /** @param needsStream nothing is sent about a stream that is gone */
  reset(streamId: number, code: number, needsStream: boolean): void {
    const { isServer, outbox, streams } = this.#connection;
    const stream = streams.get(streamId);
    if (stream?.isClosing) return;
    const mine = streams.isMine(streamId);
    if (mine ? streamId >= streams.nextId : streams.lastReceivedId < streamId) return;
    if (!isServer && mine && outbox.cancelOpening(streamId, code)) return;
    if (needsStream && !stream) return;
    if (stream) stream.state = StreamState.closing;
    outbox.add({ kind: "reset", streamId, code, needsStream });
  }

  /** @param payload eight bytes */
  ping(payload: Uint8Array): void {
    this.#connection.outbox.addUrgent({ kind: "ping", streamId: 0, isAck: false, payload });
  }

  /** A frame of a type the protocol leaves to others: ALTSVC, ORIGIN. */
  extension(type: number, streamId: number, payload: Uint8Array): void {
    this.#connection.outbox.add({ kind: "extension", type, streamId, payload });
  }
}
