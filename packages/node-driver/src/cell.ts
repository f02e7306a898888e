import { type CellDriver, runCell } from "@vivarium/core/cell";
import { createCryptoHandlers } from "./crypto/handlers.ts";
import type { DriverSpec } from "./driver-spec.ts";
import { createFiles, type Place } from "./fs/index.ts";
import { clockHandlers } from "./process/clock.ts";
import { createTextHandlers } from "./process/text.ts";
import { urlHandlers } from "./process/url.ts";
import { createZlibHandlers } from "./zlib/handlers.ts";

/** The driver's half inside the cell. The spec was written by `createNodeDriver` in the embedder's process. */
function makeDriver(spec: unknown): CellDriver<Place> {
  const files = createFiles((spec as DriverSpec).files);
  const text = createTextHandlers();
  const crypto = createCryptoHandlers();
  const zlib = createZlibHandlers();
  return {
    locate: (need) => files.locate(need),
    handlers: {
      ...files.handlers,
      clock: clockHandlers,
      url: urlHandlers,
      text: text.handlers,
      crypto: crypto.handlers,
      zlib: zlib.handlers,
    },
    reset() {
      files.reset();
      text.reset();
      crypto.reset();
      zlib.reset();
    },
    [Symbol.dispose]: () => files[Symbol.dispose](),
  };
}

runCell(makeDriver);
