import { MAX_PAYLOAD } from "../../contract/codec.ts";
import { MAX_ZLIB_STREAMS } from "../../contract/zlib.ts";
import { bytesOf, exactCopy } from "../lib/bytes.ts";
import { implement } from "../lib/implement.ts";
import { Bytes, Ints } from "../lib/intrinsics.ts";
import { Leftovers } from "../lib/leftovers.ts";
import { looksNative } from "../lib/proxies.ts";
import { isArrayBufferView, mathMax, mathMin, mathTrunc, numberIsNaN, typedArrayBuffer } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { CHUNK, inChunks, inputBytes } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import type { Setup } from "./zlib-engine.ts";
import { compressionStreams, type Init, type ProcessCallback } from "./zlib-stream.ts";

// Numbers of node_zlib_mode in src/node_zlib.cc.
const BROTLI_DECODE = 8;
const BROTLI_ENCODE = 9;
const ZSTD_COMPRESS = 10;
const ZSTD_DECOMPRESS = 11;
const MAX_INTEGER = 2 ** 53 - 1;

/** A copy of a dictionary; what is no view counts as none. */
const dictionaryOf = (value: unknown): Uint8Array | undefined =>
  isArrayBufferView(value) ? exactCopy(bytesOf(value) as Uint8Array) : undefined;

const copyOfParameters = (value: unknown): Uint8Array => exactCopy(inputBytes(value));

/** As V8 makes an int64 of a number; what is no number counts as none. */
function pledgedSize(value: unknown): number | undefined {
  if (typeof value !== "number") return undefined;
  return numberIsNaN(value) ? 0 : mathMax(-MAX_INTEGER, mathMin(MAX_INTEGER, mathTrunc(value)));
}

/** init(windowBits, level, memLevel, strategy, writeState, processCallback, dictionary) */
const initZlib = (mode: number, args: readonly unknown[]): Init => {
  const numbers = new Ints(4);
  for (let i = 0; i < 4; i++) numbers[i] = args[i] as number;
  const setup: Setup = {
    mode,
    parameters: new Bytes(typedArrayBuffer(numbers)),
    pledgedSrcSize: undefined,
    dictionary: dictionaryOf(args[6]),
    // Stored blocks are cut where input ends.
    pieceBytes: numbers[1] === 0 ? MAX_PAYLOAD : CHUNK,
  };
  return { setup, lazy: true, state: args[4] as Uint32Array, callback: args[5] as ProcessCallback };
};

/** init(params, writeState, processCallback) */
const initBrotli = (mode: number, args: readonly unknown[]): Init => ({
  setup: {
    mode,
    parameters: copyOfParameters(args[0]),
    pledgedSrcSize: undefined,
    dictionary: undefined,
    pieceBytes: CHUNK,
  },
  lazy: false,
  state: args[1] as Uint32Array,
  callback: args[2] as ProcessCallback,
});

/** init(params, pledgedSrcSize, writeState, processCallback, dictionary) */
const initZstd = (mode: number, args: readonly unknown[]): Init => ({
  setup: {
    mode,
    parameters: copyOfParameters(args[0]),
    pledgedSrcSize: pledgedSize(args[1]),
    dictionary: dictionaryOf(args[4]),
    // A frame that is made in one step says its size.
    pieceBytes: mode === ZSTD_COMPRESS ? MAX_PAYLOAD : CHUNK,
  },
  lazy: false,
  state: args[2] as Uint32Array,
  callback: args[3] as ProcessCallback,
});

/** `internalBinding('zlib')` (src/node_zlib.cc): the host's engines do the work. */
export const install: InstallBinding = (binding, realm) => {
  const { CompressionStream, begin } = compressionStreams(
    realm,
    new Leftovers(realm, { few: 64, most: MAX_ZLIB_STREAMS, close: (id) => realm.sys.zlib.close(id) }),
  );

  // Written out one by one: a stack trace shows the name a class has in its source.
  class Zlib extends CompressionStream {
    readonly #mode: number;
    constructor(mode: number) {
      super();
      this.#mode = mode;
    }
    init(...args: unknown[]): void {
      begin(this, initZlib(this.#mode, args), Zlib.prototype.init);
    }
  }
  class BrotliEncoder extends CompressionStream {
    init(...args: unknown[]): void {
      begin(this, initBrotli(BROTLI_ENCODE, args), BrotliEncoder.prototype.init);
    }
  }
  class BrotliDecoder extends CompressionStream {
    init(...args: unknown[]): void {
      begin(this, initBrotli(BROTLI_DECODE, args), BrotliDecoder.prototype.init);
    }
  }
  class ZstdCompress extends CompressionStream {
    init(...args: unknown[]): void {
      begin(this, initZstd(ZSTD_COMPRESS, args), ZstdCompress.prototype.init);
    }
  }
  class ZstdDecompress extends CompressionStream {
    init(...args: unknown[]): void {
      begin(this, initZstd(ZSTD_DECOMPRESS, args), ZstdDecompress.prototype.init);
    }
  }
  putClass(binding, "Zlib", looksNative(Zlib, "Zlib"));
  putClass(binding, "BrotliEncoder", looksNative(BrotliEncoder, "BrotliEncoder"));
  putClass(binding, "BrotliDecoder", looksNative(BrotliDecoder, "BrotliDecoder"));
  putClass(binding, "ZstdCompress", looksNative(ZstdCompress, "ZstdCompress"));
  putClass(binding, "ZstdDecompress", looksNative(ZstdDecompress, "ZstdDecompress"));
  implement(binding, {
    crc32(data: unknown, value: number): number {
      let sum = value;
      inChunks(inputBytes(data), (chunk) => {
        sum = realm.sys.zlib.crc32(chunk, sum);
      });
      return sum;
    },
  });
};
