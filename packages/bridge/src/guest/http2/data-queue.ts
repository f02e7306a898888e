import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import { Failure } from "./errors.ts";
import type { DataSource, Stream } from "./stream.ts";

/** Streams with data to send, in the order they were made: the first is served until it has to wait. */
export class DataQueue {
  readonly #ready: Stream[] = [];

  get isEmpty(): boolean {
    return this.#ready.length === 0;
  }

  get first(): Stream | undefined {
    return this.#ready[0];
  }

  /** Gives a stream something to send. @returns 0, or a failure */
  attach(stream: Stream, source: DataSource): number {
    if (stream.data) return Failure.dataExists;
    stream.data = { source, waitsForProgram: false, waitsForWindow: false };
    this.#add(stream);
    return 0;
  }

  detach(stream: Stream): void {
    this.#remove(stream);
    stream.data = undefined;
  }

  /** The program has nothing to send for now. */
  waitForProgram(stream: Stream): void {
    if (stream.data) stream.data.waitsForProgram = true;
    this.#remove(stream);
  }

  /** The other side takes nothing for now. */
  waitForWindow(stream: Stream): void {
    if (stream.data) stream.data.waitsForWindow = true;
    this.#remove(stream);
  }

  /** A stream that had nothing to send has. */
  resume(stream: Stream | undefined): void {
    if (!stream?.data) return;
    stream.data.waitsForProgram = false;
    this.#add(stream);
  }

  /** The other side's window is open again. */
  resumeWindow(stream: Stream): void {
    if (!stream.data?.waitsForWindow || stream.sendWindow <= 0) return;
    stream.data.waitsForWindow = false;
    this.#add(stream);
  }

  #add(stream: Stream): void {
    const { data } = stream;
    if (!data || data.waitsForProgram || data.waitsForWindow || stream.isQueued) return;
    stream.isQueued = true;
    const ready = this.#ready;
    append(ready, stream);
    for (let i = ready.length - 1; i > 0 && (ready[i - 1] as Stream).order > stream.order; i--) {
      ready[i] = ready[i - 1] as Stream;
      ready[i - 1] = stream;
    }
  }

  #remove(stream: Stream): void {
    if (!stream.isQueued) return;
    stream.isQueued = false;
    ArrayProto.splice(this.#ready, ArrayProto.indexOf(this.#ready, stream), 1);
  }
}
