import { errnoOf } from "../lib/uvexception.ts";
import type { Realm } from "../realm.ts";
import { CellStreamInput } from "./cell-stream-input.ts";
import { CellStreamOutput } from "./cell-stream-output.ts";
import { CellStreamPlace, ignoreRefusal } from "./cell-stream-parts.ts";
import type { Handle } from "./handle-wrap.ts";
import { Listener } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";

export { NOWHERE } from "./cell-stream-parts.ts";

/** A stream of the cell's as libuv's `uv_stream_t` (src/stream_wrap.cc, deps/uv/src/unix/stream.c). */
export class CellStream implements StreamCore {
  readonly listener: Listener;
  readonly readsInLoop = true;
  readonly #realm: Realm;
  readonly #place = new CellStreamPlace();
  readonly #input: CellStreamInput;
  readonly #output: CellStreamOutput;
  fd = -1;
  /** How the cell's stream is given up. */
  #release: (id: number) => void;

  constructor(realm: Realm, handle: Handle) {
    this.#realm = realm;
    this.#release = (id) => realm.sys.stream.close(id);
    this.listener = new Listener(realm, handle.resource);
    const parts = { realm, handle, listener: this.listener, place: this.#place };
    this.#input = new CellStreamInput(parts);
    this.#output = new CellStreamOutput(parts);
    handle.atClose(() => this.#close());
  }

  get isAttached(): boolean {
    return this.#place.isAttached;
  }

  /** A connection is on its way: what is written meanwhile waits. */
  get isConnecting(): boolean {
    return this.#place.isConnecting;
  }

  set isConnecting(connecting: boolean) {
    this.#place.isConnecting = connecting;
  }

  /** The cell's number of the stream; negative where there is none. A child's pipe may stand for it (child-pump.ts). */
  get id(): number {
    return this.#place.id;
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  get writeQueueSize(): number {
    return this.#output.queueSize;
  }

  /** Binds it to the cell's stream of this number. What was written before goes out now. */
  attach(id: number): void {
    this.#place.id = id;
    if (this.#place.isNowhere) this.#input.end();
    this.isConnecting = false;
    this.#output.send();
  }

  /** Closing it will break the connection off. -> 0 or a negative errno, where an end is under way already */
  resetAtClose(): number {
    if (this.#output.isEnding) return errnoOf(this.#realm, "EINVAL");
    this.#release = (id) => this.#realm.sys.stream.reset(id);
    return 0;
  }

  readStart(): number {
    return this.#input.start();
  }

  readStop(): number {
    return this.#input.stop();
  }

  write(request: object, bytes: Uint8Array, handle?: object): number {
    return this.#output.write(request, bytes, handle);
  }

  writeChunks(request: object, chunks: readonly unknown[], allBuffers: boolean): number {
    return this.#output.writeChunks(request, chunks, allBuffers);
  }

  shutdown(request: object): number {
    return this.#output.shutdown(request);
  }

  /** Gives the stream up. */
  #close(): void {
    this.#input.close();
    this.#output.close();
    if (!this.isAttached) return;
    ignoreRefusal(() => this.#release(this.#place.id));
    this.#place.leave();
  }
}
