import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf, exactCopy, part } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { registerHostObject } from "../lib/host-objects.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { mathMin, SafeWeakMap, typedArrayByteLength } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import { Listener, streamState } from "./stream-listener.ts";
import { addStreamMethods, registerStream, type StreamCore } from "./stream-methods.ts";

/** The functions the library puts on the object. */
type Hook = "onreadstart" | "onreadstop" | "onshutdown" | "onwrite";

/** Requests under way, by the library's objects for them. */
const started = new SafeWeakMap<object, AsyncResource>();

/** A stream whose other side is a JavaScript stream (`JSStream` of src/js_stream.cc). */
class JavaScriptStream implements StreamCore {
  readonly listener: Listener;
  readonly fd = -1;
  readonly readsInLoop = false;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #realm: Realm;
  readonly #target: object;
  readonly #resource: AsyncResource;

  constructor(realm: Realm, target: object) {
    this.#realm = realm;
    this.#target = target;
    this.#resource = asyncObjects(realm).begin(target, "JSSTREAM");
    this.listener = new Listener(realm, this.#resource);
  }

  /** What a hook answers: a status. */
  #ask(hook: Hook, ...args: readonly unknown[]): number {
    const found = (this.#target as Record<Hook, unknown>)[hook];
    const answer = typeof found === "function" ? this.#resource.call(found, args) : undefined;
    return typeof answer === "number" ? answer : errnoOf(this.#realm, "EPROTO");
  }

  readStart(): number {
    return this.#ask("onreadstart");
  }

  readStop(): number {
    return this.#ask("onreadstop");
  }

  #begin(request: object, provider: string): AsyncResource {
    const resource = this.#resource.trigger(() => asyncObjects(this.#realm).begin(request, provider));
    started.set(request, resource);
    return resource;
  }

  #dispose(request: object): void {
    started.get(request)?.destroy();
    started.delete(request);
  }

  shutdown(request: object): number {
    this.#begin(request, "SHUTDOWNWRAP");
    const status = this.#ask("onshutdown", request);
    if (status !== 0) this.#dispose(request);
    return status;
  }

  write(request: object, bytes: Uint8Array): number {
    return this.writePieces(request, [bytes]);
  }

  writePieces(request: object, pieces: readonly Uint8Array[]): number {
    const { streamBaseState, kBytesWritten, kLastWriteWasAsync } = streamState(this.#realm);
    const buffers: Uint8Array[] = [];
    let size = 0;
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i] as Uint8Array;
      size += typedArrayByteLength(piece);
      append(buffers, asNodeBuffer(this.#realm, exactCopy(piece)));
    }
    this.bytesWritten += size;
    this.#begin(request, "WRITEWRAP");
    const status = this.#ask("onwrite", request, buffers);
    if (status !== 0) this.#dispose(request);
    streamBaseState[kBytesWritten] = size;
    streamBaseState[kLastWriteWasAsync] = status === 0 ? 1 : 0;
    return status;
  }

  /** The other side is done with a request. */
  finish(request: object, status: number): void {
    const resource = started.get(request);
    if (!resource) return;
    started.delete(request);
    const { oncomplete } = request as { oncomplete?: unknown };
    if (typeof oncomplete === "function") resource.call(oncomplete, [status, this.#target, undefined]);
    resource.destroy();
  }

  /** Bytes from the other side. */
  receive(bytes: Uint8Array): void {
    const size = typedArrayByteLength(bytes);
    for (let at = 0; at < size; ) {
      const count = mathMin(size - at, this.listener.room);
      this.bytesRead += count;
      this.listener.emit(count, exactCopy(part(bytes, at, at + count)));
      at += count;
    }
  }

  end(): void {
    this.listener.emit(errnoOf(this.#realm, "EOF"));
  }
}

/** `internalBinding('js_stream')` (src/js_stream.cc). */
export const install: InstallBinding = (binding, realm) => {
  class JSStream extends asyncObjects(realm).AsyncWrap {
    readonly #stream: JavaScriptStream;

    constructor() {
      super();
      this.#stream = new JavaScriptStream(realm, this);
      registerStream(this, this.#stream);
      // It can neither be cloned nor transferred.
      registerHostObject(this, {});
    }

    finishWrite(request: object, status: number): void {
      this.#stream.finish(request, status);
    }

    finishShutdown(request: object, status: number): void {
      this.#stream.finish(request, status);
    }

    readBuffer(buffer: unknown): void {
      const bytes = bytesOf(buffer);
      if (!bytes) throw notABuffer();
      this.#stream.receive(bytes);
    }

    emitEOF(): void {
      this.#stream.end();
    }
  }
  addStreamMethods(JSStream.prototype);
  binding["JSStream"] = JSStream;
};
