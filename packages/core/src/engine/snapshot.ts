import v8 from "node:v8";
import type { Library } from "@vivarium/bridge/library";
import ivm from "isolated-vm";
import { GuestIsolate } from "./isolate.ts";
import { FEWER_RUNTIME_FUNCTIONS, RUNTIME_FUNCTIONS } from "./runtime-functions.ts";
import { warmUpScript } from "./warm-up.ts";

/**
 * Library modules every guest starts with, beside those the bootstrap loads by itself. A program that needs more than
 * `console.log` needs most of these, and a module in the snapshot costs nothing to load.
 */
const PRELOAD = [
  "util",
  "events",
  "buffer",
  "path",
  "stream",
  "fs",
  "url",
  "timers",
  "async_hooks",
  "string_decoder",
  "module",
  "internal/process/pre_execution",
  "internal/modules/run_main",
  "internal/modules/cjs/loader",
  "internal/modules/esm/loader",
  "internal/modules/esm/resolve",
  "internal/modules/esm/load",
  "internal/modules/esm/translators",
  "internal/modules/esm/module_job",
  "internal/modules/esm/module_map",
  "internal/modules/esm/get_format",
  "internal/modules/esm/assert",
  "internal/process/execution",
  "internal/console/global",
  "internal/console/constructor",
  "internal/fs/sync_write_stream",
  "internal/dns/utils",
  "internal/source_map/source_map_cache",
  "internal/process/promises",
  "internal/fs/streams",
  "internal/navigator",
  "internal/process/permission",
  "internal/streams/end-of-stream",
] as const;

/** Bindings whose manifest is too large to keep in every guest; they come by syscall when asked for. */
const LATE = new Set(["crypto", "http2", "sqlite", "tls_wrap", "wasi", "zlib", "profiler", "http_parser", "llhttp"]);

const quote = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * The part of the manifest a guest always has: a JSON text for each binding. Texts stay in the snapshot as one string
 * each; as objects they would be thousands.
 */
function residentManifest(library: Library): string {
  const { cliOptionsInfo, errorMap, ...facts } = library.facts;
  const resident: Record<string, string> = {
    facts: JSON.stringify(facts),
    cliOptionsInfo: JSON.stringify(cliOptionsInfo),
    errorMap: JSON.stringify(errorMap),
  };
  for (const [name, shape] of Object.entries(library.manifest)) {
    if (!LATE.has(name)) resident[name] = JSON.stringify(shape);
  }
  return JSON.stringify(resident);
}

const bootCall = (library: Library, table: string, functions: string): string =>
  `globalThis.__vivarium = ${library.guest}(${table}, globalThis.__manifest, ${quote(PRELOAD)}, ${functions}); delete globalThis.__manifest; delete globalThis.__functions;`;

/** A script of its own: without functions in it V8 need not keep its source. */
const manifestScript = (library: Library): string =>
  `globalThis.__manifest = JSON.parse(${quote(residentManifest(library))});`;

/** Boots once with a recording loader and tells which modules that took, in order. */
function recordModules(library: Library): readonly string[] {
  const ids: string[] = [];
  const loader = (isolate: ivm.Isolate, context: ivm.Context) =>
    new ivm.Callback((id: string) => {
      const source = library.source(id);
      if (!source) return undefined;
      ids.push(id);
      const script = isolate.compileScriptSync(source.code, { filename: `node:${id}`, columnOffset: -source.prefix });
      return script.runSync(context, { reference: true }).derefInto({ release: true });
    });
  const table = "new Proxy({}, { get: (_, id) => load(id), set: () => true })";
  const script = `{ const load = globalThis.__load; delete globalThis.__load; ${manifestScript(library)} ${bootCall(library, table, "undefined")} }`;
  GuestIsolate.fromSources(256, script, loader)[Symbol.dispose]();
  return ids;
}

/**
 * Builds the heap every guest starts from: Node's bootstrap done on our bindings, nothing run yet.
 * @param functions what the guest is lent of V8's own, if V8 has it
 */
export function buildSnapshot(library: Library, functions: string = RUNTIME_FUNCTIONS): ArrayBuffer {
  const modules = recordModules(library);
  try {
    return takeSnapshot(library, modules, functions);
  } catch {
    // V8 knows a runtime function by name or does not compile the script. What else is wrong comes up again.
    return takeSnapshot(library, modules, FEWER_RUNTIME_FUNCTIONS);
  }
}

function takeSnapshot(library: Library, modules: readonly string[], functions: string): ArrayBuffer {
  const scripts: { code: string; filename: string; columnOffset?: number }[] = [
    { code: "globalThis.__vivarium = (id, wrapper) => { __vivarium[id] = wrapper; };", filename: "vivarium:table" },
    { code: `globalThis.__functions = ${functions};`, filename: "vivarium:functions" },
  ];
  for (const id of modules) {
    const source = library.source(id);
    if (!source) continue;
    // A call and no assignment: V8 would name the library's functions after what they are assigned to.
    const call = `__vivarium(${JSON.stringify(id)}, `;
    scripts.push({
      code: `${call}${source.code})`,
      filename: `node:${id}`,
      columnOffset: -(call.length + source.prefix),
    });
  }
  scripts.push({ code: manifestScript(library), filename: "vivarium:manifest" });
  scripts.push({
    code: bootCall(library, "globalThis.__vivarium", "globalThis.__functions"),
    filename: "vivarium:guest",
  });
  v8.setFlagsFromString("--allow-natives-syntax");
  let snapshot: ivm.ExternalCopy<ArrayBuffer>;
  try {
    snapshot = ivm.Isolate.createSnapshot(scripts, warmUpScript(library));
  } finally {
    v8.setFlagsFromString("--no-allow-natives-syntax");
  }
  const buffer = snapshot.copy();
  snapshot.release();
  return buffer;
}
