import { putOwn } from "../lib/define.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { Errno, type Llhttp } from "../lib/llhttp.ts";
import type { Realm } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import type { ParserError } from "./http-limits.ts";
import { MessageEvents, REQUEST, type Setup } from "./http-message-events.ts";
import { On, ParserCalls } from "./http-parser-calls.ts";
import type { Listener } from "./stream-listener.ts";

const THROWN: ParserError = { code: "HPE_JS_EXCEPTION", reason: "JS Exception" };

/**
 * `Parser` of src/node_http_parser.cc: takes the bytes of one connection, from the library or from a stream, and has
 * llhttp read them.
 */
export class MessageParser {
  readonly #realm: Realm;
  readonly #llhttp: Llhttp;
  readonly #calls: ParserCalls;
  readonly #events: MessageEvents;
  #parser = 0;
  #listener: Listener | undefined;
  #depth = 0;
  #pendingPause: boolean | undefined;
  #current: Uint8Array | undefined;

  constructor(realm: Realm, llhttp: Llhttp, target: object) {
    this.#realm = realm;
    this.#llhttp = llhttp;
    this.#calls = new ParserCalls(realm, target);
    this.#events = new MessageEvents(realm, llhttp, this.#calls);
  }

  initialize(setup: Setup): void {
    const provider = setup.type === REQUEST ? "HTTPINCOMINGMESSAGE" : "HTTPCLIENTREQUEST";
    this.release();
    this.#calls.resource = asyncObjects(this.#realm).begin(this.#calls.target, provider, setup.resource);
    this.#free();
    this.#parser = this.#llhttp.alloc(setup.type, setup.lenient, this.#events);
    this.#events.begin(setup, this.#parser);
  }

  #free(): void {
    if (this.#parser !== 0 && this.#depth === 0) this.#llhttp.free(this.#parser);
    this.#parser = 0;
  }

  /** Leaves the list of connections. */
  remove(): void {
    this.#events.remove();
  }

  /** The resource ends; the parser waits for its next use. */
  release(): void {
    this.#calls.resource?.destroy();
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

  /**
   * Parses; the input's end without bytes.
   * @param isOwn nobody else has the bytes
   * @returns bytes parsed, or the error; nothing at the end of input
   */
  execute(bytes?: Uint8Array, isOwn = false): number | Error | undefined {
    const parser = this.#parser;
    if (parser === 0) return undefined;
    // llhttp_finish() says nothing about a parser that has failed already.
    if (this.#events.limits.error) return bytes && this.#failure(Errno.user, 0);
    let errno: number = Errno.ok;
    let parsed = 0;
    let hasThrown = true;
    this.#depth++;
    this.#current = bytes;
    try {
      if (bytes) [errno, parsed] = this.#llhttp.execute(parser, bytes, isOwn);
      else errno = this.#llhttp.finish(parser);
      hasThrown = false;
    } finally {
      this.#depth--;
      this.#current = undefined;
      if (hasThrown) this.#events.limits.error ??= THROWN;
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
    const { code, reason } = this.#events.limits.error ?? {
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
      read: (bytes, isOwn) => {
        const result = this.#executeOutermost(bytes, isOwn);
        if (result === undefined) return;
        this.#current = bytes;
        try {
          this.#calls.call(On.execute, [result]);
        } finally {
          this.#current = undefined;
        }
      },
    };
  }

  #executeOutermost(bytes: Uint8Array, isOwn: boolean): number | Error | undefined {
    this.#calls.isOutermost = true;
    try {
      return this.execute(bytes, isOwn);
    } finally {
      this.#calls.isOutermost = false;
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
}
