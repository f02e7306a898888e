import type { Callbacks, Llhttp } from "../lib/llhttp.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { mathTrunc } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type Connected, type Connections, Place } from "./http-connections.ts";
import { HeaderPairs } from "./http-headers.ts";
import { ParserLimits } from "./http-limits.ts";
import { On, type ParserCalls } from "./http-parser-calls.ts";

export const REQUEST = 1;

/** What a parser's `initialize` was called with. */
export interface Setup {
  /** `REQUEST`, or a response. */
  readonly type: number;
  readonly resource: object;
  /** In bytes; this many are too many. */
  readonly maxHeaderSize: number;
  readonly lenient: number;
  readonly connections: Connections | undefined;
}

/** One connection's messages: what llhttp says of them, counted, put together and told the library. */
export class MessageEvents implements Callbacks, Connected {
  readonly target: object;
  readonly #realm: Realm;
  readonly #llhttp: Llhttp;
  readonly #calls: ParserCalls;
  readonly #pairs = new HeaderPairs();
  #isRequest = false;
  #connections: Connections | undefined;
  readonly #place: Place = new Place(this);
  #parser = 0;
  messageStart = 0;
  headersCompleted = false;
  limits = new ParserLimits(0);
  /** Headers were too many to be told at once: what is left is told the same way. */
  #hasFlushed = false;
  #url = "";
  #status = "";

  constructor(realm: Realm, llhttp: Llhttp, calls: ParserCalls) {
    this.#realm = realm;
    this.#llhttp = llhttp;
    this.#calls = calls;
    this.target = calls.target;
  }

  /** @param parser llhttp's, which will say what comes */
  begin({ type, maxHeaderSize, connections }: Setup, parser: number): void {
    this.#isRequest = type === REQUEST;
    this.#connections = connections;
    this.#parser = parser;
    this.limits = new ParserLimits(maxHeaderSize);
    this.#hasFlushed = false;
    this.#startMessage();
    if (!connections) return;
    // A connection that never says anything is late too.
    this.messageStart = this.#realm.now();
    connections.add(this.#place, true);
  }

  /** Leaves the list of connections. */
  remove(): void {
    this.#connections?.delete(this.#place);
  }

  #startMessage(): void {
    this.limits.beginMessage();
    this.#pairs.clear();
    this.#url = "";
    this.#status = "";
    this.headersCompleted = false;
  }

  #flush(): void {
    const url = this.#url;
    this.#url = "";
    this.#hasFlushed = true;
    this.#calls.make(On.headers, [this.#pairs.take(), url]);
  }

  messageBegin(): number {
    this.remove();
    this.#startMessage();
    this.messageStart = this.#realm.now();
    this.#connections?.add(this.#place, true);
    this.#calls.call(On.messageBegin, []);
    return 0;
  }

  url(text: string): number {
    const failed = this.limits.countHeader(text.length);
    this.#url += text;
    return failed;
  }

  status(text: string): number {
    const failed = this.limits.countHeader(text.length);
    this.#status += text;
    return failed;
  }

  headerField(text: string): number {
    let failed = this.limits.countHeader(text.length);
    if (failed === 0 && this.#isRequest && this.#pairs.isComplete) {
      failed = this.limits.countField((this.target as { maxHeaderPairs?: unknown }).maxHeaderPairs);
    }
    if (failed === 0) this.#pairs.name(text, () => this.#flush());
    return failed;
  }

  headerValue(text: string): number {
    const failed = this.limits.countHeader(text.length);
    if (failed === 0) this.#pairs.value(text);
    return failed;
  }

  headersComplete(statusCode: number, upgrade: boolean, keepAlive: boolean): number {
    this.headersCompleted = true;
    this.limits.endHeaders();
    if (!this.#calls.has(On.headersComplete)) return 0;
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
    const answer = this.#calls.call(On.headersComplete, [
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
    if (bytes.length > 0) this.#calls.make(On.body, [asNodeBuffer(this.#realm, bytes)]);
    return 0;
  }

  chunkHeader(): number {
    this.limits.beginChunk();
    return 0;
  }

  chunkExtension(size: number): number {
    return this.limits.countExtension(size);
  }

  messageComplete(): number {
    this.remove();
    this.messageStart = 0;
    this.#connections?.add(this.#place, false);
    if (!this.#pairs.isEmpty) this.#flush();
    this.#calls.call(On.messageComplete, []);
    return 0;
  }
}
