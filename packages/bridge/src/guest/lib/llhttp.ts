import { getterOf, jsonParse, SafeMap, TypedArrayProto } from "../primordials.ts";
import { base64Write } from "./base64.ts";
import { Bytes } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";
import type { NativeWebAssembly } from "./wasm-limits.ts";

/** llhttp's error numbers that the binding treats apart (deps/llhttp/include/llhttp.h). */
export const Errno = { ok: 0, pausedUpgrade: 22, user: 24 } as const;

/** What a parser tells while it reads. Each answers 0, or what llhttp's own callback would. */
export interface Callbacks {
  messageBegin(): number;
  url(text: string): number;
  status(text: string): number;
  headerField(text: string): number;
  headerValue(text: string): number;
  headersComplete(statusCode: number, upgrade: boolean, keepAlive: boolean): number;
  /** @param bytes a copy */
  body(bytes: Uint8Array): number;
  messageComplete(): number;
}

/** What the module exports, as far as it is used. Pointers are offsets into its memory. */
interface Exports {
  readonly memory: object;
  malloc(size: number): number;
  free(pointer: number): void;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_execute(parser: number, data: number, size: number): number;
  llhttp_finish(parser: number): number;
  llhttp_pause(parser: number): void;
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_errno_name(errno: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_get_upgrade(parser: number): number;
  llhttp_set_lenient_headers(parser: number, on: number): void;
  llhttp_set_lenient_chunked_length(parser: number, on: number): void;
  llhttp_set_lenient_keep_alive(parser: number, on: number): void;
  llhttp_set_lenient_transfer_encoding(parser: number, on: number): void;
}

/** `HTTPParser.kLenient*` this build of llhttp has a switch for. */
const Lenient = { headers: 1, chunkedLength: 2, keepAlive: 4, transferEncoding: 8 } as const;

/** Getters of WebAssembly's prototypes, captured with the constructors. */
interface Natives {
  readonly wasm: NativeWebAssembly;
  exports(instance: object): object;
  buffer(memory: object): ArrayBuffer;
}

let natives: Natives | undefined;

/** Keeps V8's own constructors, before a program can replace them. */
export function captureWebAssembly(wasm: NativeWebAssembly): void {
  natives = {
    wasm: { Memory: wasm.Memory, Module: wasm.Module, Instance: wasm.Instance },
    exports: getterOf<object>(wasm.Instance.prototype as object, "exports"),
    buffer: getterOf<ArrayBuffer>(wasm.Memory.prototype as object, "buffer"),
  };
}

/** llhttp as it ships with Node's library, in WebAssembly: any number of parsers in one memory. */
export class Llhttp {
  readonly #exports: Exports;
  readonly #natives: Natives;
  readonly #parsers = new SafeMap<number, Callbacks>();

  /** @param image the module in base64, as JSON */
  constructor(image: string) {
    if (!natives) throw new Error("WebAssembly is not there");
    this.#natives = natives;
    const text = jsonParse(image) as string;
    const room = new Bytes((text.length * 3) / 4);
    const size = base64Write(room, text, 0, room.length);
    const { Module, Instance } = natives.wasm;
    const module = new Module(TypedArrayProto.slice(room, 0, size));
    this.#exports = natives.exports(new Instance(module, { __proto__: null, env: this.#imports() })) as Exports;
  }

  #imports(): object {
    const of = (parser: number): Callbacks => this.#parsers.get(parser) as Callbacks;
    const text = (at: number, size: number): string => latin1Decode(this.#memory(), at, at + size);
    return {
      __proto__: null,
      wasm_on_message_begin: (parser: number) => of(parser).messageBegin(),
      wasm_on_url: (parser: number, at: number, size: number) => of(parser).url(text(at, size)),
      wasm_on_status: (parser: number, at: number, size: number) => of(parser).status(text(at, size)),
      wasm_on_header_field: (parser: number, at: number, size: number) => of(parser).headerField(text(at, size)),
      wasm_on_header_value: (parser: number, at: number, size: number) => of(parser).headerValue(text(at, size)),
      wasm_on_headers_complete: (parser: number, status: number, upgrade: number, keepAlive: number) =>
        of(parser).headersComplete(status, upgrade !== 0, keepAlive !== 0),
      wasm_on_body: (parser: number, at: number, size: number) =>
        of(parser).body(TypedArrayProto.slice(this.#memory(), at, at + size)),
      wasm_on_message_complete: (parser: number) => of(parser).messageComplete(),
    };
  }

  /** The memory moves when it grows. */
  #memory(): Uint8Array {
    return new Bytes(this.#natives.buffer(this.#exports.memory));
  }

  #string(at: number): string {
    if (at === 0) return "";
    const memory = this.#memory();
    return latin1Decode(memory, at, TypedArrayProto.indexOf(memory, 0, at));
  }

  /** @param type 1 request, 2 response -> the parser */
  alloc(type: number, lenient: number, callbacks: Callbacks): number {
    const wasm = this.#exports;
    const parser = wasm.llhttp_alloc(type);
    this.#parsers.set(parser, callbacks);
    if ((lenient & Lenient.headers) !== 0) wasm.llhttp_set_lenient_headers(parser, 1);
    if ((lenient & Lenient.chunkedLength) !== 0) wasm.llhttp_set_lenient_chunked_length(parser, 1);
    if ((lenient & Lenient.keepAlive) !== 0) wasm.llhttp_set_lenient_keep_alive(parser, 1);
    if ((lenient & Lenient.transferEncoding) !== 0) wasm.llhttp_set_lenient_transfer_encoding(parser, 1);
    return parser;
  }

  free(parser: number): void {
    this.#parsers.delete(parser);
    this.#exports.llhttp_free(parser);
  }

  /**
   * Parses. What a callback throws passes through: V8 then knows where it was thrown, and the parser is not to be used
   * again.
   * @returns the error number, and how many bytes were parsed
   */
  execute(parser: number, data: Uint8Array): readonly [errno: number, parsed: number] {
    const wasm = this.#exports;
    const size = data.length;
    const at = wasm.malloc(size === 0 ? 1 : size);
    try {
      TypedArrayProto.set(this.#memory(), data, at);
      const errno = wasm.llhttp_execute(parser, at, size);
      if (errno === Errno.ok) return [errno, size];
      const parsed = wasm.llhttp_get_error_pos(parser) - at;
      if (errno === Errno.pausedUpgrade) wasm.llhttp_resume_after_upgrade(parser);
      return [errno === Errno.pausedUpgrade ? Errno.ok : errno, parsed];
    } finally {
      wasm.free(at);
    }
  }

  /** The input ends. -> the error number */
  finish(parser: number): number {
    return this.#exports.llhttp_finish(parser);
  }

  pause(parser: number): void {
    this.#exports.llhttp_pause(parser);
  }

  resume(parser: number): void {
    this.#exports.llhttp_resume(parser);
  }

  errorName(errno: number): string {
    return this.#string(this.#exports.llhttp_errno_name(errno));
  }

  errorReason(parser: number): string {
    return this.#string(this.#exports.llhttp_get_error_reason(parser));
  }

  version(parser: number): readonly [major: number, minor: number] {
    return [this.#exports.llhttp_get_http_major(parser), this.#exports.llhttp_get_http_minor(parser)];
  }

  method(parser: number): number {
    return this.#exports.llhttp_get_method(parser);
  }

  isUpgrade(parser: number): boolean {
    return this.#exports.llhttp_get_upgrade(parser) !== 0;
  }
}
