import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * Modules of the host's Node that few programs need, each loaded when it is first asked for: a cell without them is
 * smaller and boots sooner. Asking again costs a look-up.
 */
export const late = {
  get crypto(): typeof import("node:crypto") {
    return load("node:crypto");
  },
  get dgram(): typeof import("node:dgram") {
    return load("node:dgram");
  },
  get dns(): typeof import("node:dns/promises") {
    return load("node:dns/promises");
  },
  get stream(): typeof import("node:stream") {
    return load("node:stream");
  },
  get tls(): typeof import("node:tls") {
    return load("node:tls");
  },
  get zlib(): typeof import("node:zlib") {
    return load("node:zlib");
  },
};
