import { StringProto } from "../primordials.ts";
import { isAuthority, isFieldName, isFieldValue, isMethod, isPath, isScheme, isTrimmed } from "./characters.ts";
import type { Field } from "./hpack-table.ts";

/** What a field is to its message: part of it, left out without a word, or what makes it malformed. */
export const Verdict = { taken: 0, ignored: 1, malformed: 2 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** Whose rules hold for a field. */
export interface FieldContext {
  /** The block is a request: a client's HEADERS, a server's PUSH_PROMISE. */
  readonly isRequest: boolean;
  readonly isTrailer: boolean;
  /** The stream was promised by a server. */
  readonly isPushed: boolean;
  /** `:protocol` is allowed (RFC 8441). */
  readonly allowsProtocol: boolean;
  /** Blanks around a value are let through. */
  readonly isLenient: boolean;
}

const NO_LENGTH = -1;
/** Fields of a connection, which a message of HTTP/2 has none of (RFC 9113 section 8.2.2). */
const CONNECTION_FIELDS: Readonly<Record<string, true | undefined>> = {
  __proto__: null as never,
  connection: true,
  "keep-alive": true,
  "proxy-connection": true,
  "transfer-encoding": true,
  upgrade: true,
};

const hundreds = (status: number): number => (status - (status % 100)) / 100;

/** A whole number of decimal digits, or `NO_LENGTH`. */
function parseLength(text: string): number {
  if (text.length === 0) return NO_LENGTH;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = StringProto.charCodeAt(text, i) - 0x30;
    if (digit < 0 || digit > 9) return NO_LENGTH;
    length = length * 10 + digit;
    if (length > 2 ** 63) return NO_LENGTH;
  }
  return length;
}

/** What is known of the message one stream receives, and whether it is well formed (RFC 9113 section 8.1). */
export class Message {
  #seen: Record<string, true | undefined> = { __proto__: null as never };
  #method = "";
  #isHttp = false;
  #path = "";
  #hasRegular = false;
  #status = -1;
  #length = NO_LENGTH;
  #received = 0;
  /** A status of 1xx came, so another block has to follow. */
  expectsFinal = false;

  /** The request this side sent, whose response is read. */
  recordMethod(method: string): void {
    this.#method = method;
  }

  /** Judges the next field of the block that is read. */
  field({ name, value }: Field, context: FieldContext): Verdict {
    const isPseudo = StringProto.charCodeAt(name, 0) === 0x3a;
    if (!isFieldName(name)) {
      if (isPseudo || hasUpperCase(name)) return Verdict.malformed;
      this.#hasRegular = true;
      return Verdict.ignored;
    }
    if (!this.#isValue(name, value, context)) {
      if (isPseudo) return Verdict.malformed;
      this.#hasRegular = true;
      return Verdict.ignored;
    }
    if (isPseudo && (context.isTrailer || this.#hasRegular)) return Verdict.malformed;
    const verdict = context.isRequest ? this.#ofRequest(name, value, context) : this.#ofResponse(name, value);
    if (verdict !== Verdict.malformed && !isPseudo) this.#hasRegular = true;
    return verdict;
  }

  #isValue(name: string, value: string, { isRequest, isLenient }: FieldContext): boolean {
    switch (name) {
      case ":method":
        return isMethod(value);
      case ":path":
        return isPath(value);
      case ":scheme":
        return isScheme(value);
      case ":authority":
      case "host":
        if (isRequest) return isAuthority(value);
        break;
    }
    return isFieldValue(value) && (isLenient || isTrimmed(value));
  }

  /** Notes a field that may come once and not empty. */
  #once(name: string, value: string): boolean {
    if (this.#seen[name] || value.length === 0) return false;
    this.#seen[name] = true;
    return true;
  }

  #ofRequest(name: string, value: string, context: FieldContext): Verdict {
    switch (name) {
      case ":authority":
      case "host":
        return this.#once(name, value) ? Verdict.taken : Verdict.malformed;
      case ":method":
        if (!this.#once(name, value) || (value === "CONNECT" && context.isPushed)) return Verdict.malformed;
        this.#method = value;
        return Verdict.taken;
      case ":path":
        if (!this.#once(name, value)) return Verdict.malformed;
        this.#path = value;
        return Verdict.taken;
      case ":scheme": {
        if (!this.#once(name, value)) return Verdict.malformed;
        const scheme = StringProto.toLowerCase(value);
        this.#isHttp = scheme === "http" || scheme === "https";
        return Verdict.taken;
      }
      case ":protocol":
        return context.allowsProtocol && this.#once(name, value) ? Verdict.taken : Verdict.malformed;
      case "content-length":
        return this.#takeLength(value);
      default:
        return this.#ofBoth(name, value);
    }
  }

  #ofResponse(name: string, value: string): Verdict {
    switch (name) {
      case ":status": {
        if (!this.#once(name, value) || value.length !== 3) return Verdict.malformed;
        this.#status = parseLength(value);
        // HTTP/2 has no switching of protocols (RFC 9113 section 8.6).
        return this.#status === NO_LENGTH || this.#status === 101 ? Verdict.malformed : Verdict.taken;
      }
      case "content-length":
        return this.#lengthOfResponse(value);
      default:
        return this.#ofBoth(name, value);
    }
  }

  #lengthOfResponse(value: string): Verdict {
    if (this.#status === 204) {
      // Forbidden, and yet sent by many.
      if (this.#length !== NO_LENGTH || value !== "0") return Verdict.malformed;
      this.#length = 0;
      return Verdict.ignored;
    }
    if (hundreds(this.#status) === 1) return Verdict.malformed;
    if (hundreds(this.#status) === 2 && this.#method === "CONNECT") return Verdict.ignored;
    return this.#takeLength(value);
  }

  #takeLength(value: string): Verdict {
    if (this.#length !== NO_LENGTH) return Verdict.malformed;
    this.#length = parseLength(value);
    return this.#length === NO_LENGTH ? Verdict.malformed : Verdict.taken;
  }

  #ofBoth(name: string, value: string): Verdict {
    if (CONNECTION_FIELDS[name]) return Verdict.malformed;
    if (name === "te") return StringProto.toLowerCase(value) === "trailers" ? Verdict.taken : Verdict.malformed;
    return StringProto.charCodeAt(name, 0) === 0x3a ? Verdict.malformed : Verdict.taken;
  }

  /** @returns whether the block that ended is a request */
  endRequest(isPromise: boolean): boolean {
    const seen = this.#seen;
    if (this.#method === "CONNECT" && !seen[":protocol"]) {
      if (seen[":scheme"] || seen[":path"] || !seen[":authority"]) return false;
      this.#length = NO_LENGTH;
    } else if (!this.#isWholeRequest()) {
      return false;
    }
    if (!isPromise) return true;
    // The same stream receives the response.
    this.#startOver();
    this.#length = NO_LENGTH;
    return true;
  }

  #isWholeRequest(): boolean {
    const seen = this.#seen;
    if (!seen[":method"] || !seen[":path"] || !seen[":scheme"]) return false;
    if (!seen[":authority"] && !seen["host"]) return false;
    if (seen[":protocol"] && (this.#method !== "CONNECT" || !seen[":authority"])) return false;
    if (!this.#isHttp) return true;
    return StringProto.charCodeAt(this.#path, 0) === 0x2f || (this.#method === "OPTIONS" && this.#path === "*");
  }

  #startOver(): void {
    this.#seen = { __proto__: null as never };
    this.#hasRegular = false;
  }

  /** @returns whether the block that ended is a response, final or not */
  endResponse(): boolean {
    if (!this.#seen[":status"]) return false;
    const status = this.#status;
    if (hundreds(status) === 1) {
      this.#startOver();
      this.expectsFinal = true;
      this.#length = NO_LENGTH;
      this.#status = -1;
      return true;
    }
    this.expectsFinal = false;
    if (this.#method === "HEAD" || status === 304 || status === 204) this.#length = 0;
    else if (this.#method === "CONNECT") this.#length = NO_LENGTH;
    return true;
  }

  /** @returns whether so many bytes more may come */
  data(count: number): boolean {
    this.#received += count;
    return !this.expectsFinal && (this.#length === NO_LENGTH || this.#received <= this.#length);
  }

  /** @returns whether the message may end here */
  end(): boolean {
    return !this.expectsFinal && (this.#length === NO_LENGTH || this.#received === this.#length);
  }
}

function hasUpperCase(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = StringProto.charCodeAt(name, i);
    if (code >= 0x41 && code <= 0x5a) return true;
  }
  return false;
}
