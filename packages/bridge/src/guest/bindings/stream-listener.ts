import { part } from "../lib/bytes.ts";
import {
  arrayBufferByteLength,
  mathMin,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { AsyncResource } from "./async-object.ts";

/** Numbers of `streamBaseState` (src/stream_base.h). */
interface StreamState {
  readonly kReadBytesOrError: number;
  readonly kArrayBufferOffset: number;
  readonly kBytesWritten: number;
  readonly kLastWriteWasAsync: number;
  readonly streamBaseState: Int32Array;
}

export const streamState = (realm: Realm): StreamState =>
  realm.internalBinding("stream_wrap") as unknown as StreamState;

/** Whoever takes a stream's bytes in place of its `onread`: the HTTP parser, TLS. */
export interface Consumer {
  /** It can do with borrowed bytes: in memory that is shared with the cell, to be copied before control is back there. */
  readonly copies?: boolean;
  /** The next bytes. @param isOwn they are the consumer's from now on; only one that `copies` is given others */
  read(bytes: Uint8Array, isOwn: boolean): void;
  /** An end or an error as a negative errno. Who leaves it out lets them go to `onread`. */
  fail?(nread: number): void;
}

/**
 * Where what a stream reads goes (`StreamListener` of src/stream_base.cc): to `onread` as a buffer of its own, into the
 * buffer the program gave, or to a consumer.
 */
export class Listener {
  readonly #realm: Realm;
  readonly #resource: Pick<AsyncResource, "call">;
  onread: unknown;
  consumer: Consumer | undefined;
  #given: Uint8Array | undefined;

  constructor(realm: Realm, resource: Pick<AsyncResource, "call">) {
    this.#realm = realm;
    this.#resource = resource;
  }

  /** From now on bytes go into this buffer (`CustomBufferJSListener`). */
  useBuffer(buffer: Uint8Array): void {
    this.#given = buffer;
  }

  /** Most bytes one `emit` takes. */
  get room(): number {
    return this.consumer || !this.#given ? Number.POSITIVE_INFINITY : typedArrayByteLength(this.#given);
  }

  /**
   * @param nread how many bytes, or a negative errno (UV_EOF at the end)
   * @param bytes nobody else has them, unless they are borrowed
   */
  emit(nread: number, bytes?: Uint8Array, isBorrowed = false): void {
    if (this.consumer && bytes) {
      this.consumer.read(bytes, !isBorrowed);
      return;
    }
    if (this.consumer?.fail) {
      this.consumer.fail(nread);
      return;
    }
    const { streamBaseState, kReadBytesOrError, kArrayBufferOffset } = streamState(this.#realm);
    streamBaseState[kReadBytesOrError] = nread;
    streamBaseState[kArrayBufferOffset] = 0;
    const given = this.#given;
    if (given && bytes) {
      TypedArrayProto.set(given, part(bytes, 0, mathMin(nread, typedArrayByteLength(given))), 0);
      const next = this.#resource.call(this.onread, [undefined]);
      if (next !== undefined) this.#given = next as Uint8Array;
      return;
    }
    if (bytes === undefined) {
      this.#resource.call(this.onread, [undefined]);
      return;
    }
    const buffer = exactBuffer(bytes);
    const { freshMemory } = this.#realm;
    const before = freshMemory.begin(buffer);
    try {
      this.#resource.call(this.onread, [buffer]);
    } finally {
      freshMemory.end(before);
    }
  }
}

/** An ArrayBuffer that holds these bytes and nothing else. */
function exactBuffer(bytes: Uint8Array): ArrayBufferLike {
  const buffer = typedArrayBuffer(bytes);
  if (arrayBufferByteLength(buffer) === typedArrayByteLength(bytes)) return buffer;
  return typedArrayBuffer(TypedArrayProto.slice(bytes));
}
