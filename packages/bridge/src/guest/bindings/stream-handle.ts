import { SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { CellStream } from "./cell-stream.ts";
import { type Handle, type HandleKind, type HandleObject, handlesOf } from "./handle-wrap.ts";
import { addStreamMethods, registerStream } from "./stream-methods.ts";

/** A handle over a stream, towards the library and towards bindings. */
export interface StreamHandle extends HandleObject {
  /** Binds the handle to the cell's stream of this number: what `spawn`, `inherited`, `connect` and `accept` answer. */
  attachStream(id: number): void;
}

/** The class of stream handles in one realm, and the inner side of its objects. */
export interface StreamHandles {
  readonly LibuvStreamWrap: new (kind: HandleKind) => StreamHandle;
  streamOf(object: object): CellStream;
  handleOf(object: object): Handle;
}

const made = new SafeWeakMap<Realm, StreamHandles>();

/**
 * `LibuvStreamWrap` (src/stream_wrap.cc): the base of `TCP`, `Pipe` and whatever else reads and writes bytes. A
 * subclass makes the handle; it is bound to a stream of the cell by `handle.attachStream(id)`, once, and from then on
 * reads, writes and shuts down through `stream` syscalls. Closing the handle closes the stream.
 */
export function streamHandles(realm: Realm): StreamHandles {
  const known = made.get(realm) ?? create(realm);
  made.set(realm, known);
  return known;
}

function create(realm: Realm): StreamHandles {
  const { HandleWrap, innerOf } = handlesOf(realm);
  let streamOf: StreamHandles["streamOf"] | undefined;

  class LibuvStreamWrap extends HandleWrap implements StreamHandle {
    readonly #stream: CellStream;

    static {
      streamOf = (object) => (object as LibuvStreamWrap).#stream;
    }

    constructor(kind: HandleKind) {
      super(kind);
      this.#stream = new CellStream(realm, innerOf(this));
      registerStream(this, this.#stream);
    }

    attachStream(id: number): void {
      this.#stream.attach(id);
    }

    /** Streams of the cell never block it. */
    setBlocking(): number {
      return 0;
    }

    get writeQueueSize(): number {
      return this.#stream.writeQueueSize;
    }
  }
  addStreamMethods(LibuvStreamWrap.prototype);
  return {
    LibuvStreamWrap,
    streamOf: streamOf as unknown as StreamHandles["streamOf"],
    handleOf: innerOf,
  };
}
