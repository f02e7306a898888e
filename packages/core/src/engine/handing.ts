import type { HostHelper } from "./host-helper.ts";

/** Bytes one guest may hold of memory that was handed to it, beside its own limit: what streams through between two collections. */
const MOST_BYTES = 64 * 2 ** 20;

type HandingHost = Pick<HostHelper, "handOver" | "shareMemory" | "dropHanded">;

/** Hands memory of the cell's to one guest, as much as it may hold. */
export class Handing {
  readonly #host: HandingHost | undefined;
  readonly #most: number;

  /**
   * @param host nothing where this guest has no helper that could take it
   * @param memoryMiB the guest's limit: isolated-vm does not count what is handed over, so that it is half as much at most
   */
  constructor(host: HandingHost | undefined, memoryMiB: number) {
    this.#host = host;
    this.#most = Math.min((memoryMiB / 2) * 2 ** 20, MOST_BYTES);
  }

  /**
   * Memory that cell and guest have in common. It is the first thing the guest takes; where it cannot take any, the memory is
   * one that can be passed to it.
   */
  share(size: number): ArrayBuffer | SharedArrayBuffer {
    return this.#host?.shareMemory(size) ?? new SharedArrayBuffer(size);
  }

  /** -> whether the memory is the guest's to take now, and the view empty; otherwise nothing has changed */
  handOver(bytes: Uint8Array): boolean {
    return this.#host?.handOver(bytes, this.#most) ?? false;
  }

  /** The guest is gone. */
  end(): void {
    this.#host?.dropHanded();
  }
}
