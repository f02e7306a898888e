import { TLS_EVENT_VALUES, TlsEvent } from "../../contract/tls.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { cryptoError } from "./crypto-error.ts";
import type { TlsOutput } from "./tls-output.ts";
import type { TlsWrites } from "./tls-writes.ts";

/** One event of a step: its number, or a name of this side's, and its values. */
export type Event = readonly unknown[];

/** A step of the connection: a syscall that answers events. */
export type Step = (id: number) => readonly unknown[];

/** Reads ciphertext along, while the handshake is in clear. */
export interface Witness {
  onInput(bytes: Uint8Array): void;
  onOutput(bytes: Uint8Array): void;
}

interface EngineParts {
  readonly realm: Realm;
  /** The cell's number of the connection. */
  readonly id: number;
  readonly output: TlsOutput;
  readonly writes: TlsWrites;
  /** Who sees ciphertext: the other side's before the engine does. */
  readonly witness: () => Witness | undefined;
}

const GONE = 0;

/** The state machine in the cell, as this side sees it: steps that answer events. */
export class TlsEngine {
  readonly #parts: EngineParts;
  #id: number;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#id = parts.id;
  }

  /** The cell's number, 0 once it is left. */
  get id(): number {
    return this.#id;
  }

  get isGone(): boolean {
    return this.#id === GONE;
  }

  /** Takes no steps any more. -> the number the cell has to be told, 0 where that was done */
  leave(): number {
    const id = this.#id;
    this.#id = GONE;
    return id;
  }

  /** Shows the engine ciphertext. @param bytes of exactly their size -> what came of it */
  receive(bytes: Uint8Array): Event[] {
    const { realm, witness } = this.#parts;
    witness()?.onInput(bytes);
    return this.ask((id) => realm.sys.tls.receive(id, bytes));
  }

  /** -> the events of a step; its output is in line already. What the sandbox refuses is an error of the connection. */
  ask(step: Step): Event[] {
    if (this.#id === GONE) return [];
    let flat: readonly unknown[];
    try {
      flat = step(this.#id);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return [["refused", cryptoError(error)]];
    }
    const { output, witness, writes } = this.#parts;
    const events: Event[] = [];
    for (let at = 0; at < flat.length; ) {
      const end = at + 1 + (TLS_EVENT_VALUES[flat[at] as number] as number);
      const event = ArrayProto.slice(flat, at, end);
      // In the engine's order, whatever is told in between.
      if (event[0] === TlsEvent.output) {
        output.add(event[1] as Uint8Array);
        witness()?.onOutput(event[1] as Uint8Array);
      }
      append(events, event);
      at = end;
    }
    if (writes.isWaiting) append(events, ["settle"]);
    return events;
  }
}
