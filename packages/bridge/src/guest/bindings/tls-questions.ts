import type { Client } from "../../contract/index.ts";
import { ByteReader } from "../lib/byte-reader.ts";
import { bytesOf, exactCopy } from "../lib/bytes.ts";
import { protocolAt, readClientHello } from "../lib/client-hello.ts";
import { decodeBytes, Encoding, encodeString } from "../lib/encodings.ts";
import { type HandshakeMessage, HandshakeMessages, HandshakeType } from "../lib/handshake-messages.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { hasPresharedKey } from "../lib/psk-suites.ts";
import { isArrayBufferView, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import type { AsyncResource } from "./async-object.ts";

/** Longest pre-shared key and identity of OpenSSL, bytes (PSK_MAX_PSK_LEN, PSK_MAX_IDENTITY_LEN). */
const MAX_KEY = 512;
const MAX_IDENTITY = 256;
const TLS1_3 = 0x0304;
const VERSION_AND_RANDOM = 34;
/** "The highest there is." */
const ANY = 0;

const text = (bytes: Uint8Array): string => decodeBytes(bytes, 0, typedArrayByteLength(bytes), Encoding.utf8);

/** What the library puts on the connection's object. */
interface Target {
  readonly ALPNCallback?: unknown;
  readonly [symbol: symbol]: unknown;
}

export interface QuestionParts {
  readonly realm: Realm;
  readonly target: object;
  readonly resource: AsyncResource;
  readonly isServer: boolean;
  /** The highest protocol version of the connection's context. */
  readonly maxVersion: number;
  /** Runs a syscall about the connection while there is one. */
  readonly tell: (run: (tls: Client["tls"], id: number) => void) => void;
}

/**
 * Which protocol, which pre-shared key: OpenSSL asks the program in the middle of a step, and a step cannot ask the
 * guest. So the handshake's messages are read along, the program is asked before the engine gets to see the message that
 * makes it ask, and the engine finds the answer there.
 */
export class Questions {
  readonly #parts: QuestionParts;
  readonly #theirs = new HandshakeMessages();
  readonly #ours = new HandshakeMessages();
  #asksProtocol = false;
  #asksKey = false;
  /** The server chose a cipher that takes a pre-shared key. */
  #isKeyed = false;
  #hint: string | null = null;
  /** While the program is asked: the name its answer may depend on. */
  servername: string | undefined;

  constructor(parts: QuestionParts) {
    this.#parts = parts;
  }

  askProtocol(): void {
    this.#asksProtocol = true;
  }

  askKey(): void {
    this.#asksKey = true;
  }

  /** A client is about to begin: TLS 1.3 has the key in its first message. */
  onStart(): void {
    const { maxVersion } = this.#parts;
    if (this.#asksKey && (maxVersion === ANY || maxVersion >= TLS1_3)) this.#askClient();
  }

  /** The engine is about to see these bytes of the other side. */
  onInput(bytes: Uint8Array): void {
    this.#read(this.#theirs, bytes, this.#parts.isServer);
  }

  /** The engine has made these bytes for the other side. */
  onOutput(bytes: Uint8Array): void {
    if (this.#parts.isServer) this.#read(this.#ours, bytes, false);
  }

  #read(reader: HandshakeMessages, bytes: Uint8Array, isFromClient: boolean): void {
    if (!this.#asksProtocol && !this.#asksKey) return;
    const messages = reader.read(bytes);
    for (let i = 0; i < messages.length; i++) {
      const { type, body } = messages[i] as HandshakeMessage;
      if (isFromClient) this.#onClient(type, body);
      else this.#onServer(type, body);
    }
  }

  #onClient(type: number, body: Uint8Array): void {
    if (type === HandshakeType.clientHello) {
      const hello = readClientHello(body);
      if (!hello) return;
      const { identities, protocols, servername } = hello;
      const { maxVersion } = this.#parts;
      if (this.#asksKey && (maxVersion === ANY || maxVersion >= TLS1_3)) {
        for (let i = 0; i < identities.length; i++) if (this.#askServer(identities[i] as Uint8Array)) break;
      }
      if (this.#asksProtocol && protocols) this.#choose(protocols, servername);
    } else if (type === HandshakeType.clientKeyExchange && this.#isKeyed) {
      this.#askServer(new ByteReader(body).block(2));
    }
  }

  #onServer(type: number, body: Uint8Array): void {
    if (!this.#asksKey) return;
    if (type === HandshakeType.serverHello) this.#isKeyed = hasPresharedKey(readSuite(body));
    if (this.#parts.isServer) return;
    if (type === HandshakeType.serverKeyExchange && this.#isKeyed) this.#hint = text(new ByteReader(body).block(2));
    else if (type === HandshakeType.serverHelloDone && this.#isKeyed) this.#askClient();
  }

  #choose(protocols: Uint8Array, servername: Uint8Array | undefined): void {
    const { realm, resource, target, tell } = this.#parts;
    const { ALPNCallback } = target as Target;
    if (typeof ALPNCallback !== "function") return;
    this.servername = servername && text(servername);
    const offset = resource.call(ALPNCallback, [asNodeBuffer(realm, exactCopy(protocols))]);
    this.servername = undefined;
    const chosen = typeof offset === "number" ? exactCopy(protocolAt(protocols, offset)) : undefined;
    tell((tls, id) => tls.chooseProtocol(id, chosen));
  }

  #exchange(...args: readonly unknown[]): unknown {
    const { realm, resource, target } = this.#parts;
    const { onpskexchange } = realm.internalBinding("symbols") as { onpskexchange: symbol };
    const callback = (target as Target)[onpskexchange];
    return typeof callback === "function" ? resource.call(callback, args) : undefined;
  }

  /** -> whether the program has a key for this identity */
  #askServer(identity: Uint8Array): boolean {
    const name = text(identity);
    // Not every identity is a text: the others are tickets of sessions.
    if (!sameBytes(encodeString(name, Encoding.utf8), identity)) return false;
    const key = this.#exchange(name, MAX_KEY);
    if (!isArrayBufferView(key)) return false;
    this.#answer(name, key);
    return true;
  }

  #askClient(): void {
    const answer = this.#exchange(this.#hint, MAX_KEY, MAX_IDENTITY) as
      | { psk?: unknown; identity?: unknown }
      | undefined;
    if (typeof answer !== "object" || answer === null) return;
    const { psk, identity } = answer;
    if (isArrayBufferView(psk) && typeof identity === "string") this.#answer(identity, psk);
  }

  #answer(identity: string, key: ArrayBufferView): void {
    const bytes = exactCopy(bytesOf(key) as Uint8Array);
    this.#parts.tell((tls, id) => tls.presharedKey(id, identity, bytes));
  }
}

/** The cipher suite of a ServerHello (RFC 5246, 7.4.1.3). */
function readSuite(body: Uint8Array): number {
  const reader = new ByteReader(body);
  reader.take(VERSION_AND_RANDOM);
  reader.block(1);
  return reader.number(2);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  const size = typedArrayByteLength(left);
  if (size !== typedArrayByteLength(right)) return false;
  for (let i = 0; i < size; i++) if (left[i] !== right[i]) return false;
  return true;
}
