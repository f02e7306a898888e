import type * as zlib from "node:zlib";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";

/**
 * The part of a public stream's `_handle` that is used here: one step of the engine, with what is left of input and of
 * output room in `_writeState` (lib/zlib.js). No public function tells the two.
 */
export interface EngineHandle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Uint8Array,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  params(level: number, strategy: number): void;
  reset(): void;
  close(): void;
}

export interface Engine {
  readonly _handle: EngineHandle;
  /** [room left in the output, bytes left of the input] */
  readonly _writeState: Uint32Array;
}

/** How a stream is made, as it came off the wire. */
export interface Setup {
  readonly mode: number;
  readonly parameters: Int32Array;
  readonly pledgedSrcSize: number | undefined;
  readonly dictionary: Uint8Array | undefined;
}

/** A buffer of the public stream that is never used; the smallest Node accepts (Z_MIN_CHUNK). */
const chunkSize = 64;
const UNSET = -1;

const zlibOptions = ({ parameters, dictionary }: Setup): zlib.ZlibOptions => {
  const [windowBits, level, memLevel, strategy] = parameters;
  if (windowBits === undefined || level === undefined || memLevel === undefined || strategy === undefined) {
    throw new SyscallFailure("EINVAL");
  }
  return { windowBits, level, memLevel, strategy, chunkSize, ...(dictionary ? { dictionary } : {}) };
};

const paramsOf = ({ parameters }: Setup): Record<number, number> => {
  const params: Record<number, number> = {};
  parameters.forEach((value, key) => {
    if (value !== UNSET) params[key] = value;
  });
  return params;
};

const brotliOptions = (setup: Setup): zlib.BrotliOptions => ({ params: paramsOf(setup), chunkSize });

const zstdOptions = (setup: Setup): zlib.ZstdOptions => {
  const { pledgedSrcSize, dictionary } = setup;
  return {
    params: paramsOf(setup),
    chunkSize,
    ...(pledgedSrcSize === undefined ? {} : { pledgedSrcSize }),
    ...(dictionary ? { dictionary } : {}),
  };
};

interface Mode {
  /** Largest flush flag the format knows. */
  readonly maxFlush: number;
  readonly make: (setup: Setup) => unknown;
}

const mode = (maxFlush: number, make: (setup: Setup) => unknown): Mode => ({ maxFlush, make });

function makeModes(): ReadonlyMap<number, Mode> {
  const { zlib } = late;
  const { constants } = zlib;
  const { Z_BLOCK, BROTLI_OPERATION_EMIT_METADATA, ZSTD_e_end } = constants;
  return new Map<number, Mode>([
    [constants.DEFLATE, mode(Z_BLOCK, (setup) => zlib.createDeflate(zlibOptions(setup)))],
    [constants.INFLATE, mode(Z_BLOCK, (setup) => zlib.createInflate(zlibOptions(setup)))],
    [constants.GZIP, mode(Z_BLOCK, (setup) => zlib.createGzip(zlibOptions(setup)))],
    [constants.GUNZIP, mode(Z_BLOCK, (setup) => zlib.createGunzip(zlibOptions(setup)))],
    [constants.DEFLATERAW, mode(Z_BLOCK, (setup) => zlib.createDeflateRaw(zlibOptions(setup)))],
    [constants.INFLATERAW, mode(Z_BLOCK, (setup) => zlib.createInflateRaw(zlibOptions(setup)))],
    [constants.UNZIP, mode(Z_BLOCK, (setup) => zlib.createUnzip(zlibOptions(setup)))],
    [
      constants.BROTLI_DECODE,
      mode(BROTLI_OPERATION_EMIT_METADATA, (setup) => zlib.createBrotliDecompress(brotliOptions(setup))),
    ],
    [
      constants.BROTLI_ENCODE,
      mode(BROTLI_OPERATION_EMIT_METADATA, (setup) => zlib.createBrotliCompress(brotliOptions(setup))),
    ],
    [constants.ZSTD_COMPRESS, mode(ZSTD_e_end, (setup) => zlib.createZstdCompress(zstdOptions(setup)))],
    [constants.ZSTD_DECOMPRESS, mode(ZSTD_e_end, (setup) => zlib.createZstdDecompress(zstdOptions(setup)))],
  ]);
}

let modes: ReadonlyMap<number, Mode> | undefined;

/** Every mode of `node:zlib` by its number. */
const modeOf = (number: number): Mode | undefined => {
  modes ??= makeModes();
  return modes.get(number);
};

/**
 * Makes an engine through the public constructors, whose own checks stand before the engine's assertions.
 * @throws SyscallFailure EINVAL for a mode there is not; the constructor's errors
 */
export function makeEngine(setup: Setup): { readonly engine: Engine; readonly maxFlush: number } {
  const known = modeOf(setup.mode);
  if (!known) throw new SyscallFailure("EINVAL");
  return { engine: known.make(setup) as Engine, maxFlush: known.maxFlush };
}
