import { putOwn } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { type Callbacks, Errno, type Llhttp } from "../lib/llhttp.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { mathTrunc, reflectApply } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";
import type { Connected, Connections } from "./http-connections.ts";
import { HeaderPairs } from "./http-headers.ts";
import { type ParserError, ParserLimits } from "./http-limits.ts";
import type { Listener } from "./stream-listener.ts";

/** Where the library puts its callbacks on a parser. */
const On = { messageBegin: 0, headers: 1, headersComplete: 2, body: 3, messageComplete: 4, execute: 5 } as const;
const REQUEST = 1;

const THROWN: ParserError = { code: "HPE_JS_EXCEPTION", reason: "JS Exception" };

/** What `initialize` was called with. */
export interface Setup {
  readonly type: number;
  readonly resource: object;
  readonly maxHeaderSize: number;
  readonly lenient: number;
  readonly connections: Connections | undefined;
}

/** `Parser` of src/node_http_parser.cc: one connection's messages, from bytes to the library's callbacks. */
export class MessageParser implements Callbacks, Connected {
  readonly target: object;
  readonly #realm: Realm;
  readonly #llhttp: Llhttp;
  readonly #pairs = new HeaderPairs();
  #parser = 0;
  #setup: Setup | undefined;
  #resource: AsyncResource | undefined;
  #listener: Listener | undefined;
  messageStart = 0;
  headersCompleted = false;
  #limits = new ParserLimits(0);
  #hasFlushed = false;
  #url = "";
  #status = "";
  #depth = 0;
  #pendingPause: boolean | undefined;
  #current: Uint8Array | undefined;
  /** The bytes come from the loop and not from the library: callbacks are the loop's own then. */
  #isOutermost = false;

  constructor(realm: Realm, llhttp: Llhttp, target: object) {
    this.#realm = realm;
    this.#llhttp = llhttp;
    this.target = target;
  }

  initialize(setup: Setup): void {
    const provider = setup.type === REQUEST ? "HTTPINCOMINGMESSAGE" : "HTTPCLIENTREQUEST";
    this.release();
    this.#resource = asyncObjects(this.#realm).begin(this.target, provider, setup.resource);
    this.#free();
    this.#parser = this.#llhttp.alloc(setup.type, setup.lenient, this);
    this.#setup = setup;
    this.#limits = new ParserLimits(setup.maxHeaderSize);
    this.#hasFlushed = false;
    this.#startMessage();
    if (!setup.connections) return;
    // A connection that never says anything is late too.
    this.messageStart = this.#now();
    setup.connections.add(this, true);
  }

  get #isRequest(): boolean {
    return this.#setup?.type === REQUEST;
  }

  #startMessage(): void {
    this.#limits.beginMessage();
    this.#pairs.clear();
    this.#url = "";
    this.#status = "";
    this.headersCompleted = false;
  }

  #now(): number {
    return this.#realm.now();
  }

  #free(): void {
    if (this.#parser !== 0 && this.#depth === 0) this.#llhttp.free(this.#parser);
    this.#parser = 0;
  }

  /** Leaves the list of connections. */
  remove(): void {
    this.#setup?.connections?.delete(this);
  }

  /** The resource ends; the parser waits for its next use. */
  release(): void {
    this.#resource?.destroy();
  }

  close(): void {
    this.unconsume();
    this.remove();
    this.release();
    this.#free();
  }

  pause(wanted: boolean): void {
    if (this.#depth > 0) this.#pendingPause = wanted;
    else if (this.#parser !== 0) this.#setPaused(wanted);
  }

  #setPaused(paused: boolean): void {
    if (paused) this.#llhttp.pause(this.#parser);
    else this.#llhttp.resume(this.#parser);
  }

  /** Parses; the input's end without bytes. -> bytes parsed, or the error; nothing at the end of input */
  execute(bytes?: Uint8Array): number | Error | undefined {
    const parser = this.#parser;
    if (parser === 0) return undefined;
    // llhttp_finish() says nothing about a parser that has failed already.
    if (this.#limits.error) return bytes && this.#failure(Errno.user, 0);
    let errno: number = Errno.ok;
    let parsed = 0;
    let hasThrown = true;
    this.#depth++;
    this.#current = bytes;
    try {
      if (bytes) [errno, parsed] = this.#llhttp.execute(parser, bytes);
      else errno = this.#llhttp.finish(parser);
      hasThrown = false;
    } finally {
      this.#depth--;
      this.#current = undefined;
      if (hasThrown) this.#limits.error ??= THROWN;
      // Closed meanwhile.
      if (this.#parser !== parser && this.#depth === 0) this.#llhttp.free(parser);
    }
    if (this.#parser !== parser) return parsed;
    if (this.#pendingPause !== undefined) {
      this.#setPaused(this.#pendingPause);
      this.#pendingPause = undefined;
    }
    if (errno !== Errno.ok && !this.#llhttp.isUpgrade(parser)) return this.#failure(errno, parsed);
    return bytes ? parsed : undefined;
  }

  #failure(errno: number, parsed: number): Error {
    const { code, reason } = this.#limits.error ?? {
      code: this.#llhttp.errorName(errno),
      reason: this.#llhttp.errorReason(this.#parser),
    };
    const error = new NativeError("Parse Error");
    putOwn(error, "bytesParsed", parsed);
    putOwn(error, "code", code);
    putOwn(error, "reason", reason);
    return error;
  }

  /** From now on it takes the bytes of a stream itself. */
  consume(listener: Listener): void {
    this.#listener = listener;
    listener.consumer = {
      copies: true,
      read: (bytes) => {
        const result = this.#executeOutermost(bytes);
        if (result === undefined) return;
        this.#current = bytes;
        try {
          this.#call(On.execute, [result]);
        } finally {
          this.#current = undefined;
        }
      },
    };
  }

  #executeOutermost(bytes: Uint8Array): number | Error | undefined {
    this.#isOutermost = true;
    try {
      return this.execute(bytes);
    } finally {
      this.#isOutermost = false;
    }
  }

  unconsume(): void {
    if (this.#listener) this.#listener.consumer = undefined;
    this.#listener = undefined;
  }

  /** The bytes that are being parsed, to be copied. */
  currentBuffer(): Uint8Array | undefined {
    return this.#current;
  }

  /** Calls one of the library's callbacks where it is there. */
  #call(key: number, args: readonly unknown[]): unknown {
    const callback = (this.target as Record<number, unknown>)[key];
    return typeof callback === "function" ? this.#resource?.call(callback, args) : undefined;
  }

  /** The same as a callback of the loop, which ends with its ticks (`MakeCallback`), where nothing of the library runs. */
  #make(key: number, args: readonly unknown[]): void {
    this.#call(key, args);
    if (!this.#isOutermost) return;
    const { loop, native, process } = this.#realm;
    if (!loop.hasScheduledTicks) native?.runMicrotasks();
    if (loop.hasScheduledTicks) reflectApply(loop.hooks.tick, process, []);
  }

  #flush(): void {
    const url = this.#url;
    this.#url = "";
    this.#hasFlushed = true;
    this.#make(On.headers, [this.#pairs.take(), url]);
  }

  messageBegin(): number {
    this.remove();
    this.#startMessage();
    this.messageStart = this.#now();
    this.#setup?.connections?.add(this, true);
    this.#call(On.messageBegin, []);
    return 0;
  }

  url(text: string): number {
    const failed = this.#limits.countHeader(text.length);
    this.#url += text;
    return failed;
  }

  status(text: string): number {
    const failed = this.#limits.countHeader(text.length);
    this.#status += text;
    return failed;
  }

  headerField(text: string): number {
    let failed = this.#limits.countHeader(text.length);
    if (failed === 0 && this.#isRequest && this.#pairs.isComplete) {
      failed = this.#limits.countField((this.target as { maxHeaderPairs?: unknown }).maxHeaderPairs);
    }
    if (failed === 0) this.#pairs.name(text, () => this.#flush());
    return failed;
  }

  headerValue(text: string): number {
    const failed = this.#limits.countHeader(text.length);
    if (failed === 0) this.#pairs.value(text);
    return failed;
  }

  headersComplete(statusCode: number, upgrade: boolean, keepAlive: boolean): number {
    this.headersCompleted = true;
    this.#limits.endHeaders();
    if (typeof (this.target as Record<number, unknown>)[On.headersComplete] !== "function") return 0;
    const isRequest = this.#isRequest;
    let headers: string[] | undefined;
    let url: string | undefined;
    if (this.#hasFlushed) {
      this.#flush();
    } else {
      headers = this.#pairs.take();
      if (isRequest) url = this.#url;
    }
    const [major, minor] = this.#llhttp.version(this.#parser);
    const answer = this.#call(On.headersComplete, [
      major,
      minor,
      headers,
      isRequest ? this.#llhttp.method(this.#parser) : undefined,
      url,
      isRequest ? undefined : statusCode,
      isRequest ? undefined : this.#status,
      upgrade,
      keepAlive,
    ]);
    return typeof answer === "number" ? mathTrunc(answer) : answer === true ? 1 : 0;
  }

  body(bytes: Uint8Array): number {
    if (bytes.length > 0) this.#make(On.body, [asNodeBuffer(this.#realm, bytes)]);
    return 0;
  }

  chunkHeader(): number {
    this.#limits.beginChunk();
    return 0;
  }

  chunkExtension(size: number): number {
    return this.#limits.countExtension(size);
  }

  messageComplete(): number {
    this.remove();
    this.messageStart = 0;
    this.#setup?.connections?.add(this, false);
    if (!this.#pairs.isEmpty) this.#flush();
    this.#call(On.messageComplete, []);
    return 0;
  }
}
