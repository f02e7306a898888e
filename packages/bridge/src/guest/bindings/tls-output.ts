import { asOne } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { streamState } from "./stream-listener.ts";
import type { StreamCore } from "./stream-methods.ts";

/** Ciphertext on its way to the stream below: one write at a time, what comes meanwhile waits (`TLSWrap::EncOut`). */
export class TlsOutput {
  readonly #realm: Realm;
  readonly #below: StreamCore;
  readonly #done: (status: number) => void;
  #waiting: Uint8Array[] = [];
  #size = 0;
  #isWriting = false;
  #isHeld: boolean;

  /** @param done the stream below has what it was given, or a negative errno */
  constructor(realm: Realm, below: StreamCore, held: boolean, done: (status: number) => void) {
    this.#realm = realm;
    this.#below = below;
    this.#isHeld = held;
    this.#done = done;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  get isBusy(): boolean {
    return this.#isWriting || this.#size > 0;
  }

  add(bytes: Uint8Array): void {
    append(this.#waiting, bytes);
    this.#size += typedArrayByteLength(bytes);
  }

  release(): void {
    this.#isHeld = false;
  }

  /** Writes what waits. -> 0 or a negative errno */
  flush(): number {
    if (this.#isWriting || this.#isHeld || this.#size === 0) return 0;
    const bytes = this.#take();
    const { WriteWrap } = this.#realm.internalBinding("stream_wrap") as { WriteWrap: new () => object };
    const request = new WriteWrap() as { oncomplete?: (status: number) => void };
    request.oncomplete = (status) => this.#written(status);
    this.#isWriting = true;
    const status = this.#below.write(request, bytes);
    const { streamBaseState, kLastWriteWasAsync } = streamState(this.#realm);
    if (status === 0 && streamBaseState[kLastWriteWasAsync] === 0) this.#finishLater();
    return status;
  }

  /** Nothing is to be written; the answer comes as if something had been. */
  pretend(): void {
    this.#isWriting = true;
    this.#finishLater();
  }

  #take(): Uint8Array {
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    return asOne(pieces);
  }

  /** A write that was done at once is answered in the next check phase. */
  #finishLater(): void {
    const { loop } = this.#realm;
    loop.ref();
    loop.beforeCheck(() => {
      loop.unref();
      this.#written(0);
    });
  }

  #written(status: number): void {
    this.#isWriting = false;
    this.#done(status);
  }
}
