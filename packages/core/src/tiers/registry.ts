/** 1 bridge: calls the host. 2 runs wholly in the isolate. 3 stub. 4 deferred: throws on call. 5 unsupported. */
export type Tier = 1 | 2 | 3 | 4 | 5;
export type Profile = "baseline" | "full";

/** What one profile says about a module. */
export interface ModulePolicy {
  readonly tier: Tier;
  /** Exceptions: `api`, `object.api` or `Class#method` -> 4 (throws on call) or 5 (never, by design). */
  readonly apis?: Readonly<Record<string, 4 | 5>>;
}

export interface ModuleFacts {
  readonly baseline: ModulePolicy;
  readonly full: ModulePolicy;
  /** Area of its error code where that is another module's. */
  readonly area?: string;
  /** Why it is where it is, one line. */
  readonly reason: string;
  /** What no profile carries, where that is a part of the module. Its stubs throw the module's UNSUPPORTED code. */
  readonly never?: string;
  /** Only reachable as `node:name`. */
  readonly schemeOnly?: true;
}

const apis = (tier: 4 | 5, ...names: readonly string[]): Readonly<Record<string, 4 | 5>> =>
  Object.fromEntries(names.map((name) => [name, tier]));

const both = (tier: Tier, reason: string, more: Partial<ModuleFacts> = {}): ModuleFacts => ({
  baseline: { tier },
  full: { tier },
  reason,
  ...more,
});

const split = (
  baseline: Tier | ModulePolicy,
  full: Tier,
  reason: string,
  more: Partial<ModuleFacts> = {},
): ModuleFacts => ({
  baseline: typeof baseline === "number" ? { tier: baseline } : baseline,
  full: { tier: full },
  reason,
  ...more,
});

const subtle =
  "decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey"
    .split(" ")
    .map((name) => `subtle.${name}`);

/** What works on asymmetric keys, and on numbers that make some. */
const asymmetric = (
  "Sign Verify DiffieHellman DiffieHellmanGroup ECDH createSign createVerify sign verify createPrivateKey " +
  "createPublicKey generateKeyPair generateKeyPairSync createECDH createDiffieHellman createDiffieHellmanGroup " +
  "getDiffieHellman diffieHellman publicEncrypt publicDecrypt privateEncrypt privateDecrypt generatePrime " +
  "generatePrimeSync checkPrime checkPrimeSync"
).split(" ");

const library = "Node's own library, wholly in the isolate";
const bridge = "Node's own library over syscalls";
const network = "obeys permissions.network";

/**
 * Every public module of Node 22 under its bare name, per profile. `tierConfig`, the loader's refusals, the error
 * table and the compatibility page all follow from this table.
 */
export const registry: Readonly<Record<string, ModuleFacts>> = {
  assert: both(2, library),
  "assert/strict": both(2, library),
  async_hooks: split(3, 2, "AsyncLocalStorage and AsyncResource; hooks see the guest's own resources"),
  buffer: both(2, library),
  child_process: split(
    { tier: 1, apis: apis(5, "fork", "_forkChild") },
    1,
    "commands run through the host's executor under permissions.childProcess; fork starts a second sandbox",
  ),
  cluster: split(5, 3, "processes that share a listening handle; a probe surface in full"),
  console: both(1, "Node's formatting; output leaves through onStdio"),
  constants: both(2, library),
  crypto: split(
    { tier: 3, apis: apis(4, ...asymmetric, ...subtle) },
    1,
    "the host's engine; in baseline randomness, hashes, MACs, ciphers and key derivation. Asymmetric keys and subtle, globalThis.crypto.subtle included, are full's",
  ),
  dgram: split(5, 1, `datagram sockets; ${network}`),
  diagnostics_channel: split(3, 2, library),
  dns: both(1, `look-ups on the host; ${network}`),
  "dns/promises": both(1, `look-ups on the host; ${network}`),
  domain: split(5, 2, "deprecated by Node; whole in full"),
  events: both(2, library),
  fs: split(
    { tier: 1, apis: apis(4, "watch", "watchFile", "promises.watch") },
    1,
    "the virtual file system under permissions.fs",
  ),
  "fs/promises": split({ tier: 1, apis: apis(4, "watch") }, 1, "the same object as fs.promises", { area: "FS" }),
  http: both(1, `client and server, the server on the sandbox's loopback; ${network}`),
  http2: split(
    { tier: 3, apis: apis(5, "connect", "createServer", "createSecureServer", "performServerHandshake") },
    1,
    `classes, constants and settings; sessions, the protocol in the isolate, are full's; ${network}`,
  ),
  https: both(1, `as http, over TLS in both profiles; ${network}`),
  inspector: split(5, 2, "in full a session on the guest's own isolate, from a fixed list of commands"),
  "inspector/promises": split(5, 2, "as inspector"),
  module: both(1, "CommonJS and ES modules; loader threads (`module.register`) need memory that threads share"),
  net: split(
    {
      tier: 4,
      apis: apis(
        4,
        "connect",
        "createConnection",
        "createServer",
        "_createServerHandle",
        "Socket#connect",
        "Stream#connect",
        "Server#listen",
      ),
    },
    1,
    `sockets; ${network}. In baseline the classes can be extended and constructed, the address helpers (isIP, BlockList, SocketAddress) work`,
  ),
  os: both(1, "the neutral system of options.osInfo"),
  path: both(2, library),
  "path/posix": both(2, library),
  "path/win32": both(2, library),
  perf_hooks: split(
    {
      tier: 4,
      apis: apis(
        4,
        "createHistogram",
        "monitorEventLoopDelay",
        "performance.eventLoopUtilization",
        "performance.timerify",
        "PerformanceObserver#observe",
      ),
    },
    2,
    "in baseline what is also a global (performance.now, mark, measure, ...) stays, being the same object; what only Node adds throws",
  ),
  process: both(1, bridge, { never: "native add-ons, replacing the process and changing the host's ids" }),
  punycode: both(2, library),
  querystring: both(2, library),
  readline: split(
    {
      tier: 4,
      apis: apis(
        4,
        "createInterface",
        "clearLine",
        "clearScreenDown",
        "cursorTo",
        "emitKeypressEvents",
        "moveCursor",
        "Interface#question",
        "Interface#prompt",
        "Interface#write",
      ),
    },
    2,
    "terminal dialogue; whole in full",
  ),
  "readline/promises": split(
    {
      tier: 4,
      apis: apis(
        4,
        "createInterface",
        "Interface#question",
        "Interface#prompt",
        "Interface#write",
        "Readline#clearLine",
        "Readline#clearScreenDown",
        "Readline#commit",
        "Readline#cursorTo",
        "Readline#moveCursor",
        "Readline#rollback",
      ),
    },
    2,
    "as readline",
  ),
  repl: split(5, 2, "an interactive shell; whole in full"),
  sea: both(3, "isSea() is false, as in any program that is not a single executable", { schemeOnly: true }),
  sqlite: split(5, 1, "SQLite in WebAssembly on the virtual file system, in full", { schemeOnly: true }),
  stream: both(2, library),
  "stream/consumers": both(2, library),
  "stream/promises": both(2, library),
  "stream/web": both(2, library),
  string_decoder: both(2, library),
  sys: both(2, "the old name of util"),
  test: split(5, 2, "Node's own runner, in full", { schemeOnly: true }),
  "test/reporters": split(5, 2, "as test", { schemeOnly: true }),
  timers: both(1, "the cell's event loop is the guest's"),
  "timers/promises": both(1, "as timers"),
  tls: split(
    {
      tier: 4,
      apis: apis(
        4,
        "connect",
        "createServer",
        "createSecureContext",
        "createSecurePair",
        "setDefaultCACertificates",
        "TLSSocket#connect",
        "Server#listen",
      ),
    },
    1,
    `over any stream, on the host's engine; ${network}. In baseline the classes can be extended, constants and identity checks work`,
    { never: "OpenSSL engines and the callback for ticket keys" },
  ),
  trace_events: split(5, 3, "the host's tracing; a probe surface in full"),
  tty: both(2, library),
  url: both(2, library),
  util: both(2, library),
  "util/types": both(2, library),
  v8: split(3, 2, "statistics of the guest's heap and the structured serializer", {
    never: "heap snapshots, V8 flags and queries over live objects",
  }),
  vm: both(2, library, { never: "what the engine does not lend to a guest" }),
  wasi: split(5, 1, "WebAssembly's system interface on the virtual file system, in full"),
  worker_threads: split(
    { tier: 4, apis: apis(4, "Worker", "postMessageToThread", "moveMessagePortToContext") },
    1,
    "a Worker is a second sandbox, in full. In baseline the facts (isMainThread, threadId, workerData, parentPort) and everything about message channels stay",
    { never: "heap snapshots and CPU profiles of other threads, ports in contexts of vm, loader threads" },
  ),
  zlib: both(2, library),

  _http_agent: both(1, "as http", { area: "HTTP" }),
  _http_client: both(1, "as http", { area: "HTTP" }),
  _http_common: both(1, "as http", { area: "HTTP" }),
  _http_incoming: both(1, "as http", { area: "HTTP" }),
  _http_outgoing: both(1, "as http", { area: "HTTP" }),
  _http_server: both(1, "as http", { area: "HTTP" }),
  _stream_duplex: both(2, "as stream", { area: "STREAM" }),
  _stream_passthrough: both(2, "as stream", { area: "STREAM" }),
  _stream_readable: both(2, "as stream", { area: "STREAM" }),
  _stream_transform: both(2, "as stream", { area: "STREAM" }),
  _stream_wrap: both(2, "as stream", { area: "STREAM" }),
  _stream_writable: both(2, "as stream", { area: "STREAM" }),
  _tls_common: split({ tier: 4, apis: apis(4, "createSecureContext") }, 1, "as tls", { area: "TLS" }),
  _tls_wrap: split(
    { tier: 4, apis: apis(4, "connect", "createServer", "TLSSocket#connect", "Server#listen") },
    1,
    "as tls",
    { area: "TLS" },
  ),
};
