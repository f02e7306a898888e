import { SyscallError } from "../client.ts";
import type { Realm } from "../realm.ts";
import type { Handle } from "./handle-wrap.ts";
import type { Listener } from "./stream-listener.ts";

const NOT_ATTACHED = -1;
/** Instead of a stream's number: the pipe of a child that could not be started (`uv_spawn`). */
export const NOWHERE = -2;

/** Which stream of the cell's it is. */
export class CellStreamPlace {
  /** The cell's number; negative where there is none. */
  id = NOT_ATTACHED;
  /** A connection is on its way: what is written meanwhile waits. */
  isConnecting = false;

  get isAttached(): boolean {
    return this.id !== NOT_ATTACHED;
  }

  /** What it would have led to does not exist: there is nothing to read, and nobody to write to. */
  get isNowhere(): boolean {
    return this.id === NOWHERE;
  }

  leave(): void {
    this.id = NOT_ATTACHED;
  }
}

/** What the two halves of a stream of the cell's share. */
export interface CellStreamParts {
  readonly realm: Realm;
  readonly handle: Handle;
  readonly listener: Listener;
  readonly place: CellStreamPlace;
}

/** Runs a syscall whose refusal is no news. */
export function ignoreRefusal(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
  }
}
