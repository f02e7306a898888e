import { type CellDriver, runCell } from "@vivarium/core/cell";
import { createCryptoHandlers } from "./crypto/handlers.ts";
import type { DriverSpec } from "./driver-spec.ts";
import { createFiles, type Files, type Place } from "./fs/index.ts";
import { noNetwork } from "./net/no-network.ts";
import { outside } from "./net/outside.ts";
import { clockHandlers } from "./process/clock.ts";
import { createTextHandlers } from "./process/text.ts";
import { urlHandlers } from "./process/url.ts";
import { createTlsHandlers } from "./tls/handlers.ts";
import { x509Handlers } from "./tls/x509.ts";
import { createZlibHandlers } from "./zlib/handlers.ts";

/** The driver's half inside the cell. The spec was written by `createNodeDriver` in the embedder's process. */
function makeDriver(spec: unknown): CellDriver<Place> {
  const { files: fileSystem, network } = spec as DriverSpec;
  const files = createFiles(fileSystem);
  const text = createTextHandlers();
  const crypto = createCryptoHandlers();
  const zlib = createZlibHandlers();
  const tls = createTlsHandlers();
  const driverOf = (shown: Files): CellDriver<Place> => ({
    locate: (need) => shown.locate(need),
    handlers: {
      ...shown.handlers,
      clock: clockHandlers,
      url: urlHandlers,
      text: text.handlers,
      ...crypto.handlers,
      zlib: zlib.handlers,
      tls: tls.handlers,
      x509: x509Handlers,
    },
    outside: network ? outside : noNetwork,
    share: () => driverOf(shown.share()),
    reset() {
      shown.reset();
      text.reset();
      crypto.reset();
      zlib.reset();
      tls.reset();
    },
    [Symbol.dispose]: () => shown[Symbol.dispose](),
  });
  return driverOf(files);
}

runCell(makeDriver);
