// The groups of Node's test/parallel: a group is a rule over file names without `test-` and extension. The first rule
// that fits counts.

/** What a group needs beyond the sandbox itself; `plain` groups make the union the project promises. */
const PLAIN = "plain";

/** @type {readonly (readonly [group: string, rule: RegExp, needs: string])[]} */
const RULES = [
  [
    "node's own tools",
    /^(eslint|debugger|tick-processor|node-output|cli-|cli$|code-cache|build|snapshot|single-executable|sea|compile-cache|compression-decompression|inspect|macos|windows|win32|corepack|config-file|doctool|experimental-shared|nodeeventtarget-?$|node-run|dotenv|env-file|bash|bootstrap|set-http-max|test426|startup|release|resource-usage|setproctitle|tojson|v8-untrusted|wrap-js-stream|x509|native-certs|sqlite|webstorage|quic|permission|policy|heap|cpu-prof|diagnostic-dir|watch-mode|runner|trace|report|shadow|wasm-web|wasi)/,
    "tools",
  ],
  ["http2", /^(http2|h2)/, "network"],
  ["https, tls", /^(https|tls|ssl|secure|double-tls)/, "network"],
  [
    "http",
    /^(http|pipe-file-to-http|outgoing|incoming|set-incoming|client|server|fetch|websocket|eventsource|undici|global-webstreams-http|blob-createobjecturl-http)/,
    "network",
  ],
  ["dgram", /^(dgram|udp)/, "network"],
  ["dns", /^(dns|c-ares)/, "network"],
  ["net", /^(net|tcp|pipe|socket|listen|block-?list|tty|ttywrap|cares|autoselect)/, "network"],
  ["cluster", /^cluster/, "processes"],
  [
    "child_process",
    /^(child|spawn|fork|exec$|stdio|stdin|stdout|stderr|preload|signal|sigint|kill|pending-deprecation|env-|stdout|unicode-node-options|node-options|ipc|error-reporting|max-old-space|init|init$)/,
    "processes",
  ],
  ["worker", /^(worker|broadcastchannel-custom-inspect)/, "workers"],
  ["crypto", /^(crypto|webcrypto|openssl|keygen|x509|dh-|dsa|x25519|hash-seed|fips)/, "crypto"],
  ["path", /^path/, PLAIN],
  ["querystring", /^querystring/, PLAIN],
  ["string_decoder", /^string-decoder/, PLAIN],
  ["util", /^(util|inspect-|mime|styletext|parse-args)/, PLAIN],
  ["events", /^(event|events|eventtarget|customevent)/, PLAIN],
  ["stream", /^(stream|stream2|stream3|readable|writable|duplex)/, PLAIN],
  ["buffer", /^(buffer|arraybuffer|btoa|atob)/, PLAIN],
  ["assert", /^assert/, PLAIN],
  ["url", /^(url|urlpattern)/, PLAIN],
  ["whatwg", /^(whatwg|webstream|readablestream|global-encoder|global-customevent|compression|encoding|text)/, PLAIN],
  ["timers", /^(timers|timer|set-?timeout|setinterval|setimmediate)/, PLAIN],
  ["console", /^console/, PLAIN],
  ["abort", /^abort/, PLAIN],
  ["next-tick", /^(next-tick|microtask|queue-microtask|nexttick)/, PLAIN],
  ["async hooks", /^(async|asyncresource|emit-)/, PLAIN],
  ["promise", /^(promise|promises|unhandled|handle-wrap)/, PLAIN],
  ["readline", /^readline/, PLAIN],
  ["diagnostics_channel", /^diagnostics/, PLAIN],
  ["domain", /^domain/, PLAIN],
  ["os", /^os/, PLAIN],
  ["punycode", /^punycode/, PLAIN],
  ["blob", /^(blob|file$|file-validate|file-)/, PLAIN],
  ["structured clone", /^structured/, PLAIN],
  ["messaging", /^(message|messag|broadcast)/, PLAIN],
  ["fs", /^(fs|file-write|file-read|filehandle)/, PLAIN],
  ["process", /^(process|exit|uncaught|umask|warn|beforeexit|memory-usage|hrtime)/, PLAIN],
  ["perf_hooks", /^(perf|performance)/, PLAIN],
  ["v8 serialize", /^v8-(serdes|serialize|deserialize)/, PLAIN],
  ["v8", /^(v8|gc|wasm)/, PLAIN],
  ["module", /^(module|require|esm|cjs|find-package|import|typescript|strip-types|source-map|loaders)/, PLAIN],
  ["vm", /^vm/, PLAIN],
  ["repl", /^repl/, PLAIN],
  ["zlib", /^zlib/, PLAIN],
  ["inspector", /^inspector/, "tools"],
];

/** Folders of the suite beside parallel, each a group of its name. They are not in the union. */
export const folderGroups = ["es-module", "wasi"];

/** Drivers of test/wpt, each a group of Web Platform Tests in which subtests are counted. They are not in the union. */
const WPT_DRIVERS = [
  "abort",
  "atob",
  "blob",
  "broadcastchannel",
  "compression",
  "console",
  "domexception",
  "encoding",
  "events",
  "file",
  "hr-time",
  "microtask-queuing",
  "performance-timeline",
  "resource-timing",
  "streams",
  "structured-clone",
  "timers",
  "url",
  "urlpattern",
  "user-timing",
  "wasm-webapi",
];

/** The group of a driver of test/wpt. */
export const wptGroupOf = (file) => `wpt ${file.replace(/^test-/, "").replace(/\.js$/, "")}`;

export const wptGroups = WPT_DRIVERS.map(wptGroupOf);

/** Whether a group stands beside Node's own test/parallel. */
export const isBeside = (group) => folderGroups.includes(group) || wptGroups.includes(group);

const OTHER = /** @type {const} */ (["other", /^/, PLAIN]);

/**
 * The group of a test and what that group needs.
 * @param {string} file name in test/parallel
 */
export function groupOf(file) {
  const name = file.replace(/^test-/, "").replace(/\.[cm]?js$/, "");
  const [group, , needs] = RULES.find(([, rule]) => rule.test(name)) ?? OTHER;
  return { group, needs };
}

/** Group names in the order of the table. */
export const groupNames = [
  ...RULES.filter(([, , needs]) => needs === PLAIN),
  OTHER,
  ...RULES.filter(([, , needs]) => needs !== PLAIN),
  ...[...folderGroups, ...wptGroups].map((name) => [name]),
].map(([group]) => group);

/** Whether a group counts into the union that needs no network, crypto or child processes. */
export const isPlain = (group) => !isBeside(group) && (RULES.find(([name]) => name === group) ?? OTHER)[2] === PLAIN;
