import { putOwn } from "../lib/define.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { type Consumer, streamState } from "./stream-listener.ts";
import { type Puller, type StreamCore, streamFrom } from "./stream-methods.ts";

/** Bytes from one stream into another without the library between them (src/stream_pipe.cc). */
class Pump implements Consumer, Puller {
  readonly #realm: Realm;
  readonly #target: object;
  readonly #resource: AsyncResource;
  readonly #source: StreamCore;
  readonly #sink: StreamCore;
  isClosed = true;
  pendingWrites = 0;
  #isEnded = false;

  constructor(realm: Realm, target: object, source: StreamCore, sink: StreamCore) {
    this.#realm = realm;
    this.#target = target;
    this.#resource = asyncObjects(realm).begin(target, "STREAMPIPE");
    this.#source = source;
    this.#sink = sink;
    source.listener.consumer = this;
    sink.pullFrom?.(this);
  }

  start(): void {
    this.isClosed = false;
    this.want();
  }

  want(): void {
    if (this.#isEnded || this.isClosed) return;
    this.#source.readStart();
  }

  read(bytes: Uint8Array): void {
    if (this.isClosed) return;
    this.pendingWrites++;
    const { WriteWrap } = this.#realm.internalBinding("stream_wrap") as {
      WriteWrap: new () => { oncomplete: unknown };
    };
    const request = new WriteWrap();
    request.oncomplete = (status: number): void => this.#written(status);
    const status = this.#sink.write(request, bytes);
    const { streamBaseState, kLastWriteWasAsync } = streamState(this.#realm);
    this.#source.readStop();
    if (status !== 0 || streamBaseState[kLastWriteWasAsync] === 0) this.#written(status);
  }

  #written(status: number): void {
    this.pendingWrites--;
    if (this.isClosed) return;
    if (this.#isEnded) {
      this.#finish();
      return;
    }
    if (status !== 0) this.unpipe();
    else if (!this.#sink.pullFrom) this.want();
  }

  /** The source ended or failed: it is told so, and the other side ends when it has everything. */
  fail(nread: number): void {
    this.#isEnded = true;
    this.#source.readStop();
    if (this.#source.listener.consumer === this) this.#source.listener.consumer = undefined;
    this.#source.listener.emit(nread);
    this.#finish();
  }

  #finish(): void {
    if (this.isClosed || this.pendingWrites > 0) return;
    const { ShutdownWrap } = this.#realm.internalBinding("stream_wrap") as { ShutdownWrap: new () => object };
    this.#sink.shutdown(new ShutdownWrap());
    this.unpipe();
  }

  unpipe(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#source.readStop();
    if (this.#source.listener.consumer === this) this.#source.listener.consumer = undefined;
    const { loop } = this.#realm;
    loop.complete(() => {
      const { onunpipe } = this.#target as { onunpipe?: unknown };
      if (typeof onunpipe === "function") this.#resource.call(onunpipe, []);
      this.#resource.destroy();
    });
  }
}

/** `internalBinding('stream_pipe')` (src/stream_pipe.cc). */
export const install: InstallBinding = (binding, realm) => {
  class StreamPipe extends asyncObjects(realm).AsyncWrap {
    readonly #pipe: Pump;

    constructor(source: object, sink: object) {
      super();
      this.#pipe = new Pump(realm, this, streamFrom(source), streamFrom(sink));
      putOwn(this, "source", source);
      putOwn(this, "sink", sink);
    }

    start(): void {
      this.#pipe.start();
    }

    unpipe(): void {
      this.#pipe.unpipe();
    }

    isClosed(): boolean {
      return this.#pipe.isClosed;
    }

    pendingWrites(): number {
      return this.#pipe.pendingWrites;
    }
  }
  binding["StreamPipe"] = StreamPipe;
};
