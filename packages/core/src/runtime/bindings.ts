import { decodeWire, encodeWire } from "@vivarium/bridge/wire";
import type { BindingTree } from "./options.ts";

type HostFunction = (...args: unknown[]) => unknown;

/** An answer as it crosses: the value, or `{ name, message, code }` of what the function threw. */
export interface BindingAnswer {
  readonly ok: boolean;
  readonly body: Uint8Array;
}

const MAX_TEXT = 16 * 1024;

function flatten(tree: BindingTree, prefix: string, table: Map<string, HostFunction>): void {
  for (const [name, item] of Object.entries(tree)) {
    const dotted = prefix === "" ? name : `${prefix}.${name}`;
    if (typeof item === "function") table.set(dotted, (...args) => Reflect.apply(item, tree, args));
    else flatten(item, dotted, table);
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : String(value)).slice(0, MAX_TEXT);

/** What the guest may know of a host's error: never its stack, its cause or other properties. */
function describe(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { name: "Error", message: text(error) };
  const code: unknown = Reflect.get(error, "code");
  const named = { name: text(error.name), message: text(error.message) };
  return typeof code === "string" ? { ...named, code: text(code) } : named;
}

/** The embedder's functions by dotted name. */
export class Bindings {
  readonly #table = new Map<string, HostFunction>();

  constructor(tree: BindingTree = {}) {
    flatten(tree, "", this.#table);
  }

  get names(): readonly string[] {
    return [...this.#table.keys()];
  }

  /** Calls a function with arguments from the wire. Never rejects: every failure is an answer. */
  async call(name: string, args: Uint8Array, payloadBytes: number): Promise<BindingAnswer> {
    try {
      const target = this.#table.get(name);
      if (target === undefined) throw new TypeError(`${name} is not a function the embedder offered`);
      const values = decodeWire(args);
      if (!Array.isArray(values)) throw new TypeError(`the arguments of ${name} are not a list`);
      return { ok: true, body: encodeWire(await target(...values), payloadBytes) };
    } catch (error) {
      return { ok: false, body: encodeWire(describe(error), Math.max(payloadBytes, 64 * 1024)) };
    }
  }
}
