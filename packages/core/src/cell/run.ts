import { MAILBOX, type Need } from "@vivarium/bridge/contract";
import { encodeWire } from "@vivarium/bridge/wire";
import type { CellChannel } from "../channel/cell-side.ts";
import type { CellResult, ChildCommand, Outcome, RunRequest, Serve } from "../channel/messages.ts";
import { Compiler } from "../engine/compiler.ts";
import type { Engine } from "../engine/engine.ts";
import { GuestIsolate } from "../engine/isolate.ts";
import { Budget } from "../limits/index.ts";
import { type Authority, compilePermissions, type WirePermissions } from "../permissions/index.ts";
import { makeDispatch, type Powers } from "../syscalls/dispatch.ts";
import type { CellDriver } from "../syscalls/driver.ts";
import { Arrivals } from "./arrivals.ts";
import { Children } from "./children.ts";
import { Descriptors } from "./descriptors.ts";
import { type Ending, EndRun } from "./ending.ts";
import { FileService } from "./file-service.ts";
import { cellHandlers } from "./handlers.ts";
import { LaterCalls } from "./later-calls.ts";
import { Leases } from "./leases.ts";
import { Meter } from "./meter.ts";
import { Pump } from "./pump.ts";
import { RemoteFiles, remoteDispatch } from "./remote-files.ts";
import { RunNetwork } from "./run-network.ts";
import { Streams } from "./streams.ts";

export interface RunParts {
  readonly request: RunRequest;
  readonly driver: CellDriver;
  readonly permissions: WirePermissions;
  /** The files are in another cell of the tree of processes. */
  readonly remoteFiles: boolean;
  /** The embedder answers look-ups. */
  readonly asksLookups: boolean;
  readonly channel: CellChannel;
  readonly engine: Engine;
  /** The result was reported; the cell may take the next run. */
  readonly ended: () => void;
}

/** One run: a fresh guest from attach to result. */
export class Run {
  readonly #parts: RunParts;
  readonly #guest: GuestIsolate;
  readonly #compiler: Compiler;
  readonly #budget: Budget;
  readonly #meter: Meter;
  readonly #descriptors: Descriptors;
  readonly #streams = new Streams();
  /** Memory the guest has too. */
  readonly #mailbox: ArrayBuffer | SharedArrayBuffer;
  readonly #arrivals: Arrivals;
  readonly #leases: Leases;
  readonly #later: LaterCalls;
  readonly #children: Children;
  readonly #network: RunNetwork;
  readonly #files: FileService;
  readonly #authority: Authority;
  readonly #pump: Pump;
  /** What else is given up at the end. */
  readonly #releases: (() => void)[] = [];
  readonly #calls = new Map<number, (ok: boolean, body: Uint8Array) => void>();
  #lastToken = 0;
  #exports: Uint8Array = new Uint8Array(0);
  #error: Uint8Array = new Uint8Array(0);
  #ending: Ending | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { request, channel, engine } = parts;
    this.#guest = engine.create(request.limits.memoryMiB, request.engineFlags);
    this.#compiler = new Compiler(this.#guest, engine.library, engine.cache);
    this.#budget = new Budget(request.limits);
    this.#meter = new Meter(this.#guest);
    this.#descriptors = new Descriptors(channel, request.boot.inherited ?? []);
    this.#children = new Children(channel, this.#streams);
    this.#network = new RunNetwork({
      channel,
      streams: this.#streams,
      children: this.#children,
      outside: parts.driver.outside,
      asksLookups: parts.asksLookups,
      limits: request.limits,
      isAlone: () => !parts.remoteFiles && !this.#children.haveStarted,
      grantListening: (address, port) => this.#authority.grantListening(address, port, "tcp"),
      pending: this.#calls,
      nextToken: () => this.#nextToken(),
    });
    this.#files = new FileService({ driver: parts.driver, channel, powers: (driver) => this.#powers(driver) });
    this.#authority = compilePermissions(
      parts.permissions,
      (asked) =>
        channel.ask({ kind: "permission", domain: asked.domain, request: asked }).header as {
          allow: boolean;
          reason?: string;
        },
      request.decisions ? { onDecision: (decision) => channel.report({ type: "decision", decision }) } : {},
    );
    this.#later = new LaterCalls(this.#budget, (token, failed, payload) => {
      if (!this.#ending) this.#pump.deliver(token, failed, payload);
    });
    this.#leases = new Leases(engine.leasing(request.withoutHelper === true), this.#budget);
    const recall = (): void => this.#leases.recall();
    this.#budget.recall = recall;
    this.#network.sockets.traffic.recall = recall;
    const handing = engine.handing(request.limits.memoryMiB, request.withoutHelper === true);
    this.#releases.push(() => handing.end());
    this.#mailbox = handing.share(MAILBOX.bytes);
    this.#arrivals = new Arrivals(this.#mailbox, {
      deliver: (count) => this.#ending ?? this.#pump.arrived(count),
      handOver: (bytes) => handing.handOver(bytes),
      plenty: () => {
        engine.letHeapsGrow(true);
        this.#releases.push(() => engine.letHeapsGrow(false));
      },
      fail: (token, failure) => this.#ending ?? this.#pump.deliver(token, true, failure.toWire().slice(1)),
    });
    this.#pump = new Pump({
      guest: this.#guest,
      meter: this.#meter,
      cpuTimeMs: request.limits.cpuTimeMs,
      failedEvaluations: () => this.#compiler.modules.evaluations.failed(),
      ended: () => this.#ending !== undefined,
      end: (ending) => this.#end(ending),
      finish: () => this.#finish(),
    });
  }

  start(): void {
    const { request, engine } = this.#parts;
    this.#meter.start();
    const { entry } = request;
    const helper = request.withoutHelper ? undefined : engine.helperOf(this.#guest);
    this.#pump.attach(GuestIsolate.hostFunction(this.#dispatch()), JSON.stringify(request.boot), helper, this.#mailbox);
    const code = "code" in entry ? entry.code : undefined;
    this.#pump.start(
      JSON.stringify({
        kind: entry.kind,
        code,
        filePath: entry.kind === "source" ? entry.filePath : undefined,
        wantsExports: request.wantsExports,
      }),
    );
  }

  /** What arrived for a descriptor. */
  input(fd: number, data: Uint8Array, end: boolean): void {
    this.#descriptors.input(fd).push(data.slice(), end);
  }

  /** News of a child process. */
  child(command: ChildCommand, body: Uint8Array): void {
    if (command.type === "unserve") this.#files.release(command.child);
    else if (command.type === "dial") this.#network.dial(command.pipe, command.port, command.peer);
    else this.#children.command(command, new Uint8Array(body));
  }

  /** A child process asks for this run's files. */
  serve(request: Serve, body: Uint8Array): void {
    this.#files.serve(request, body);
  }

  answer(token: number, ok: boolean, body: Uint8Array): void {
    const settle = this.#calls.get(token);
    this.#calls.delete(token);
    settle?.(ok, body);
  }

  #dispatch(): (number: number, args: readonly unknown[]) => unknown {
    const { driver, channel, engine, request } = this.#parts;
    const compiler = this.#compiler;
    const own = cellHandlers({
      channel,
      budget: this.#budget,
      meter: this.#meter,
      descriptors: this.#descriptors,
      streams: this.#streams,
      arrivals: this.#arrivals,
      leases: this.#leases,
      loopback: this.#network.loopback,
      outside: this.#network.outside,
      learn: (hostname, addresses) => this.#authority.learn(hostname, addresses),
      sockets: this.#network.sockets,
      exposures: this.#network.exposures,
      grantListening: (address, port) => this.#authority.grantListening(address, port, "udp"),
      atEnd: (release) => this.#releases.push(release),
      children: this.#children,
      isThread: request.entry.kind === "worker",
      compiler,
      library: engine.library,
      checkBinding: (name) => this.#authority.checkBinding(name),
      payloadBytes: request.limits.payloadBytes,
      pending: this.#calls,
      nextToken: () => this.#nextToken(),
      setExports: (bytes) => {
        this.#exports = bytes;
      },
      setError: (bytes) => {
        this.#error = bytes;
      },
      end: (ending) => {
        this.#end(ending);
        throw new EndRun();
      },
    });
    const local = makeDispatch({ ...driver.handlers, ...own } as never, {
      ...this.#powers(driver),
      later: (token, begin, waits) => this.#later.start(token, begin, waits),
    });
    if (!this.#parts.remoteFiles) return local;
    const remote = new RemoteFiles(channel, this.#calls, () => this.#nextToken());
    return remoteDispatch(local, remote, (token, begin) => this.#later.start(token, begin, false));
  }

  #nextToken(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }

  #powers(driver: CellDriver): Omit<Powers, "later"> {
    return {
      grantAll: (needs) => this.#grantAll(driver, needs),
      charge: (calls, bytes) => this.#budget.charge(calls, bytes),
      bug(name, error) {
        // How a run ends on purpose is no mistake.
        if (error instanceof EndRun) return;
        process.stderr.write(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      },
    };
  }

  #grantAll(driver: CellDriver, needs: readonly Need[]) {
    const located = needs.map((need) =>
      need.domain === "fs" || need.domain === "module" ? driver.locate(need) : undefined,
    );
    return this.#authority.grantAll(needs, located);
  }

  /** Ends the guest: at once, and for good. The first reason counts. */
  #end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#meter.stop();
    this.#guest[Symbol.dispose]();
    this.#network.close();
    this.#arrivals.close();
    this.#streams.closeAll();
    this.#leases.recall();
    for (const release of this.#releases) release();
    this.#files.closeAll();
  }

  #finish(): void {
    const { request, channel, ended } = this.#parts;
    const ending = this.#ending ?? { outcome: "crashed" as Outcome, code: 70 };
    this.#end(ending);
    const standstill = ending.outcome === "exit" && ending.code !== 0 ? this.#budget.standstill : undefined;
    if (standstill !== undefined && this.#error.byteLength === 0) {
      const words = { name: "Error", message: standstill, code: "ERR_SANDBOX_BUDGET_EXCEEDED" };
      this.#error = encodeWire(words, request.limits.payloadBytes);
    }
    const result: CellResult = {
      id: request.id,
      ...ending,
      usage: {
        ...this.#meter.usage(),
        syscalls: this.#budget.usage().syscalls,
        stdioBytes: this.#budget.usage().stdioBytes,
      },
      body: [this.#exports.byteLength, this.#error.byteLength],
    };
    const body = Buffer.concat([this.#exports, this.#error]);
    void this.#network.finish().then(() => {
      channel.report({ type: "result", result }, body);
      ended();
    });
  }
}
