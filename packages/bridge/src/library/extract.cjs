"use strict";
// Runs under the pinned Node with --expose-internals and writes to standard output what the guest's library is made
// from: the sources of every built-in module and the shape of every internal binding. Run by build.ts only.
const { internalBinding } = require("internal/test/binding");
const { isMap } = require("node:util").types;

const BINDINGS = [
  "async_context_frame",
  "async_wrap",
  "blob",
  "block_list",
  "buffer",
  "cares_wrap",
  "config",
  "constants",
  "contextify",
  "credentials",
  "crypto",
  "encoding_binding",
  "errors",
  "fs",
  "fs_dir",
  "fs_event_wrap",
  "heap_utils",
  "http2",
  "http_parser",
  "icu",
  "inspector",
  "internal_only_v8",
  "js_stream",
  "js_udp_wrap",
  "messaging",
  "mksnapshot",
  "module_wrap",
  "modules",
  "options",
  "os",
  "performance",
  "permission",
  "pipe_wrap",
  "process_methods",
  "process_wrap",
  "profiler",
  "report",
  "sea",
  "serdes",
  "signal_wrap",
  "spawn_sync",
  "sqlite",
  "stream_pipe",
  "stream_wrap",
  "string_decoder",
  "symbols",
  "task_queue",
  "tcp_wrap",
  "timers",
  "tls_wrap",
  "trace_events",
  "tty_wrap",
  "types",
  "udp_wrap",
  "url",
  "url_pattern",
  "util",
  "uv",
  "v8",
  "wasi",
  "wasm_web_api",
  "watchdog",
  "worker",
  "zlib",
];
const MAX_DEPTH = 6;

/** Describes a value as data the guest can rebuild: see guest/manifest.ts for the reader. */
function describe(value, depth = 0) {
  if (value === null) return null;
  switch (typeof value) {
    case "boolean":
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { t: "number", v: String(value) };
    case "undefined":
      return { t: "undefined" };
    case "bigint":
      return { t: "bigint", v: String(value) };
    case "symbol":
      return { t: "symbol", v: value.description };
    case "function":
      return describeFunction(value, depth);
  }
  if (ArrayBuffer.isView(value)) {
    return {
      t: "typed",
      c: value.constructor.name,
      n: value.length,
      v: value.length <= 64 ? Array.from(value, String) : undefined,
    };
  }
  if (Array.isArray(value))
    return { t: "array", v: depth < MAX_DEPTH ? value.map((item) => describe(item, depth + 1)) : [] };
  // The library's own SafeMap has no Map.prototype.
  if (isMap(value)) {
    return { t: "map", v: [...value].map(([key, item]) => [describe(key, depth + 1), describe(item, depth + 1)]) };
  }
  return { t: "object", n: Object.getPrototypeOf(value) === null, v: describeProperties(value, depth) };
}

function describeProperties(value, depth) {
  const properties = {};
  if (depth >= MAX_DEPTH) return properties;
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol") continue;
    try {
      properties[key] = describe(value[key], depth + 1);
    } catch {
      // A getter that refuses outside its own state has no shape to describe.
    }
  }
  return properties;
}

function describeFunction(fn, depth) {
  const methods = fn.prototype
    ? Reflect.ownKeys(fn.prototype).filter((key) => typeof key === "string" && key !== "constructor")
    : [];
  const statics = {};
  for (const key of Reflect.ownKeys(fn)) {
    if (typeof key === "symbol" || ["length", "name", "prototype", "arguments", "caller"].includes(key)) continue;
    if (depth < 3) statics[key] = describe(fn[key], depth + 1);
  }
  const accessors = methods.filter((key) => Object.getOwnPropertyDescriptor(fn.prototype, key).get);
  return { t: "function", n: fn.name, l: fn.length, m: methods, a: accessors, s: statics };
}

const manifest = {};
for (const name of BINDINGS) {
  try {
    manifest[name] = describe(internalBinding(name));
  } catch {
    // Not built into this Node (quic, ...): the guest has no such binding either.
  }
}
const { natives, builtinIds, config } = internalBinding("builtins");
const options = internalBinding("options");
const cliOptions = {};
for (const [key, value] of Object.entries(options.getCLIOptionsValues())) cliOptions[key] = describe(value);

/** V8's flags and their types, from its own help. The guest looks one up only when Node does not know it. */
function v8Flags() {
  const { execFileSync } = require("node:child_process");
  const help = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  return Object.fromEntries(
    Array.from(help.matchAll(/^ {2}--([\w-]+) \(.*\n +type: (\w+)/gm), ([, name, type]) => [name, type]),
  );
}
manifest.v8_flags = v8Flags();

const facts = {
  version: process.version,
  versions: process.versions,
  release: { name: process.release.name, lts: process.release.lts },
  builtinIds,
  config,
  cliOptions,
  cliOptionsInfo: describe(options.getCLIOptionsInfo()),
  errorMap: [...internalBinding("uv").getErrorMap()],
  features: { ...process.features },
};
process.stdout.write(JSON.stringify({ natives, manifest, facts }));
