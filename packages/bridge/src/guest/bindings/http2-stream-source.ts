import type { DataSource } from "../http2/stream.ts";
import type { SessionCore } from "./http2-session-core.ts";

/** What a stream sends, found by its number when it is asked for. */
export class StreamSource implements DataSource {
  readonly #session: SessionCore;
  readonly #id: number;

  constructor(session: SessionCore, id: number) {
    this.#session = session;
    this.#id = id;
  }

  next(most: number): ReturnType<DataSource["next"]> {
    return this.#session.streams.get(this.#id)?.writes.next(most);
  }

  take(size: number, to: Uint8Array[]): void {
    this.#session.streams.get(this.#id)?.writes.take(size, to);
  }
}
