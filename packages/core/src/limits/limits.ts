/** What one run may use. Units are in the names; 0 means "no limit" where `limitTable` says so. */
export interface Limits {
  /** V8 heap, MiB. The watchdog's budget for the whole cell is 3x this plus 60 MiB. */
  readonly memoryMiB: number;
  /** CPU time over the whole run, milliseconds. */
  readonly cpuTimeMs: number;
  /** Time on the clock, milliseconds. */
  readonly wallTimeMs: number;
  /** Most bytes of one value that crosses: a binding's argument or answer, an export. */
  readonly payloadBytes: number;
  /** stdout and stderr together. */
  readonly stdioBytes: number;
  /** Syscalls, weighted by their cost. */
  readonly syscalls: number;
  /** Bytes that cross in syscalls, both ways together. */
  readonly transferBytes: number;
  /** Descriptors open at once. */
  readonly openFiles: number;
  /** Connections to hosts outside open at once. */
  readonly sockets: number;
  /** How long a connection to a host outside may take to come about, milliseconds. */
  readonly connectTimeMs: number;
  /** How long one may be without a byte in either direction, milliseconds; it ends at most a quarter later. */
  readonly idleTimeMs: number;
  /** Bytes exchanged with hosts outside over connections and in datagrams, both ways together. */
  readonly networkBytes: number;
  /** Asynchronous syscalls under way at once. */
  readonly pendingCalls: number;
  /** Child processes alive at once. Each is a cell of its own with the same memory limit. */
  readonly processes: number;
  /** WebAssembly memory, pages of 64 KiB. Without a value, as much as `memoryMiB`. */
  readonly wasmPages: number;
}

export type LimitName = keyof Limits;
/** Limits as an embedder gives them. */
export type LimitOptions = { readonly [K in LimitName]?: number | undefined };

interface LimitFact {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** 0 or Infinity switches the limit off. */
  readonly canBeOff: boolean;
}

const MiB = 1024 * 1024;
const PAGES_PER_MIB = 16;
const MOST = Number.MAX_SAFE_INTEGER;
/** setTimeout's longest delay: the watchdog cannot wait longer. */
const LONGEST_MS = 2 ** 31 - 1;

/** Every limit with its range and default. */
export const limitTable: { readonly [K in LimitName]: LimitFact } = {
  memoryMiB: { unit: "MiB", min: 16, max: 4096, default: 128, canBeOff: false },
  cpuTimeMs: { unit: "milliseconds", min: 1, max: LONGEST_MS, default: 30_000, canBeOff: true },
  wallTimeMs: { unit: "milliseconds", min: 1, max: LONGEST_MS, default: 120_000, canBeOff: true },
  payloadBytes: { unit: "bytes", min: 1024, max: 64 * MiB, default: 16 * MiB, canBeOff: false },
  stdioBytes: { unit: "bytes", min: 1, max: MOST, default: 64 * MiB, canBeOff: true },
  syscalls: { unit: "calls", min: 1, max: MOST, default: 50_000_000, canBeOff: true },
  transferBytes: { unit: "bytes", min: 1, max: MOST, default: 64 * 1024 * MiB, canBeOff: true },
  openFiles: { unit: "descriptors", min: 1, max: 65_536, default: 1024, canBeOff: false },
  sockets: { unit: "connections", min: 0, max: 65_536, default: 256, canBeOff: false },
  connectTimeMs: { unit: "milliseconds", min: 1, max: LONGEST_MS, default: 30_000, canBeOff: true },
  idleTimeMs: { unit: "milliseconds", min: 1, max: LONGEST_MS, default: 300_000, canBeOff: true },
  networkBytes: { unit: "bytes", min: 1, max: MOST, default: 4 * 1024 * MiB, canBeOff: true },
  pendingCalls: { unit: "calls", min: 1, max: 65_536, default: 1024, canBeOff: false },
  processes: { unit: "processes", min: 0, max: 256, default: 8, canBeOff: false },
  wasmPages: { unit: "pages of 64 KiB", min: 1, max: 65_536, default: 128 * PAGES_PER_MIB, canBeOff: false },
};

export const limitNames = Object.keys(limitTable) as readonly LimitName[];

/** What is wrong with a limit's value, worded to follow "must", or nothing. */
export function limitProblem(name: LimitName, value: unknown): string | undefined {
  const { unit, min, max, canBeOff } = limitTable[name];
  if (canBeOff && (value === 0 || value === Number.POSITIVE_INFINITY)) return undefined;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return undefined;
  const range = max === MOST ? `of at least ${min}` : `from ${min} to ${max}`;
  return `be a whole number ${range} (${unit})${canBeOff ? ", or 0 or Infinity for no limit" : ""}`;
}

/** Completes limits: later layers win over earlier ones, defaults fill the rest, Infinity becomes 0 (it must cross as JSON). */
export function resolveLimits(...layers: readonly (LimitOptions | undefined)[]): Limits {
  const given = (name: LimitName): number | undefined => {
    const value = layers.findLast((layer) => layer?.[name] !== undefined)?.[name];
    return value === Number.POSITIVE_INFINITY ? 0 : value;
  };
  const memoryMiB = given("memoryMiB") ?? limitTable.memoryMiB.default;
  const resolved = Object.fromEntries(limitNames.map((name) => [name, given(name) ?? limitTable[name].default]));
  // The names are exactly the table's, so the object is complete.
  return { ...(resolved as unknown as Limits), wasmPages: given("wasmPages") ?? memoryMiB * PAGES_PER_MIB };
}
