// The committed memory of the last accepted run: what fails, each with its reason. Everything else has to pass.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** -> file -> reason. */
export const readExpectations = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { tested: [], known: {} };

/** Tests that fail without standing among the known failures, or under a name the last accepted run did not have. */
export function judge(results, { tested, known }) {
  const before = new Set(tested);
  return Object.entries(results)
    .filter(
      ([file, { native, verdict }]) => native === "pass" && verdict !== "pass" && before.has(file) && !(file in known),
    )
    .map(([file, { verdict }]) => `${file} (${verdict})`);
}

/** What stands behind a message, in a few words. */
const REASONS = [
  [
    /spawn(Sync)?\b.* (ENOSYS|EINVAL|ENOENT)|status.*undefined|stderr.*undefined|EXIT CODE: null|^null !== 0|reading '(toString|trim)'/m,
    "starts a process",
  ],
  [/listen (ENOSYS|EACCES)|connect ENOSYS|reading 'port'/, "listens on a socket"],
  [/worker_threads\.Worker/, "starts a worker"],
  [/Unexpected token '%'/, "uses V8's %natives"],
  [
    /measureMemory|queryObjects|GCProfiler|setFlagsFromString|HeapSnapshot|heap_utils|takeCoverage/,
    "inspects V8's heap or flags",
  ],
  [/inspector\./, "needs a debugger"],
  [/watchFile|watcher|fs_event|_handle\.(close|unref) is not|fs-watch/, "watches files"],
  [/test\/common\/gc\.js|collectGarbage|queryObjects/, "counts what the garbage collector took"],
  [/http2\./, "http2"],
  [/udp|dgram/, "datagram sockets"],
  [/WebAssembly is not defined|codeGeneration/, "WebAssembly or code generation settings in a vm context"],
];

/** The line of an error's output that names it: a reason to begin with, until a person writes a better one. */
function guess({ verdict, tail = "" }) {
  if (verdict === "timeout") return "does not end in time";
  if (verdict === "skip") return "skips itself in the sandbox";
  const known = REASONS.find(([pattern]) => pattern.test(tail));
  if (known) return known[1];
  const line = tail.split("\n").find((text) => /^\s*(?:\w*Error|Uncaught|\[?\w+Error)\b.*:/.test(text));
  return (line ?? "exits with a code other than 0").trim().slice(0, 120);
}

/** Accepts results: what fails is known from now on; reasons that stand there stay. */
export function writeExpectations(file, results) {
  const { tested, known } = readExpectations(file);
  const all = new Set(tested);
  const reasons = { ...known };
  for (const [name, result] of Object.entries(results)) {
    if (result.native !== "pass") {
      all.delete(name);
      delete reasons[name];
      continue;
    }
    all.add(name);
    if (result.verdict === "pass") delete reasons[name];
    else reasons[name] ??= guess(result);
  }
  const sorted = Object.fromEntries(Object.entries(reasons).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ tested: [...all].sort(), known: sorted }, null, 1)}\n`);
}
