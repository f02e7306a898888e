import { entries, isWireFailure } from "@vivarium/bridge/contract";
import { decodeWire, encodeWire } from "@vivarium/bridge/wire";
import type { CellChannel } from "../channel/cell-side.ts";
import type { Serve } from "../channel/messages.ts";
import { SyscallFailure } from "../errors/failure.ts";
import { makeDispatch, type Powers } from "../syscalls/dispatch.ts";
import type { CellDriver } from "../syscalls/driver.ts";
import { isAboutFiles } from "./remote-files.ts";

const MAX_BYTES = 72 * 1024 * 1024;

/** What the service works with: the run's own driver, and how it decides and counts. */
export interface FileServiceParts {
  readonly driver: CellDriver;
  readonly channel: CellChannel;
  powers(driver: CellDriver): Pick<Powers, "grantAll" | "charge" | "bug">;
}

/** By this number a thread of the run's own process asks: its descriptors are the run's. */
const OWN = 0;

interface Client {
  readonly driver: CellDriver;
  readonly dispatch: (number: number, args: readonly unknown[]) => unknown;
  /** The asynchronous call dispatch has just begun. */
  begun: Promise<unknown> | undefined;
}

const isAsync = (number: number): boolean => entries[number]?.declaration.mode === "async";

const noHandler = (): never => {
  throw new SyscallFailure("ENOSYS");
};

/** A handler for every syscall, of which only those about files are the driver's. */
const tableOf = (driver: CellDriver): Record<string, Record<string, unknown>> => {
  const table: Record<string, Record<string, unknown>> = {};
  for (const { group, key } of entries) {
    table[group] ??= {};
    (table[group] as Record<string, unknown>)[key] = noHandler;
  }
  return { ...table, fs: { ...driver.handlers.fs }, modules: { ...driver.handlers.modules } };
};

/**
 * Serves the files of this run to its child processes: each has descriptors of its own on the same file system, and is
 * decided by the same rules.
 */
export class FileService {
  readonly #parts: FileServiceParts;
  readonly #clients = new Map<number, Client>();
  #lastServed = 0;

  constructor(parts: FileServiceParts) {
    this.#parts = parts;
  }

  /** One request. The same one may come twice, on either pipe. */
  serve({ id, child, number }: Serve, body: Uint8Array): void {
    if (id <= this.#lastServed) return;
    this.#lastServed = id;
    const answer = isAboutFiles(number) ? this.#answer(child, number, body) : new SyscallFailure("ENOSYS").toWire();
    const reply = (value: unknown): void => {
      this.#parts.channel.report({ type: "served", id }, encodeWire(value, MAX_BYTES));
    };
    if (answer instanceof Promise) void answer.then(reply);
    else reply(answer);
  }

  /** The result as it crosses; of an asynchronous call, whether it failed and with what. */
  #answer(child: number, number: number, body: Uint8Array): unknown {
    const client = this.#client(child);
    client.begun = undefined;
    const answer = client.dispatch(number, decodeWire(body) as unknown[]);
    const begun = client.begun as Promise<unknown> | undefined;
    // An asynchronous call that did not begin fails as one that did.
    if (begun === undefined) return isAsync(number) && isWireFailure(answer) ? [true, answer.slice(1)] : answer;
    return begun.then(
      (value) => [false, value],
      (error: unknown) => [
        true,
        (error instanceof SyscallFailure ? error : new SyscallFailure("EIO")).toWire().slice(1),
      ],
    );
  }

  /** The child process is gone: closes what it left open. */
  release(child: number): void {
    if (child !== OWN) this.#clients.get(child)?.driver[Symbol.dispose]();
    this.#clients.delete(child);
  }

  closeAll(): void {
    for (const child of [...this.#clients.keys()]) this.release(child);
  }

  #client(child: number): Client {
    const known = this.#clients.get(child);
    if (known !== undefined) return known;
    const driver = child === OWN ? this.#parts.driver : this.#parts.driver.share();
    const client: Client = {
      driver,
      begun: undefined,
      dispatch: makeDispatch(tableOf(driver), {
        ...this.#parts.powers(driver),
        later: (_token, begin) => {
          client.begun = begin();
        },
      }),
    };
    this.#clients.set(child, client);
    return client;
  }
}
