import type { CellChannel } from "../channel/cell-side.ts";
import type { CellStream } from "./cell-stream.ts";
import { Input } from "./input.ts";

/** Most one read of an inherited descriptor answers, bytes. */
const READ_BYTES = 64 * 1024;

/** The descriptors a run was given at its start: 0 to 2, and what its parent handed on. */
export class Descriptors {
  readonly #channel: CellChannel;
  readonly #inherited: ReadonlySet<number>;
  readonly #inputs = new Map<number, Input>();

  constructor(channel: CellChannel, inherited: readonly number[]) {
    this.#channel = channel;
    this.#inherited = new Set([0, 1, 2, ...inherited]);
  }

  /** What is read from a descriptor. */
  input(fd: number): Input {
    const known = this.#inputs.get(fd);
    if (known !== undefined) return known;
    const input = new Input(() => this.#channel.report(fd === 0 ? { type: "wantStdin" } : { type: "wantStdin", fd }));
    this.#inputs.set(fd, input);
    return input;
  }

  /** Whether the run was given this descriptor. */
  has(fd: number): boolean {
    return this.#inherited.has(fd);
  }

  /** A descriptor as a stream both ways; nothing for one the run was not given. */
  stream(fd: number): CellStream | undefined {
    if (!this.#inherited.has(fd)) return undefined;
    const channel = this.#channel;
    const input = this.input(fd);
    return {
      read: () => input.read(READ_BYTES),
      write: async (data) => channel.report({ type: "stdio", channel: fd }, data),
      // Reports are written at once, and hold the guest back while their reader is slow.
      writeNow(data) {
        channel.report({ type: "stdio", channel: fd }, data);
        return data.byteLength;
      },
      // A descriptor has one direction to end at once: what reads it must see that nothing follows.
      shutdown: async () => channel.report({ type: "closeFd", fd }),
      close: () => channel.report({ type: "closeFd", fd }),
    };
  }
}
