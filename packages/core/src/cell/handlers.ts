import { Buffer } from "node:buffer";
import { constants, getPriority, setPriority } from "node:os";
import type { Library } from "@vivarium/bridge/library";
import type { CellChannel } from "../channel/cell-side.ts";
import type { Compiler } from "../engine/compiler.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { Budget } from "../limits/index.ts";
import type { Granted } from "../permissions/granted.ts";
import type { Handlers, Outside } from "../syscalls/driver.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Children } from "./children.ts";
import type { Descriptors } from "./descriptors.ts";
import { dnsHandlers } from "./dns/handlers.ts";
import { type Ending, endings } from "./ending.ts";
import type { Leases } from "./leases.ts";
import { datagramHandlers } from "./loopback/datagram-handlers.ts";
import { Datagrams } from "./loopback/datagrams.ts";
import { loopbackHandlers } from "./loopback/handlers.ts";
import type { Loopback } from "./loopback/loopback.ts";
import type { Meter } from "./meter.ts";
import type { Exposures } from "./outside/exposures.ts";
import { networkHandlers } from "./outside/handlers.ts";
import type { Sockets } from "./outside/sockets.ts";
import { stdioHandlers } from "./stdio.ts";
import { type Streams, streamHandlers } from "./streams.ts";
import { threadHandlers } from "./threads.ts";

export interface HandlerParts {
  readonly channel: CellChannel;
  readonly budget: Budget;
  readonly meter: Meter;
  readonly descriptors: Descriptors;
  readonly streams: Streams;
  readonly arrivals: Arrivals;
  readonly leases: Leases;
  readonly loopback: Loopback;
  readonly exposures: Exposures;
  readonly outside: Outside;
  /** A granted look-up answered. */
  readonly learn: (hostname: string, addresses: readonly string[]) => void;
  readonly sockets: Sockets;
  /** One grant for each address of the host at which datagrams for a socket bound here may arrive. */
  readonly grantListening: (address: string, port: number) => readonly Granted[];
  /** Leaves what has to be given up when the run ends. */
  readonly atEnd: (release: () => void) => void;
  readonly children: Children;
  readonly compiler: Compiler;
  readonly library: Library;
  /** The run is a thread of its process. */
  readonly isThread: boolean;
  readonly payloadBytes: number;
  readonly checkBinding: (name: string) => void;
  /** Calls of embedder functions under way, by token of the channel. */
  readonly pending: Map<number, (ok: boolean, body: Uint8Array) => void>;
  readonly nextToken: () => number;
  readonly setExports: (bytes: Uint8Array) => void;
  readonly setError: (bytes: Uint8Array) => void;
  /** Ends the run and does not return. */
  readonly end: (ending: Ending) => never;
}

const MAX_SIGNAL = 64;
const LOWEST_PRIORITY = 19;
/** Signals whose default action does nothing (signal(7)). */
const IGNORED = new Set<number>([
  constants.signals.SIGCHLD,
  constants.signals.SIGURG,
  constants.signals.SIGWINCH,
  constants.signals.SIGCONT,
]);

const process_ = ({ meter, end, budget, channel, children }: HandlerParts): Handlers<"process"> => ({
  exit: (_grants, code) => end(endings.exit(code & 0xff)),
  kill: (_grants, signal) => {
    if (signal < 1 || signal > MAX_SIGNAL) throw new SyscallFailure("EINVAL");
    if (children.handles(signal)) {
      children.signal(signal);
      return undefined;
    }
    if (IGNORED.has(signal)) return undefined;
    return end(endings.signal(signal));
  },
  cpuUsage: () => {
    const { user, system } = meter.cpu();
    return [user, system];
  },
  memoryUsage: () => {
    const heap = meter.heap();
    const external = heap.externally_allocated_size;
    const rss = process.memoryUsage.rss();
    return [rss, heap.total_heap_size, heap.used_heap_size, external + heap.malloced_memory, external];
  },
  heapStatistics: () => {
    const heap = meter.heap();
    return [
      heap.total_heap_size,
      heap.total_heap_size_executable,
      heap.total_physical_size,
      heap.total_available_size,
      heap.used_heap_size,
      heap.heap_size_limit,
      heap.malloced_memory,
      heap.peak_malloced_memory,
      heap.does_zap_garbage,
      heap.externally_allocated_size,
    ];
  },
  priority: () => getPriority(),
  // Whatever the cell may do itself, a guest never gets more than it has.
  lowerPriority: (_grants, priority) => {
    if (priority < getPriority()) throw new SyscallFailure("EACCES");
    if (priority > LOWEST_PRIORITY) throw new SyscallFailure("EINVAL");
    setPriority(priority);
  },
  sleep: (_grants, milliseconds) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, Math.min(milliseconds, 2 ** 31 - 1)));
  },
  debug: (_grants, text) => {
    const data = Buffer.from(text);
    budget.chargeStdio(data.byteLength);
    channel.report({ type: "stdio", channel: 2 }, data);
  },
});

/** Arguments of calls that are not answered yet wait in the embedder: together at most this many of the largest. */
const PENDING_PAYLOADS = 4;

const bindings = ({
  channel,
  budget,
  pending,
  nextToken,
  checkBinding,
  payloadBytes,
}: HandlerParts): Handlers<"bindings"> => {
  let pendingBytes = 0;
  return {
    call: async (_grants, name, args) => {
      budget.checkPayload(args.byteLength);
      checkBinding(name);
      const room = PENDING_PAYLOADS * payloadBytes;
      if (pendingBytes + args.byteLength > room) throw tooMuchPending(room);
      const token = nextToken();
      pendingBytes += args.byteLength;
      const answered = new Promise<Uint8Array>((resolve, reject) => {
        pending.set(token, (ok, body) => {
          pendingBytes -= args.byteLength;
          ok ? resolve(body) : reject(bindingFailure(body));
        });
      });
      channel.report({ type: "call", token, name }, args);
      return answered;
    },
    callSync: (_grants, name, args) => {
      budget.checkPayload(args.byteLength);
      checkBinding(name);
      const { header, body } = channel.ask({ kind: "binding", name }, args);
      if (!("ok" in header) || !header.ok) throw bindingFailure(body);
      return body;
    },
  };
};

const tooMuchPending = (room: number): SyscallFailure => {
  const detail = `the arguments of calls under way exceed ${room} bytes; await some of them, or raise options.limits.payloadBytes`;
  return new SyscallFailure("ERR_SANDBOX_BUDGET_EXCEEDED", { sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED", detail });
};

/** What an embedder's function threw, in the wire format; the guest rebuilds the error from it. */
const bindingFailure = (body: Uint8Array): SyscallFailure =>
  new SyscallFailure("ERR_SANDBOX_BINDING", { detail: Buffer.from(body).toString("latin1") });

const result = ({ setExports, setError, payloadBytes }: HandlerParts): Handlers<"result"> => ({
  exports: (_grants, bytes) => {
    if (bytes.byteLength <= payloadBytes) setExports(bytes);
  },
  error: (_grants, bytes) => {
    if (bytes.byteLength <= payloadBytes) setError(bytes);
  },
});

/** The engine's handlers hand out guest functions, which no codec can type: their results pass through untouched. */
const engine = ({ compiler, library }: HandlerParts): Handlers<"engine"> => {
  const opaque = (value: unknown): never => value as never;
  return {
    compileBuiltin: (_grants, id) => opaque(compiler.builtin(id)),
    compileFunction: (_grants, source, filename, params, line, column, imports) =>
      opaque(compiler.fn(source, filename, params, line, column, imports)),
    checkScript: (_grants, source, filename, line, column, cache, produce) =>
      compiler.checkScript(source, filename, line, column, cache, produce),
    makeContext: (_grants, id) => opaque(compiler.contexts.make(id)),
    runScript: (_grants, id, source, filename, line, column, timeout) =>
      opaque(compiler.contexts.run(id, source, filename, line, column, timeout)),
    checkModule: (_grants, source, filename) => compiler.checkModule(source, filename),
    compileModule: (_grants, source, url, line, column, context, cache) =>
      compiler.modules.compile(source, url, line, column, context, cache),
    moduleCache: (_grants, id) => compiler.modules.cache(id),
    syntheticModule: (_grants, url, names, context) =>
      compiler.modules.synthetic(url, names as readonly string[], context),
    rootModule: (_grants, id) => compiler.modules.root(id),
    moduleSetter: (_grants, id) => opaque(compiler.modules.setter(id)),
    linkModule: (_grants, id, targets) => compiler.modules.link(id, targets as readonly number[]),
    instantiateModule: (_grants, id) => compiler.modules.instantiate(id),
    evaluateModule: (_grants, id, timeout) => compiler.modules.evaluate(id, timeout),
    moduleDone: (_grants, id) => compiler.modules.evaluations.end(id),
    moduleNamespace: (_grants, id) => opaque(compiler.modules.namespace(id)),
    builtinSource: (_grants, id) => library.text(id),
    manifest: (_grants, name) => (library.manifest[name] === undefined ? "" : JSON.stringify(library.manifest[name])),
  };
};

/** Sockets and ends of connections of one run inside the sandbox. */
export const MAX_SOCKETS = 4096;

/** What of the network lives in the cell: inside the sandbox, and the ways out of it. */
function networking(parts: HandlerParts) {
  const { streams, loopback, exposures, outside, learn, sockets, grantListening, atEnd } = parts;
  const datagrams = new Datagrams(MAX_SOCKETS, { outside: outside.datagrams, sockets, grantListening });
  atEnd(() => datagrams.closeAll());
  return {
    network: networkHandlers({ outside, streams, learn, sockets }),
    datagram: datagramHandlers(datagrams),
    loopback: loopbackHandlers(loopback, exposures),
    dns: dnsHandlers({ datagrams, loopback, streams, outside, sockets, learn, atEnd }),
  };
}

/** The handlers the cell brings itself; the driver brings the rest. */
export const cellHandlers = (parts: HandlerParts) => ({
  stdio: stdioHandlers(parts),
  process: process_(parts),
  bindings: bindings(parts),
  result: result(parts),
  engine: engine(parts),
  ...networking(parts),
  stream: streamHandlers(
    parts.streams,
    parts.arrivals,
    (bytes) => parts.budget.charge(0, bytes),
    parts.leases,
    (fd) => parts.descriptors.stream(fd),
  ),
  childProcess: parts.children.childProcess,
  signal: parts.children.signals,
  worker: threadHandlers(parts),
});
