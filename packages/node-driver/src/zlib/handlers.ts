import { MAX_ZLIB_STREAMS } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { attempt, overCap } from "../crypto/failure.ts";
import { late } from "../late.ts";
import { Stream } from "./stream.ts";

/** The compression syscalls with the streams they keep. */
export interface ZlibHandlers {
  readonly handlers: Handlers<"zlib">;
  /** Closes what the last run left open. */
  reset(): void;
}

/** zstd has 403 parameters' numbers, the most of all formats. */
const MAX_PARAMETERS = 512;
const UINT32 = 2 ** 32;

function numbersOf(bytes: Uint8Array): Int32Array {
  if (bytes.byteLength % 4 !== 0 || bytes.byteLength > MAX_PARAMETERS * 4) throw new SyscallFailure("EINVAL");
  return new Int32Array(bytes.slice().buffer);
}

/** Compression on the host's `node:zlib`: needs no permission, since it reaches nothing; each step's output is bounded. */
export function createZlibHandlers(): ZlibHandlers {
  const streams = new Map<number, Stream>();
  let last = 0;
  const get = (id: number): Stream => {
    const stream = streams.get(id);
    if (!stream) throw new SyscallFailure("EBADF");
    return stream;
  };
  const handlers: Handlers<"zlib"> = {
    open(_grants, mode, parameters, pledgedSrcSize, dictionary) {
      if (streams.size >= MAX_ZLIB_STREAMS) {
        throw overCap(
          `${MAX_ZLIB_STREAMS} compression streams are open at once, which is the cap; end or destroy some of them`,
        );
      }
      const numbers = numbersOf(parameters);
      const stream = attempt(() => new Stream({ mode, parameters: numbers, pledgedSrcSize, dictionary }));
      last += 1;
      streams.set(last, stream);
      return last;
    },
    write: (_grants, id, flush, input, room) => get(id).write(flush, input, room),
    params: (_grants, id, level, strategy) => get(id).params(level, strategy),
    reset: (_grants, id) => get(id).reset(),
    close(_grants, id) {
      streams.get(id)?.[Symbol.dispose]();
      streams.delete(id);
    },
    crc32(_grants, data, value) {
      if (value < 0 || value >= UINT32) throw new SyscallFailure("EINVAL");
      return late.zlib.crc32(data, value);
    },
  };
  return {
    handlers,
    reset() {
      for (const stream of streams.values()) stream[Symbol.dispose]();
      streams.clear();
    },
  };
}
