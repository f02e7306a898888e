import { MAX_ZLIB_OUTPUT } from "../../contract/zlib.ts";
import { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { mathMin, TypedArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** What `onerror` of a handle is called with. */
export type Report = readonly [message: unknown, errno: unknown, code: unknown];

/** How a stream is made on the host; see `open` in the contract. */
export interface Setup {
  readonly mode: number;
  readonly parameters: Uint8Array;
  readonly pledgedSrcSize: number | undefined;
  readonly dictionary: Uint8Array | undefined;
  /** Most input that crosses in one piece, bytes. */
  readonly pieceBytes: number;
}

/** No flush, process and continue: the flag of input that has more to follow is 0 in every format. */
const MORE = 0;
const Z_MEM_ERROR = -4;

const isRefusal = (error: unknown): error is SyscallError => error instanceof SyscallError;

/** What the sandbox refused, as a report of the engine. */
const refusal = ({ code, sandboxCode, message }: SyscallError): Report => [
  message ?? code,
  Z_MEM_ERROR,
  sandboxCode ?? code,
];

const reportIn = (answer: readonly unknown[], at: number): Report | undefined =>
  answer.length > at ? [answer[at], answer[at + 1], answer[at + 2]] : undefined;

/**
 * The host's stream of one handle. It is opened when it is first needed, as Node allocates zlib's state; input crosses
 * once, however many steps its output takes.
 */
export class HostEngine {
  readonly #realm: Realm;
  readonly #leftovers: Leftovers;
  readonly #owner: object;
  readonly #setup: Setup;
  #id: number | undefined;
  /** Input the host has a piece of, the next byte it takes, and where the piece ends. Offsets in the source. */
  #source: Uint8Array | undefined;
  #next = 0;
  #pieceEnd = 0;
  #end = 0;
  /** After a write: bytes left of its input and room left in its output. */
  inputLeft = 0;
  roomLeft = 0;

  constructor(realm: Realm, leftovers: Leftovers, owner: object, setup: Setup) {
    this.#realm = realm;
    this.#leftovers = leftovers;
    this.#owner = owner;
    this.#setup = setup;
  }

  /** @throws SyscallError where the engine or the sandbox refuses */
  open(): number {
    if (this.#id !== undefined) return this.#id;
    const { mode, parameters, pledgedSrcSize, dictionary } = this.#setup;
    this.#leftovers.makeRoom();
    this.#id = this.#realm.sys.zlib.open(mode, parameters, pledgedSrcSize, dictionary);
    this.#leftovers.watch(this.#owner, this.#id);
    return this.#id;
  }

  /** Fills `output` as far as the input goes; nothing, or the engine's report. Reports leave the counts as they were. */
  write(flush: number, input: Uint8Array, start: number, size: number, output: Uint8Array): Report | undefined {
    try {
      return this.#write(flush, input, start, size, output);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refusal(error);
    }
  }

  #write(flush: number, input: Uint8Array, start: number, size: number, output: Uint8Array): Report | undefined {
    const id = this.open();
    // The library goes on with the same input exactly when the output was filled.
    let fed = this.#source === input && this.#next === start && this.#end === start + size;
    if (!fed) {
      this.#next = this.#pieceEnd = start;
      this.#end = start + size;
    }
    this.#source = undefined;
    const room = typedArrayByteLength(output);
    let filled = 0;
    for (;;) {
      let piece: Uint8Array | undefined;
      if (!fed || (this.#next === this.#pieceEnd && this.#next < this.#end)) {
        this.#pieceEnd = mathMin(this.#next + this.#setup.pieceBytes, this.#end);
        piece = exactCopy(input, this.#next, this.#pieceEnd);
        fed = true;
      }
      const asked = mathMin(room - filled, MAX_ZLIB_OUTPUT);
      const flag = this.#pieceEnd === this.#end ? flush : MORE;
      const answer = this.#realm.sys.zlib.write(id, flag, piece, asked);
      const report = reportIn(answer, 2);
      if (report) return report;
      const got = typedArrayByteLength(answer[0] as Uint8Array);
      if (got > 0) TypedArrayProto.set(part(output, filled, filled + got), answer[0] as Uint8Array);
      filled += got;
      this.#next = this.#pieceEnd - (answer[1] as number);
      const pieceDone = this.#next === this.#pieceEnd && this.#pieceEnd < this.#end;
      if (filled === room || (got < asked && !pieceDone)) break;
    }
    this.inputLeft = this.#end - this.#next;
    this.roomLeft = room - filled;
    if (this.roomLeft === 0) this.#source = input;
    return undefined;
  }

  params(level: number, strategy: number): Report | undefined {
    return this.#reported(() => this.#realm.sys.zlib.params(this.open(), level, strategy));
  }

  reset(): Report | undefined {
    const id = this.#id;
    return id === undefined ? undefined : this.#reported(() => this.#realm.sys.zlib.reset(id));
  }

  #reported(run: () => readonly unknown[]): Report | undefined {
    this.#source = undefined;
    try {
      return reportIn(run(), 0);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return refusal(error);
    }
  }

  close(): void {
    this.#source = undefined;
    if (this.#id === undefined) return;
    this.#leftovers.close(this.#id);
    this.#id = undefined;
  }
}

export const noBytes = (): Uint8Array => new Bytes(0);
