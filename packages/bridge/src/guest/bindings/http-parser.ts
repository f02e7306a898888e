import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf, exactCopy } from "../lib/bytes.ts";
import { dataDescriptor, putOwn } from "../lib/define.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { Llhttp } from "../lib/llhttp.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { objectKeys, reflectDefineProperty, reflectDeleteProperty } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { Connections } from "./http-connections.ts";
import { MessageParser } from "./http-message-parser.ts";
import { streamFrom } from "./stream-methods.ts";

/**
 * Whether nobody but the library hears what the socket of this parser reads: then what a program does to a piece of a body
 * shows nowhere else.
 */
function hasOneHearer(parser: object): boolean {
  const { socket } = parser as { socket?: { _events?: { data?: unknown } } | null };
  return typeof socket?._events?.data === "function";
}

/** `internalBinding('http_parser')` (src/node_http_parser.cc) on llhttp, which is compiled when the first parser is made. */
export const install: InstallBinding = (binding, realm) => {
  const { AsyncWrap } = asyncObjects(realm);
  let loaded: Llhttp | undefined;
  const llhttp = (): Llhttp => {
    loaded ??= new Llhttp(realm.sys.engine.manifest("llhttp"));
    return loaded;
  };
  const defaultHeaderSize = (): number =>
    realm
      .requireBuiltin<{ getOptionValue(name: string): number }>("internal/options")
      .getOptionValue("--max-http-header-size");

  class ConnectionsList {
    readonly #connections = new Connections();

    static inner(list: unknown): Connections | undefined {
      return typeof list === "object" && list !== null && #connections in list ? list.#connections : undefined;
    }

    all(): object[] {
      return this.#connections.all();
    }

    idle(): object[] {
      return this.#connections.idle();
    }

    active(): object[] {
      return this.#connections.active();
    }

    expired(headersTimeout: number, requestTimeout: number): object[] {
      return this.#connections.expired(headersTimeout, requestTimeout, realm.now());
    }
  }
  const { inner } = ConnectionsList;
  reflectDeleteProperty(ConnectionsList, "inner");

  class HTTPParser extends AsyncWrap {
    readonly #parser = new MessageParser(realm, llhttp(), this);

    initialize(type: number, resource: object, maxHeaderSize?: number, lenient?: number, connections?: unknown): void {
      this.#parser.initialize({
        type,
        resource,
        maxHeaderSize: maxHeaderSize || defaultHeaderSize(),
        lenient: lenient ?? 0,
        connections: inner(connections),
      });
    }

    execute(data: unknown): number | Error | undefined {
      const bytes = bytesOf(data);
      if (!bytes) throw notABuffer();
      return this.#parser.execute(bytes, realm.freshMemory.isAllOf(bytes) && hasOneHearer(this));
    }

    finish(): number | Error | undefined {
      return this.#parser.execute();
    }

    pause(): void {
      this.#parser.pause(true);
    }

    resume(): void {
      this.#parser.pause(false);
    }

    consume(handle: object): void {
      this.#parser.consume(streamFrom(handle).listener);
    }

    unconsume(): void {
      this.#parser.unconsume();
    }

    getCurrentBuffer(): Uint8Array {
      return asNodeBuffer(realm, exactCopy(this.#parser.currentBuffer() ?? new Bytes(0)));
    }

    remove(): void {
      this.#parser.remove();
    }

    free(): void {
      this.#parser.release();
    }

    close(): void {
      this.#parser.close();
    }
  }
  const facts = binding["HTTPParser"] as Record<string, unknown>;
  const names = objectKeys(facts);
  for (let i = 0; i < names.length; i++) putOwn(HTTPParser, names[i] as string, facts[names[i] as string]);
  reflectDefineProperty(HTTPParser, "length", dataDescriptor(0, false, false));
  binding["HTTPParser"] = HTTPParser;
  binding["ConnectionsList"] = ConnectionsList;
};
