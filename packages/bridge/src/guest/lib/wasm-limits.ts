import {
  FunctionProto,
  mathMin,
  objectDefineProperty,
  objectSetPrototypeOf,
  reflectConstruct,
} from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { dataDescriptor, putHidden, putOwn } from "./define.ts";
import { NativeProxy, NativeRangeError, ToNumber } from "./intrinsics.ts";
import { captureWebAssembly } from "./llhttp.ts";
import { looksNative } from "./proxies.ts";
import { type Streaming, settleAsync } from "./wasm-async.ts";
import { captureWasmKinds } from "./wasm-objects.ts";

interface MemoryDescriptor {
  readonly initial?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly shared?: unknown;
}

/** The namespace as V8 made it, before a program ran. */
export interface NativeWebAssembly {
  Memory: new (descriptor: unknown) => object;
  Module: new (bytes: unknown) => object;
  Instance: new (module: object, imports?: unknown) => object;
}

/** The most a 32-bit memory can have, pages: what is beyond is V8's to refuse. */
const MOST_PAGES = 65_536;
const PAGE_FIELDS = ["initial", "minimum", "maximum"] as const;

/** The descriptor with `maximum` at most `pages`. Fields are read once: a getter cannot change its mind. */
function limited(descriptor: MemoryDescriptor, pages: number): MemoryDescriptor {
  const taken: Record<string, unknown> = { __proto__: null, shared: descriptor.shared };
  for (let i = 0; i < PAGE_FIELDS.length; i++) {
    const field = PAGE_FIELDS[i] as (typeof PAGE_FIELDS)[number];
    const value = descriptor[field];
    if (value !== undefined) taken[field] = ToNumber(value);
  }
  const initial = (taken["initial"] ?? taken["minimum"]) as number;
  const maximum = taken["maximum"] as number | undefined;
  const valid =
    initial >= 0 && initial <= MOST_PAGES && (maximum === undefined || (maximum >= initial && maximum <= MOST_PAGES));
  if (!valid || (maximum === undefined && taken["shared"])) return taken;
  if (initial > pages) throw new NativeRangeError("WebAssembly.Memory(): could not allocate memory");
  taken["maximum"] = mathMin(maximum ?? MOST_PAGES, pages);
  return taken;
}

/**
 * Caps the memory a program can ask for by `config.wasmPages`: V8's heap limit does not count it. A module's own
 * memory grows without JavaScript; the supervisor's look at the process bounds that.
 *
 * The constructor becomes a proxy of V8's, so that all it shows and refuses is V8's own.
 */
export function limitMemory(wasm: NativeWebAssembly, pages: () => number): void {
  const Native = wasm.Memory;
  const handler: ProxyHandler<typeof Native> = {
    construct(_, args, newTarget) {
      const given: unknown = args[0];
      const known = typeof given === "object" && given !== null;
      return reflectConstruct(Native, [known ? limited(given, pages()) : given], newTarget) as object;
    },
  };
  objectSetPrototypeOf(handler, null);
  const Limited = looksNative(new NativeProxy(Native, handler), "Memory");
  putHidden(Native.prototype as object, "constructor", Limited);
  putHidden(wasm, "Memory", Limited);
}

/** What settles later and would not, left to V8's task runner. */
const ASYNC = ["compile", "instantiate", "compileStreaming", "instantiateStreaming"] as const;

/**
 * The same for a context of `vm`. Its functions are bound ones of its own, so that a program inside finds nothing of the
 * main context on them.
 */
export function installWebAssemblyIn(realm: Realm, global: object): void {
  const { WebAssembly: wasm, Function: Inner } = global as {
    WebAssembly?: NativeWebAssembly;
    Function: FunctionConstructor;
  };
  if (!wasm) return;
  limitMemory(wasm, () => realm.config.wasmPages);
  settleAsync(wasm, realm, () => realm.internalBinding("wasm_web_api")["implementation"] as Streaming);
  const table = wasm as unknown as Record<string, unknown>;
  for (let i = 0; i < ASYNC.length; i++) {
    const name = ASYNC[i] as (typeof ASYNC)[number];
    if (typeof table[name] !== "function") continue;
    const bound = FunctionProto.bind(table[name] as () => unknown, undefined) as object;
    objectSetPrototypeOf(bound, Inner.prototype as object);
    objectDefineProperty(bound, "name", dataDescriptor(name, false, false));
    putOwn(wasm, name, bound);
  }
}

/** Lays both over the global `WebAssembly`, which V8 adds to a context only after the snapshot. */
export function installWebAssembly(realm: Realm): void {
  const wasm = (realm.global as unknown as { WebAssembly?: NativeWebAssembly }).WebAssembly;
  if (!wasm) return;
  captureWebAssembly(wasm);
  captureWasmKinds(wasm);
  limitMemory(wasm, () => realm.config.wasmPages);
  settleAsync(wasm, realm, () => realm.internalBinding("wasm_web_api")["implementation"] as Streaming);
}
