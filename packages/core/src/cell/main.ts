import { Library, libraryDirectory } from "@vivarium/bridge/library";
import type { CellChannel } from "../channel/cell-side.ts";
import { openCellChannel } from "../channel/cell-side.ts";
import { startLifeline } from "../channel/lifeline.ts";
import type { Command, RunRequest } from "../channel/messages.ts";
import { Engine } from "../engine/engine.ts";
import type { Located } from "../permissions/granted.ts";
import type { WirePermissions } from "../permissions/index.ts";
import type { CellDriver } from "../syscalls/driver.ts";
import { Run } from "./run.ts";
import { Shrinking } from "./shrinking.ts";

/** Makes the driver of a cell from its spec, as `createNodeDriver` wrote it. */
export type MakeDriver = (spec: unknown) => CellDriver;

/** One cell: a process that holds one guest at a time. It lives until its supervisor ends it. */
class Cell {
  readonly #engine: Engine;
  readonly #channel: CellChannel;
  readonly #makeDriver: MakeDriver;
  #driver: CellDriver | undefined;
  #permissions: WirePermissions = {};
  #remoteFiles = false;
  #asksLookups = false;
  #run: Run | undefined;
  readonly #shrinking: Shrinking;

  constructor(makeDriver: MakeDriver) {
    this.#makeDriver = makeDriver;
    this.#channel = openCellChannel({
      onCommand: (header, body) => this.#command(header, body),
      onServe: (request, body) => this.#run?.serve(request, body),
    });
    this.#engine = new Engine(new Library(libraryDirectory));
    if (!this.#engine.diesWithParent) startLifeline();
    this.#engine.warm();
    this.#channel.report({ type: "ready", bootMs: performance.now() });
    this.#shrinking = new Shrinking(() => this.#engine.shrink());
  }

  #command(command: Command, body: Uint8Array): void {
    this.#shrinking.postpone();
    switch (command.type) {
      case "prepare":
        this.#driver?.[Symbol.dispose]();
        this.#driver = this.#makeDriver(command.driver);
        this.#permissions = command.permissions as WirePermissions;
        this.#remoteFiles = command.remoteFiles === true;
        this.#asksLookups = command.asksLookups === true;
        break;
      case "run":
        this.#start(command.run);
        break;
      case "stdin":
        this.#run?.input(command.fd ?? 0, body, command.end);
        break;
      case "answer":
        this.#run?.answer(command.token, command.ok, body);
        break;
      case "serve":
        this.#run?.serve(command, body);
        break;
      default:
        this.#run?.child(command, body);
    }
  }

  #start(request: RunRequest): void {
    const driver = this.#driver;
    if (!driver) throw new Error("a run before its driver was prepared");
    driver.reset();
    this.#run = new Run({
      request,
      driver,
      permissions: this.#permissions,
      remoteFiles: this.#remoteFiles,
      asksLookups: this.#asksLookups,
      channel: this.#channel,
      engine: this.#engine,
      ended: () => {
        this.#run = undefined;
        this.#shrinking.postpone();
        this.#engine.warm();
        // The supervisor gives the next run only to a cell that got over the last one.
        this.#channel.report({ type: "ready", bootMs: performance.now() });
      },
    });
    this.#run.start();
  }
}

/** The main function of a cell process. */
export function runCell<L extends Located>(makeDriver: (spec: unknown) => CellDriver<L>): void {
  // The driver's places go nowhere but back into its own handlers, inside grants.
  new Cell(makeDriver as unknown as MakeDriver);
}
