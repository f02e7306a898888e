import type { ConnectionOptions } from "../http2/connection-options.ts";
import type { ConnectionListener } from "../http2/listener.ts";
import { mathMax } from "../primordials.ts";
import type { Binding } from "../realm.ts";

/** Places in `optionsBuffer`; the last says which of the others are set (src/node_http2_state.h). */
const PLACES = [
  "maxDeflateTable",
  "maxReservedStreams",
  "maxSentBlock",
  "peerMaxStreams",
  "padding",
  "maxHeaderPairs",
  "maxPings",
  "maxSettingsSent",
  "maxMemoryMB",
  "maxSettings",
  "resetRate",
  "resetBurst",
  "isLenient",
] as const;
type Place = (typeof PLACES)[number];
const FLAGS = PLACES.length;

/** What Node and nghttp2 take where the program says nothing. */
const DEFAULTS: Readonly<Record<Place, number>> = {
  maxDeflateTable: 4096,
  maxReservedStreams: 200,
  maxSentBlock: 65536,
  peerMaxStreams: 100,
  padding: 0,
  maxHeaderPairs: 128,
  maxPings: 10,
  maxSettingsSent: 10,
  maxMemoryMB: 10,
  maxSettings: 32,
  resetRate: 33,
  resetBurst: 1000,
  isLenient: 0,
};

/** A request has four pseudo fields at least, a response one. */
const LEAST_PAIRS = { server: 4, client: 1 } as const;
const BYTES_OF_MB = 1e6;

/** Strategies of `options.paddingStrategy`. */
export const Padding = { none: 0, aligned: 1, max: 2 } as const;

/** Limits the binding itself holds to. */
export interface SessionLimits {
  readonly padding: number;
  readonly maxHeaderPairs: number;
  readonly maxPings: number;
  readonly maxSettings: number;
  readonly maxMemory: number;
}

/** Reads what the library put into `optionsBuffer`. */
export function readOptions(
  binding: Binding,
  isServer: boolean,
  listener: ConnectionListener,
): { readonly connection: ConnectionOptions; readonly limits: SessionLimits } {
  const buffer = binding["optionsBuffer"] as Uint32Array;
  const flags = buffer[FLAGS] as number;
  const value = (name: Place): number => {
    for (let i = 0; i < FLAGS; i++) if (PLACES[i] === name && flags & (1 << i)) return buffer[i] as number;
    return DEFAULTS[name];
  };
  const resetBit = (name: Place): boolean => {
    for (let i = 0; i < FLAGS; i++) if (PLACES[i] === name) return (flags & (1 << i)) !== 0;
    return false;
  };
  // One alone says nothing.
  const hasResets = resetBit("resetRate") && resetBit("resetBurst");
  const pairs = value("maxHeaderPairs");
  return {
    connection: {
      isServer,
      listener,
      maxDeflateTable: value("maxDeflateTable"),
      maxReservedStreams: value("maxReservedStreams"),
      maxSentBlock: value("maxSentBlock"),
      peerMaxStreams: value("peerMaxStreams"),
      maxSettings: value("maxSettings"),
      resetRate: hasResets ? value("resetRate") : DEFAULTS.resetRate,
      resetBurst: hasResets ? value("resetBurst") : DEFAULTS.resetBurst,
      isLenient: value("isLenient") !== 0,
    },
    limits: {
      padding: value("padding"),
      maxHeaderPairs: mathMax(pairs, isServer ? LEAST_PAIRS.server : LEAST_PAIRS.client),
      maxPings: value("maxPings"),
      maxSettings: value("maxSettingsSent"),
      maxMemory: value("maxMemoryMB") * BYTES_OF_MB,
    },
  };
}
