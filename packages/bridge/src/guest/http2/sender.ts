import { Bytes } from "../lib/intrinsics.ts";
import { latin1Write } from "../lib/latin1.ts";
import type { Connection } from "./connection.ts";
import { DataSender } from "./data-sender.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { FrameMaker } from "./frame-maker.ts";
import { CLIENT_MAGIC, FrameType } from "./frames.ts";
import type { HeadersItem, OutboundItem } from "./outbound.ts";
import { StreamState } from "./stream.ts";

const TYPES = {
  headers: FrameType.headers,
  promise: FrameType.pushPromise,
  reset: FrameType.rstStream,
  settings: FrameType.settings,
  ping: FrameType.ping,
  goaway: FrameType.goaway,
  windowUpdate: FrameType.windowUpdate,
} as const;

const typeOf = (item: OutboundItem): number => (item.kind === "extension" ? item.type : TYPES[item.kind]);

/** Takes frames out of a connection, in the order they are to be sent, and does what follows from each being out. */
export class Sender {
  readonly #connection: Connection;
  readonly #frames: FrameMaker;
  readonly #data: DataSender;
  #magic: boolean;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#frames = new FrameMaker(connection);
    this.#data = new DataSender(connection);
    this.#magic = !connection.isServer;
  }

  /** @returns the next bytes to send, in pieces; nothing when there are none */
  next(): readonly Uint8Array[] | undefined {
    if (this.#magic) {
      this.#magic = false;
      const magic = new Bytes(CLIENT_MAGIC.length);
      latin1Write(magic, CLIENT_MAGIC, 0, magic.length);
      return [magic];
    }
    const connection = this.#connection;
    for (;;) {
      const item = connection.outbox.next(connection.canOpen);
      if (item) {
        const frame = this.#send(item);
        if (typeof frame === "object") return [frame];
        continue;
      }
      const pieces = this.#data.next();
      if (typeof pieces !== "number") return pieces;
    }
  }

  /** @returns the frame, or a failure when it cannot be sent */
  #send(item: OutboundItem): Uint8Array | number {
    const frame = this.#frames.make(item);
    if (typeof frame === "number") this.#refuse(item, frame);
    else this.#sent(item);
    return frame;
  }

  /** A frame that cannot be sent: whoever submitted it hears so, and a stream it was to open is closed. */
  #refuse(item: OutboundItem, failure: number): void {
    const connection = this.#connection;
    const isQuiet = item.kind === "windowUpdate" || (item.kind === "reset" && failure === Failure.streamClosed);
    if (!isQuiet) connection.listener.onFrameNotSent(typeOf(item), item.streamId, failure);
    if (item.kind === "headers" && item.opensStream) {
      connection.closeStream(item.streamId, item.cancelled ?? ErrorCode.refusedStream);
    } else if (item.kind === "promise") {
      connection.closeStream(item.promisedId, ErrorCode.internal);
    }
  }

  /** What a frame changes once it is out. */
  #sent(item: OutboundItem): void {
    const connection = this.#connection;
    connection.listener.onFrameSent(typeOf(item));
    switch (item.kind) {
      case "headers":
        this.#headersSent(item);
        break;
      case "reset":
        connection.closeStream(item.streamId, item.code);
        break;
      case "goaway":
        if (item.isLast) connection.isTerminated = true;
        connection.goawaySent = true;
        connection.closeBeyond(item.lastId, true);
        break;
      case "windowUpdate":
        connection.flow.updateSent(item.streamId);
        break;
    }
  }

  #headersSent(item: HeadersItem): void {
    const connection = this.#connection;
    const { streams } = connection;
    const stream = streams.get(item.streamId);
    if (!stream) return;
    if (item.opensStream) stream.state = StreamState.opening;
    else if (stream.state === StreamState.reserved) {
      streams.keepPromise(stream);
      stream.state = StreamState.opened;
    } else if (!streams.isMine(item.streamId) && stream.state === StreamState.opening) {
      stream.state = StreamState.opened;
    }
    if (item.endStream) stream.isWriteShut = true;
    connection.closeIfShut(stream);
    if (item.source) connection.submit.data(item.streamId, item.source);
  }
}
