import { mathMin } from "../primordials.ts";
import type { Connection } from "./connection.ts";
import { ErrorCode, Failure } from "./errors.ts";
import { MAX_WINDOW } from "./settings.ts";
import type { Stream } from "./stream.ts";
import { ReceiveWindow } from "./windows.ts";

const INITIAL_WINDOW = 65535;

/** A connection's own windows, and when a WINDOW_UPDATE of it or of a stream is due (RFC 9113 section 5.2). */
export class FlowControl {
  readonly #connection: Connection;
  /** What the other side may have on its way on all streams together. */
  readonly receiving = new ReceiveWindow(INITIAL_WINDOW);
  /** What the other side may still be sent on all streams together, bytes. */
  sendWindow = INITIAL_WINDOW;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The program has taken bytes of the connection. */
  consume(count: number): void {
    this.#consume(this.receiving, 0, count);
  }

  /** The program has taken bytes of a stream; the connection's are consumed apart. */
  consumeStream(stream: Stream | undefined, count: number): void {
    if (stream) this.#consume(stream.receiving, stream.id, count);
  }

  #consume(window: ReceiveWindow, streamId: number, count: number): void {
    const due = window.consume(count);
    if (due < 0) this.#connection.terminate(ErrorCode.flowControl);
    else if (due > 0) this.#update(window, streamId, due);
  }

  #update(window: ReceiveWindow, streamId: number, size: number): void {
    window.isUpdateQueued = true;
    this.#connection.outbox.add({ kind: "windowUpdate", streamId, size });
  }

  /** Sets how much the other side may have on its way on all streams together. @returns 0, or a failure */
  setWindow(size: number): number {
    if (size < 0) return Failure.invalidArgument;
    const due = this.receiving.resize(mathMin(size, MAX_WINDOW));
    if (due < 0) return Failure.flowControl;
    if (due > 0) this.#update(this.receiving, 0, due);
    return 0;
  }

  /** A WINDOW_UPDATE is out: the next may be due already. */
  updateSent(streamId: number): void {
    if (streamId === 0) {
      this.receiving.isUpdateQueued = false;
      this.consume(0);
      return;
    }
    const stream = this.#connection.streams.get(streamId);
    if (!stream) return;
    stream.receiving.isUpdateQueued = false;
    if (!stream.isReadShut) this.consumeStream(stream, 0);
  }
}
