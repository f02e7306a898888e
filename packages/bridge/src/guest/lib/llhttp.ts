import { getterOf, jsonParse, SafeMap, TypedArrayProto } from "../primordials.ts";
import { base64Write } from "./base64.ts";
import { exactCopy, isWhole, part } from "./bytes.ts";
import { Bytes, Ints } from "./intrinsics.ts";
import { latin1Decode } from "./latin1.ts";
import { ExpectedBody } from "./llhttp-body.ts";
import { Input } from "./llhttp-input.ts";
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
  /** The line of a chunk's size has been read. */
  chunkHeader(): number;
  /** @param size bytes of an extension's name or value */
  chunkExtension(size: number): number;
  messageComplete(): number;
}

/** What is kept for a parser. */
interface Parser {
  readonly callbacks: Callbacks;
  readonly body: ExpectedBody;
  /** Between the end of a message's headers and its own. */
  isInBody: boolean;
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
}

/** The switches of llhttp by the bits of `HTTPParser.kLenient*` (src/node_http_parser.cc). */
const LENIENT = [
  "headers",
  "chunked_length",
  "keep_alive",
  "transfer_encoding",
  "version",
  "data_after_close",
  "optional_lf_after_cr",
  "optional_crlf_after_chunk",
  "optional_cr_before_lf",
  "spaces_after_chunk_size",
] as const;
type Switches = Readonly<
  Record<`llhttp_set_lenient_${(typeof LENIENT)[number]}`, (parser: number, on: number) => void>
>;

/** Where the pointer to its callbacks (`llhttp_settings_t`) is in a parser, in bytes, and which of them are used here. */
const SETTINGS = 56;
const Slot = { messageBegin: 0, url: 2, status: 3, extensionName: 8, extensionValue: 9, chunkHeader: 22 } as const;

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

/** llhttp in WebAssembly: any number of parsers in one memory. */
export class Llhttp {
  readonly #exports: Exports & Switches;
  readonly #natives: Natives;
  readonly #parsers = new SafeMap<number, Parser>();
  /** What is being read; callbacks may have another parser read in between. */
  #input: Input<Parser> | undefined;
  #viewed: ArrayBuffer | undefined;
  #view = new Bytes(0);
  #wordsView = new Ints(0);

  /** @param image the module in base64, as JSON */
  constructor(image: string) {
    if (!natives) throw new Error("WebAssembly is not there");
    this.#natives = natives;
    const text = jsonParse(image) as string;
    const room = new Bytes((text.length * 3) / 4);
    const size = base64Write(room, text, 0, room.length);
    const { Module, Instance } = natives.wasm;
    const module = new Module(TypedArrayProto.slice(room, 0, size));
    this.#exports = natives.exports(new Instance(module, { __proto__: null, env: this.#imports() })) as Exports &
      Switches;
    this.#hearChunks();
  }

  /**
   * The image was built to hear nothing of chunks. All its parsers share one table of callbacks: those of a message's
   * first line, which are silent while a body is read, are put in the place of a chunk's, whose form is the same.
   */
  #hearChunks(): void {
    const wasm = this.#exports;
    const parser = wasm.llhttp_alloc(1);
    const words = new Ints(this.#natives.buffer(wasm.memory));
    const table = (words[(parser + SETTINGS) / 4] as number) / 4;
    wasm.llhttp_free(parser);
    const lend = (from: number, to: number): void => {
      const callback = words[table + from] as number;
      if (callback === 0 || words[table + to] !== 0) throw new Error("llhttp's callbacks are not where they were");
      words[table + to] = callback;
    };
    lend(Slot.messageBegin, Slot.chunkHeader);
    lend(Slot.url, Slot.extensionName);
    lend(Slot.status, Slot.extensionValue);
  }

  #imports(): object {
    const of = (parser: number): Parser => this.#stateOf(parser);
    // Pieces of text are told only while there is input.
    const text = (at: number, size: number): string => this.#input?.text(this.#memory(), at, size) ?? "";
    return {
      __proto__: null,
      wasm_on_message_begin: (parser: number) => {
        const { callbacks, isInBody } = of(parser);
        return isInBody ? callbacks.chunkHeader() : callbacks.messageBegin();
      },
      wasm_on_url: (parser: number, at: number, size: number) => {
        const { callbacks, isInBody } = of(parser);
        return isInBody ? callbacks.chunkExtension(size) : callbacks.url(text(at, size));
      },
      wasm_on_status: (parser: number, at: number, size: number) => {
        const { callbacks, isInBody } = of(parser);
        return isInBody ? callbacks.chunkExtension(size) : callbacks.status(text(at, size));
      },
      wasm_on_header_field: (parser: number, at: number, size: number) =>
        of(parser).callbacks.headerField(text(at, size)),
      wasm_on_header_value: (parser: number, at: number, size: number) =>
        of(parser).callbacks.headerValue(text(at, size)),
      wasm_on_headers_complete: (parser: number, status: number, upgrade: number, keepAlive: number) => {
        const state = of(parser);
        state.isInBody = true;
        return state.callbacks.headersComplete(status, upgrade !== 0, keepAlive !== 0);
      },
      wasm_on_body: (parser: number, at: number, size: number) => {
        const { body, callbacks } = of(parser);
        body.told(size);
        return callbacks.body(exactCopy(this.#memory(), at, at + size));
      },
      wasm_on_message_complete: (parser: number) => {
        const state = of(parser);
        state.isInBody = false;
        return state.callbacks.messageComplete();
      },
    };
  }

  #stateOf(parser: number): Parser {
    const input = this.#input;
    return input?.parser === parser ? input.state : (this.#parsers.get(parser) as Parser);
  }

  /** The memory moves when it grows; until then one view serves. */
  #memory(): Uint8Array {
    const buffer = this.#natives.buffer(this.#exports.memory);
    if (buffer !== this.#viewed) {
      this.#viewed = buffer;
      this.#view = new Bytes(buffer);
      this.#wordsView = new Ints(buffer);
    }
    return this.#view;
  }

  readonly #words = (): Int32Array => {
    this.#memory();
    return this.#wordsView;
  };

  #string(at: number): string {
    if (at === 0) return "";
    const memory = this.#memory();
    return latin1Decode(memory, at, TypedArrayProto.indexOf(memory, 0, at));
  }

  /** @param type 1 request, 2 response -> the parser */
  alloc(type: number, lenient: number, callbacks: Callbacks): number {
    const wasm = this.#exports;
    const parser = wasm.llhttp_alloc(type);
    this.#parsers.set(parser, { callbacks, body: new ExpectedBody(this.#words, parser), isInBody: false });
    for (let bit = 0; bit < LENIENT.length; bit++) {
      const name = LENIENT[bit] as (typeof LENIENT)[number];
      if ((lenient & (1 << bit)) !== 0) wasm[`llhttp_set_lenient_${name}`](parser, 1);
    }
    return parser;
  }

  free(parser: number): void {
    this.#parsers.delete(parser);
    this.#exports.llhttp_free(parser);
  }

  /**
   * Parses. What a callback throws passes through: V8 then knows where it was thrown, and the parser is not to be used
   * again.
   * @param isOwn nobody else has the bytes: those that are nothing but body are told without a copy
   * @returns the error number, and how many bytes were parsed
   */
  execute(parser: number, data: Uint8Array, isOwn: boolean): readonly [errno: number, parsed: number] {
    const wasm = this.#exports;
    const size = data.length;
    const state = this.#parsers.get(parser) as Parser;
    const { body, callbacks } = state;
    if (body.take(size)) {
      callbacks.body(isOwn && isWhole(data) ? part(data, 0, size) : exactCopy(data));
      return [Errno.ok, size];
    }
    body.begin(state.isInBody);
    const at = wasm.malloc(size === 0 ? 1 : size);
    const outer = this.#input;
    this.#input = new Input(parser, state, at, size);
    try {
      TypedArrayProto.set(this.#memory(), data, at);
      const errno = wasm.llhttp_execute(parser, at, size);
      body.end(errno, size);
      if (errno === Errno.ok) return [errno, size];
      const parsed = wasm.llhttp_get_error_pos(parser) - at;
      if (errno === Errno.pausedUpgrade) wasm.llhttp_resume_after_upgrade(parser);
      return [errno === Errno.pausedUpgrade ? Errno.ok : errno, parsed];
    } finally {
      this.#input = outer;
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
