import type { Readable } from "node:stream";
import { type Frame, FrameReader } from "../channel/frames.ts";
import type { Report } from "../channel/messages.ts";
import { parseReport } from "../channel/schemas.ts";

/** Takes one report. A promise holds the stream until it settles: the cell then blocks on its full pipe. */
export type ReportHandler = (report: Report, body: Uint8Array) => void | PromiseLike<void>;

/** Reads a report pipe: one report at a time, in order, pausing the pipe while a handler is not done. */
export class ReportStream {
  /** Settles when the pipe has ended and every report before its end was handled. */
  readonly ended: Promise<void>;
  readonly #source: Readable;
  readonly #frames = new FrameReader();
  readonly #waiting: Frame[] = [];
  readonly #handle: ReportHandler;
  readonly #onBroken: (error: Error) => void;
  #busy = false;
  #closed = false;
  #settle: () => void = () => {};

  /** `onBroken` is called once, with what broke the protocol or what a handler threw; nothing is handled after it. */
  constructor(source: Readable, handle: ReportHandler, onBroken: (error: Error) => void) {
    this.#source = source;
    this.#handle = handle;
    this.#onBroken = onBroken;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    source.on("data", (chunk: Uint8Array) => this.#take(chunk));
    source.on("close", () => this.#close());
    // A cell that is killed resets its pipes; 'close' follows.
    source.on("error", () => {});
  }

  /** Handles nothing more: what is still in the pipe is dropped. */
  drop(): void {
    this.#waiting.length = 0;
    this.#closed = true;
    this.#source.destroy();
    this.#settle();
  }

  #take(chunk: Uint8Array): void {
    if (this.#closed) return;
    try {
      const frames = this.#frames.push(chunk);
      if (frames.length > 0) this.#waiting.push(...frames);
    } catch (error) {
      this.#break(error);
      return;
    }
    if (!this.#busy) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (let index = 0; index < this.#waiting.length; index++) {
        const { header, body } = this.#waiting[index] as Frame;
        const pending = this.#handle(parseReport(header), body);
        if (pending === undefined) continue;
        this.#source.pause();
        await pending;
      }
      this.#waiting.length = 0;
      this.#busy = false;
      this.#source.resume();
    } catch (error) {
      this.#busy = false;
      this.#break(error);
    }
    if (this.#closed) this.#settle();
  }

  #close(): void {
    this.#closed = true;
    if (!this.#busy) this.#settle();
  }

  #break(error: unknown): void {
    if (!this.#closed) this.#onBroken(error instanceof Error ? error : new Error(String(error)));
    this.drop();
  }
}
