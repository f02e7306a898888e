import zlib, { constants } from "node:zlib";
import { MAX_ZLIB_OUTPUT, MAX_ZLIB_STREAMS } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { engineErrorOf, failureOf, utf8 } from "../crypto/harness.ts";
import { createZlibHandlers } from "./handlers.ts";

const numbers = (...values: number[]): Uint8Array => new Uint8Array(new Int32Array(values).buffer);
/** Window bits, level, memory level and strategy as Node's defaults. */
const DEFAULTS = numbers(15, -1, 8, 0);
const FINISH = constants.Z_FINISH;
const none = new Uint8Array(0);

describe("a stream on the host", () => {
  it("goes on with its input over several writes, and says what is left", () => {
    const { open, write } = createZlibHandlers().handlers;
    const packed = zlib.deflateSync(Buffer.alloc(1000, "ab"));
    const id = open([], constants.INFLATE, DEFAULTS, undefined, undefined);
    const parts: Uint8Array[] = [];
    const left: unknown[] = [];
    for (let input: Uint8Array | undefined = packed; ; input = undefined) {
      const [output, inputLeft, ...report] = write([], id, FINISH, input, 300);
      expect(report).toEqual([]);
      parts.push(output as Uint8Array);
      left.push(inputLeft);
      if ((output as Uint8Array).byteLength < 300) break;
    }
    expect(Buffer.concat(parts).equals(Buffer.alloc(1000, "ab"))).toBe(true);
    expect(parts.map((part) => part.byteLength)).toEqual([300, 300, 300, 100]);
    expect(left.at(-1)).toBe(0);
  });

  it("reports the engine's errors with their numbers and goes on after reset()", () => {
    const { open, write, reset } = createZlibHandlers().handlers;
    const id = open([], constants.GUNZIP, DEFAULTS, undefined, undefined);
    const [, , ...report] = write([], id, FINISH, utf8("not packed"), 100);
    expect(report).toEqual(["incorrect header check", constants.Z_DATA_ERROR, "Z_DATA_ERROR"]);
    expect(reset([], id)).toEqual([]);
    const [output] = write([], id, FINISH, zlib.gzipSync("text"), 100);
    expect(Buffer.from(output as Uint8Array).toString()).toBe("text");
  });

  it("survives params() after a write left output over, whatever was written since", () => {
    const { open, write, params, close } = createZlibHandlers().handlers;
    const id = open([], constants.DEFLATE, DEFAULTS, undefined, undefined);
    for (let level = 0; level < 10; level++) {
      write([], id, constants.Z_NO_FLUSH, utf8("text ".repeat(level * 5000)), 10);
      params([], id, level, 0);
    }
    close([], id);
    expect(failureOf(() => write([], id, FINISH, none, 10)).code).toBe("EBADF");
  });

  it("is closed by the end of the run", () => {
    const { handlers, reset } = createZlibHandlers();
    const id = handlers.open([], constants.BROTLI_ENCODE, none, undefined, undefined);
    reset();
    expect(failureOf(() => handlers.reset([], id)).code).toBe("EBADF");
    expect(handlers.open([], constants.BROTLI_ENCODE, none, undefined, undefined)).toBe(id + 1);
  });
});

describe("what a forged call may ask", () => {
  it("parameters the engine would end the process for are refused", () => {
    const { open } = createZlibHandlers().handlers;
    for (const parameters of [
      numbers(99, 1, 8, 0),
      numbers(15, 50, 8, 0),
      numbers(15, 1, 0, 0),
      numbers(15, 1, 8, 9),
    ]) {
      const [kind, , ...properties] = engineErrorOf(() => open([], constants.GZIP, parameters, undefined, undefined));
      expect([kind, ...properties]).toEqual(["RangeError", "code", "ERR_OUT_OF_RANGE"]);
    }
    for (const parameters of [none, numbers(1, 2), new Uint8Array(3), new Uint8Array(1 << 20)]) {
      expect(failureOf(() => open([], constants.GZIP, parameters, undefined, undefined)).code).toBe("EINVAL");
    }
    for (const mode of [-1, 0, 12, 2 ** 40]) {
      expect(failureOf(() => open([], mode, DEFAULTS, undefined, undefined)).code).toBe("EINVAL");
    }
    expect(engineErrorOf(() => open([], constants.ZSTD_COMPRESS, none, -1, undefined))).toContain(
      "ERR_INVALID_ARG_VALUE",
    );
  });

  it("flags, room and numbers outside their ranges are refused", () => {
    const { open, write, params, crc32 } = createZlibHandlers().handlers;
    const id = open([], constants.ZSTD_DECOMPRESS, none, undefined, undefined);
    for (const flush of [-1, 3, 2 ** 32]) {
      expect(failureOf(() => write([], id, flush, none, 10)).code).toBe("EINVAL");
    }
    for (const room of [-1, MAX_ZLIB_OUTPUT + 1]) {
      expect(failureOf(() => write([], id, 0, none, room)).code).toBe("EINVAL");
    }
    expect(failureOf(() => params([], id, 2 ** 31, 0)).code).toBe("EINVAL");
    expect(failureOf(() => crc32([], none, -1)).code).toBe("EINVAL");
  });

  it("streams stop at the cap, and closing makes room", () => {
    const { handlers, reset } = createZlibHandlers();
    const open = () => handlers.open([], constants.INFLATE, DEFAULTS, undefined, undefined);
    const ids = Array.from({ length: MAX_ZLIB_STREAMS }, open);
    expect(failureOf(open).detail).toContain(String(MAX_ZLIB_STREAMS));
    handlers.close([], ids[0] as number);
    handlers.close([], ids[0] as number);
    expect(open()).toBe(MAX_ZLIB_STREAMS + 1);
    expect(failureOf(open).code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    reset();
  });
});
