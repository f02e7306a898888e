import { SyscallError } from "../client.ts";
import { exactCopy, joinBytes } from "../lib/bytes.ts";
import { append } from "../lib/define.ts";
import { ArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { pieces } from "./frames.ts";

/** Bytes of one crossing. */
const CHUNK = 256 * 1024;
const NOT_ATTACHED = -1;

/** What the pipe tells. */
export interface PipeEvents {
  data(bytes: Uint8Array): void;
  /** Nothing more will come, and nobody reads. Told once. */
  end(): void;
}

/**
 * One end of the pipe between two threads. It keeps nobody alive: that is what the ports do whose messages it carries.
 * What is written goes at once where the cell takes it so, otherwise piece by piece as the other end makes room.
 */
export class LinkPipe {
  readonly #realm: Realm;
  readonly #events: PipeEvents;
  #id = NOT_ATTACHED;
  #waiting: Uint8Array[] = [];
  #isSending = false;
  #isOver = false;
  /** Nobody reads what is written here any more; what the other end wrote may still be on its way. */
  #isDeaf = false;

  constructor(realm: Realm, events: PipeEvents) {
    this.#realm = realm;
    this.#events = events;
  }

  /** Binds it to the cell's stream of this number; what was written before goes out now. */
  attach(id: number): void {
    this.#id = id;
    this.#send();
    this.#read();
  }

  write(bytes: Uint8Array): void {
    if (this.#isOver || this.#isDeaf) return;
    const parts = pieces(bytes, CHUNK);
    for (let i = 0; i < parts.length; i++) append(this.#waiting, parts[i] as Uint8Array);
    this.#send();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    if (this.#id !== NOT_ATTACHED) this.#realm.sys.stream.close(this.#id);
    this.#events.end();
  }

  /** What goes next, in memory of its own. */
  #take(): Uint8Array {
    const taken: Uint8Array[] = [];
    let room = CHUNK;
    while (this.#waiting.length > 0) {
      room -= typedArrayByteLength(this.#waiting[0] as Uint8Array);
      if (room < 0 && taken.length > 0) break;
      append(taken, ArrayProto.shift(this.#waiting) as Uint8Array);
    }
    return joinBytes(taken);
  }

  #send(): void {
    while (this.#id !== NOT_ATTACHED && !this.#isSending && !this.#isOver && this.#waiting.length > 0) {
      const bytes = this.#take();
      const sent = this.#writeNow(bytes);
      if (sent === typedArrayByteLength(bytes)) continue;
      this.#isSending = true;
      this.#start("stream.write", sent === 0 ? bytes : exactCopy(bytes, sent), (failure) => {
        this.#isSending = false;
        if (failure) this.#giveUp();
        else this.#send();
      });
    }
  }

  /** @returns how many bytes went without waiting */
  #writeNow(bytes: Uint8Array): number {
    try {
      return this.#realm.sys.stream.writeNow(this.#id, bytes);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#giveUp();
      return typedArrayByteLength(bytes);
    }
  }

  #giveUp(): void {
    this.#isDeaf = true;
    this.#waiting = [];
  }

  #read(): void {
    if (this.#isOver) return;
    this.#start("stream.read", undefined, (failure, bytes) => {
      if (this.#isOver) return;
      if (failure || typedArrayByteLength(bytes as Uint8Array) === 0) {
        this.close();
        return;
      }
      // The next read first: what arrives may throw.
      this.#read();
      this.#events.data(bytes as Uint8Array);
    });
  }

  #start(
    name: string,
    bytes: Uint8Array | undefined,
    settle: (failure: SyscallError | undefined, result: unknown) => void,
  ): void {
    try {
      if (bytes) this.#realm.start(name, settle, this.#id, bytes);
      else this.#realm.start(name, settle, this.#id);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.close();
    }
  }
}
