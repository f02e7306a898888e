import { failureText } from "../http2/errors.ts";
import { Category } from "../http2/listener.ts";
import { bytesOfView } from "../lib/bytes.ts";
import { dataDescriptor, putOwn } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { isArrayBufferView, mathMax, objectKeys, reflectDefineProperty } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { LibraryCallbacks } from "./http2-callbacks.ts";
import { readHeaderList } from "./http2-headers.ts";
import { type Http2State, SessionCore } from "./http2-session-core.ts";
import { SettingsBuffer } from "./http2-settings.ts";
import type { StreamCore } from "./http2-stream-core.ts";
import { addStreamMethods, registerStream } from "./stream-methods.ts";

/** Constants that do not show when somebody lists them (NODE_DEFINE_HIDDEN_CONSTANT of src/node_http2.cc). */
const HIDDEN: Readonly<Record<string, true | undefined>> = {
  __proto__: null as never,
  NGHTTP2_HCAT_REQUEST: true,
  NGHTTP2_HCAT_RESPONSE: true,
  NGHTTP2_HCAT_PUSH_RESPONSE: true,
  NGHTTP2_HCAT_HEADERS: true,
  NGHTTP2_NV_FLAG_NONE: true,
  NGHTTP2_NV_FLAG_NO_INDEX: true,
  NGHTTP2_ERR_DEFERRED: true,
  NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE: true,
  NGHTTP2_ERR_INVALID_ARGUMENT: true,
  NGHTTP2_ERR_STREAM_CLOSED: true,
  NGHTTP2_ERR_NOMEM: true,
  STREAM_OPTION_EMPTY_PAYLOAD: true,
  STREAM_OPTION_GET_TRAILERS: true,
};

/** Numbers of `http2Session.state` and `http2Stream.state` in their places (src/node_http2_state.h). */
function showSession(core: SessionCore, into: Float64Array): void {
  const { streams, flow, outbox, encoder, decoder } = core.connection;
  const { receiving } = flow;
  into[0] = receiving.size;
  into[1] = mathMax(0, receiving.received);
  into[2] = streams.nextId;
  into[3] = receiving.room;
  into[4] = streams.lastProcessedId;
  into[5] = flow.sendWindow;
  into[6] = outbox.size;
  into[7] = encoder.tableSize;
  into[8] = decoder.tableSize;
}

function showStream(core: StreamCore, into: Float64Array): void {
  const stream = core.session.connection.streams.get(core.id);
  into[0] = stream ? stream.shownState : IDLE;
  into[1] = stream ? DEFAULT_WEIGHT : 0;
  into[2] = 0;
  into[3] = stream?.isWriteShut ? 1 : 0;
  into[4] = stream?.isReadShut ? 1 : 0;
  into[5] = stream ? mathMax(0, stream.receiving.room) : 0;
}
const IDLE = 1;
const DEFAULT_WEIGHT = 16;

const bytesOrNone = (value: unknown): Uint8Array => (isArrayBufferView(value) ? bytesOfView(value) : new Bytes(0));

/** `internalBinding('http2')` (src/node_http2.cc). The protocol is in `../http2`; nothing of it reaches the host. */
export const install: InstallBinding = (binding, realm) => {
  const constants = binding["constants"] as Record<string, unknown>;
  const names = objectKeys(constants);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    reflectDefineProperty(constants, name, dataDescriptor(constants[name], HIDDEN[name] !== true, false, false));
  }

  const settings = new SettingsBuffer(realm, binding);
  const callbacks = new LibraryCallbacks();
  binding["refreshDefaultSettings"] = function refreshDefaultSettings(): void {
    settings.showDefaults();
  };
  binding["packSettings"] = function packSettings(): Uint8Array | undefined {
    return settings.pack();
  };
  binding["nghttp2ErrorString"] = function nghttp2ErrorString(failure: unknown): string {
    return failureText((failure as number) | 0);
  };
  binding["setCallbackFunctions"] = function setCallbackFunctions(...functions: readonly unknown[]): void {
    callbacks.set(functions);
  };

  const { AsyncWrap } = asyncObjects(realm);
  const sessionState = binding["sessionState"] as Float64Array;
  const streamStateArray = binding["streamState"] as Float64Array;

  class Http2Stream extends AsyncWrap {
    readonly #core: StreamCore;

    constructor(core: StreamCore) {
      super();
      this.#core = core;
      core.attach(this);
      registerStream(this, core);
    }

    id(): number {
      return this.#core.id;
    }

    #run<T>(run: (core: StreamCore) => T): T {
      return this.#core.session.callbacks.fromScript(() => run(this.#core));
    }

    destroy(): void {
      this.#run((core) => core.destroy());
    }

    /** RFC 9113 has no priorities any more, and Node sends none. */
    priority(): void {}

    pushPromise(headers: unknown, options: number): object | number {
      const pushed = this.#run((core) => core.pushPromise(readHeaderList(headers), Category.headers, options));
      return typeof pushed === "number" ? pushed : pushed.target;
    }

    info(headers: unknown): number {
      return this.#run((core) => core.info(readHeaderList(headers)));
    }

    trailers(headers: unknown): number {
      return this.#run((core) => core.trailers(readHeaderList(headers)));
    }

    respond(headers: unknown, options: number): number {
      return this.#run((core) => core.respond(readHeaderList(headers), options));
    }

    rstStream(code: number): void {
      this.#run((core) => core.submitReset(code >>> 0));
    }

    refreshState(): void {
      showStream(this.#core, streamStateArray);
    }
  }
  addStreamMethods(Http2Stream.prototype);

  const state: Http2State = { realm, binding, callbacks, settings, makeStream: (core) => void new Http2Stream(core) };

  class Http2Session extends AsyncWrap {
    readonly #core: SessionCore;

    constructor(type: number) {
      super();
      this.#core = new SessionCore(state, this, type);
      putOwn(this, "fields", this.#core.fields.bytes);
    }

    #run<T>(run: (core: SessionCore) => T): T {
      return this.#core.callbacks.fromScript(() => run(this.#core));
    }

    consume(handle: object): void {
      this.#core.transport.consume(handle);
    }

    receive(data: unknown): void {
      this.#core.receive(bytesOrNone(data));
    }

    destroy(code: number, socketClosed: unknown): void {
      this.#run((core) => core.close(code >>> 0, socketClosed === true));
    }

    request(headers: unknown, options: number): object | number {
      const made = this.#run((core) => core.request(readHeaderList(headers), options));
      return typeof made === "number" ? made : made.target;
    }

    goaway(code: number, lastId: number, data: unknown): void {
      this.#run((core) => core.goaway(code >>> 0, lastId | 0, bytesOrNone(data)));
    }

    ping(payload: unknown, callback: unknown): boolean {
      return this.#run((core) => core.ping(isArrayBufferView(payload) ? bytesOfView(payload) : undefined, callback));
    }

    settings(callback: unknown): boolean {
      return this.#run((core) => core.submitSettings(callback));
    }

    hasPendingData(): boolean {
      return this.#core.hasPendingData;
    }

    setGracefulClose(): void {
      this.#core.transport.isGraceful = true;
    }

    setNextStreamID(id: number): boolean {
      return this.#core.connection.streams.setNextId(id | 0);
    }

    setLocalWindowSize(size: number): number {
      return this.#run((core) => core.connection.flow.setWindow(size | 0));
    }

    updateChunksSent(): number {
      const { chunksSent } = this.#core.transport;
      putOwn(this, "chunksSentSinceLastWrite", chunksSent);
      return chunksSent;
    }

    refreshState(): void {
      showSession(this.#core, sessionState);
    }

    localSettings(): void {
      this.#core.showSettings(false);
    }

    remoteSettings(): void {
      this.#core.showSettings(true);
    }

    altsvc(streamId: number, origin: string, value: string): void {
      this.#run((core) => core.altsvc(streamId | 0, origin, value));
    }

    origin(origins: string, count: number): void {
      this.#run((core) => core.origin(origins, count | 0));
    }
  }
  binding["Http2Stream"] = Http2Stream;
  binding["Http2Session"] = Http2Session;
};
