import { bytes, int, list, none, optional } from "./codec.ts";
import { sync } from "./declare.ts";

/** Compression streams of one run that may be open on the host at a time. */
export const MAX_ZLIB_STREAMS = 1024;
/** Most output of one `write`, bytes. */
export const MAX_ZLIB_OUTPUT = 1024 * 1024;

/**
 * Compression on the host's engine. A stream is kept on the host under an id, which is never used twice, until `close`
 * or the end of the run. Where a result can be a failure of the engine, that is `message, errno, code` in the list.
 */
export const zlib = {
  /**
   * mode (zlib.constants DEFLATE to ZSTD_DECOMPRESS), parameters as 32-bit numbers, zstd's pledged source size,
   * dictionary -> stream id. Parameters are window bits, level, memory level and strategy for zlib, and for brotli and
   * zstd the value of each parameter by its number, -1 where it is not set.
   */
  open: sync([int, bytes, optional(int), optional(bytes)], int, { cost: 4 }),
  /**
   * stream id, flush flag, input, room for output in bytes (at most MAX_ZLIB_OUTPUT) -> output, bytes of the input left,
   * and a failure if there is one. Without an input the engine goes on with what it left of the last one.
   */
  write: sync([int, int, optional(bytes), int], list, { cost: 2 }),
  /** stream id, level, strategy -> nothing or a failure */
  params: sync([int, int, int], list),
  /** -> nothing or a failure */
  reset: sync([int], list),
  /** Unknown ids are ignored. */
  close: sync([int], none),
  /** data, checksum so far -> checksum */
  crc32: sync([bytes, int], int),
} as const;
