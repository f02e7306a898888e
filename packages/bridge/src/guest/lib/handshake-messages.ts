import { typedArrayByteLength } from "../primordials.ts";
import { ByteReader } from "./byte-reader.ts";
import { joinBytes, part } from "./bytes.ts";
import { append } from "./define.ts";
import { Bytes } from "./intrinsics.ts";

const HANDSHAKE_RECORD = 22;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
/** More than that of one flight in clear is no handshake a program is asked about. */
const MOST = 128 * 1024;

/** Kinds of messages (RFC 5246, 7.4; RFC 8446, 4). */
export const HandshakeType = {
  clientHello: 1,
  serverHello: 2,
  serverKeyExchange: 12,
  serverHelloDone: 14,
  clientKeyExchange: 16,
} as const;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** Reads along the handshake of one side as long as it is in clear. */
export class HandshakeMessages {
  #records: Uint8Array = new Bytes(0);
  #messages: Uint8Array = new Bytes(0);
  #isOver = false;

  /** -> the messages these bytes complete */
  read(bytes: Uint8Array): HandshakeMessage[] {
    if (this.#isOver) return [];
    this.#records = joinBytes([this.#records, bytes]);
    for (let record = this.#next(); record !== undefined; record = this.#next()) {
      this.#messages = joinBytes([this.#messages, record]);
    }
    if (typedArrayByteLength(this.#records) + typedArrayByteLength(this.#messages) > MOST) this.#isOver = true;
    return this.#split();
  }

  /** The body of the next whole record. */
  #next(): Uint8Array | undefined {
    const size = typedArrayByteLength(this.#records);
    if (this.#isOver || size < RECORD_HEADER) return undefined;
    const reader = new ByteReader(this.#records);
    if (reader.number(1) !== HANDSHAKE_RECORD) {
      this.#isOver = true;
      return undefined;
    }
    reader.take(2);
    const body = reader.block(2);
    if (reader.isShort) return undefined;
    this.#records = part(this.#records, RECORD_HEADER + typedArrayByteLength(body), size);
    return body;
  }

  #split(): HandshakeMessage[] {
    const found: HandshakeMessage[] = [];
    for (;;) {
      const size = typedArrayByteLength(this.#messages);
      if (size < MESSAGE_HEADER) return found;
      const reader = new ByteReader(this.#messages);
      const type = reader.number(1);
      const body = reader.block(3);
      if (reader.isShort) return found;
      append(found, { type, body });
      this.#messages = part(this.#messages, MESSAGE_HEADER + typedArrayByteLength(body), size);
    }
  }
}
