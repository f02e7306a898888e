import type { FrameHead } from "./frames.ts";
import type { Field } from "./hpack-table.ts";

/** What a block of fields is to its stream (nghttp2_headers_category). */
export const Category = { request: 0, response: 1, pushResponse: 2, headers: 3 } as const;
export type Category = (typeof Category)[keyof typeof Category];

/** A frame that came, as far as it concerns whoever listens. */
export interface ReceivedFrame extends FrameHead {
  /** Of PUSH_PROMISE the promised stream. */
  subjectId: number;
  category: Category;
  /** Of PING, GOAWAY (the last stream, the code and what follows), ALTSVC, ORIGIN. */
  payload: Uint8Array;
}

/** How a listener takes something: well, not this stream, or no more of this connection. */
export const Answer = { ok: 0, refused: 1, failed: 2 } as const;
export type Answer = (typeof Answer)[keyof typeof Answer];

/** Whoever uses a connection. */
export interface ConnectionListener {
  onBeginHeaders(frame: ReceivedFrame): Answer;
  onField(frame: ReceivedFrame, field: Field): Answer;
  onFrame(frame: ReceivedFrame, settings: readonly (readonly [id: number, value: number])[]): Answer;
  onData(streamId: number, bytes: Uint8Array): void;
  onStreamClose(streamId: number, code: number): void;
  onFrameSent(type: number): void;
  onFrameNotSent(type: number, streamId: number, failure: number): void;
  onInvalidFrame(frame: FrameHead, failure: number): Answer;
  /** The other side does not speak HTTP/2. */
  onSettingsExpected(): void;
  /** -> the length with padding: from `length` to `most` */
  choosePadding(length: number, most: number): number;
  /** Seconds of any clock that does not go back. */
  seconds(): number;
}

/** What ends a connection at once; a number of `Failure`. */
export class FatalFailure {
  readonly failure: number;

  constructor(failure: number) {
    this.failure = failure;
  }
}
