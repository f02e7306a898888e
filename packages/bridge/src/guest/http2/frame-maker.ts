import { boundOf, makeBlock } from "./block-frames.ts";
import type { Connection } from "./connection.ts";
import { Failure } from "./errors.ts";
import { Flag, FrameType, makeFrame, numbersPayload } from "./frames.ts";
import type { Field } from "./hpack-table.ts";
import type { HeadersItem, OutboundItem, PromiseItem } from "./outbound.ts";
import {
  mayOpen,
  maySendExtension,
  maySendHeaders,
  maySendPromise,
  maySendReset,
  maySendUpdate,
} from "./send-rules.ts";
import { encodeSettings } from "./settings.ts";
import { StreamState } from "./stream.ts";

/** Makes the bytes of what waits to be sent. */
export class FrameMaker {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @returns the frame, or a failure when it cannot be sent */
  make(item: OutboundItem): Uint8Array | number {
    const connection = this.#connection;
    const { streamId } = item;
    switch (item.kind) {
      case "headers":
        return this.#headers(item);
      case "promise":
        return this.#promise(item);
      case "reset": {
        const failure = maySendReset(connection, streamId, item.needsStream);
        return failure || makeFrame(FrameType.rstStream, Flag.none, streamId, numbersPayload([item.code]));
      }
      case "settings":
        if (item.isAck) {
          connection.outbox.acknowledged();
          if (connection.isClosing) return Failure.sessionClosing;
        }
        return makeFrame(FrameType.settings, item.isAck ? Flag.ack : Flag.none, 0, encodeSettings(item.settings));
      case "ping":
        if (item.isAck) connection.outbox.acknowledged();
        if (connection.isTerminating) return Failure.sessionClosing;
        return makeFrame(FrameType.ping, item.isAck ? Flag.ack : Flag.none, 0, item.payload);
      case "goaway":
        connection.localLastId = item.lastId;
        return makeFrame(FrameType.goaway, Flag.none, 0, numbersPayload([item.lastId, item.code], item.data));
      case "windowUpdate": {
        const failure = maySendUpdate(connection, streamId);
        return failure || makeFrame(FrameType.windowUpdate, Flag.none, streamId, numbersPayload([item.size]));
      }
      case "extension": {
        const failure = maySendExtension(connection, streamId);
        return failure || makeFrame(item.type, Flag.none, streamId, item.payload);
      }
    }
  }

  #headers(item: HeadersItem): Uint8Array | number {
    const { streams, options, encoder, listener } = this.#connection;
    const { streamId, fields } = item;
    const failure = item.opensStream ? this.#open(item) : maySendHeaders(this.#connection, streams.get(streamId));
    if (failure !== 0) return failure;
    if (boundOf(fields) + 5 > options.maxSentBlock) return Failure.frameSize;
    const block = encoder.encode(fields);
    if (item.opensStream) streams.lastSentId = streamId;
    return makeBlock(listener, FrameType.headers, item.endStream ? Flag.endStream : Flag.none, streamId, block);
  }

  /** A request makes its stream when it is sent. @returns 0, or a failure */
  #open({ streamId, fields, cancelled }: HeadersItem): number {
    const stream = this.#connection.openStream(streamId, StreamState.initial);
    const failure = mayOpen(this.#connection, cancelled !== undefined);
    if (failure !== 0) return failure;
    for (let i = 0; i < fields.length; i++) {
      const { name, value } = fields[i] as Field;
      if (name === ":method") stream.message.recordMethod(value);
    }
    return 0;
  }

  #promise({ streamId, promisedId, fields }: PromiseItem): Uint8Array | number {
    const { streams, options, encoder, listener } = this.#connection;
    const failure = maySendPromise(this.#connection, streams.get(streamId));
    if (failure !== 0) return failure;
    if (boundOf(fields) > options.maxSentBlock) return Failure.frameSize;
    const block = numbersPayload([promisedId], encoder.encode(fields));
    streams.lastSentId = promisedId;
    return makeBlock(listener, FrameType.pushPromise, Flag.none, streamId, block);
  }
}
