import type { CellUsage } from "../channel/messages.ts";
import type { GuestIsolate } from "../engine/isolate.ts";

const MiB = 1024 * 1024;

/** Measures one run: time on the clock and of the CPU, host work included, and the most memory seen. */
export class Meter {
  readonly #guest: GuestIsolate;
  #startedAt = 0;
  #cpuAtStart: NodeJS.CpuUsage = { user: 0, system: 0 };
  #heapMiB = 0;
  #stopped: { readonly cpuMs: number; readonly wallMs: number } | undefined;

  constructor(guest: GuestIsolate) {
    this.#guest = guest;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#cpuAtStart = process.cpuUsage();
  }

  /** CPU time since the start, microseconds. */
  cpu(): NodeJS.CpuUsage {
    return process.cpuUsage(this.#cpuAtStart);
  }

  cpuMs(): number {
    const { user, system } = this.cpu();
    return (user + system) / 1000;
  }

  /** Looks at the heap; called where the run ends and where the guest asks. */
  heap() {
    const statistics = this.#guest.isolate.getHeapStatisticsSync();
    const used = statistics.used_heap_size + statistics.externally_allocated_size;
    this.#heapMiB = Math.max(this.#heapMiB, used / MiB);
    return statistics;
  }

  /** Freezes the figures, while the guest is still there to be measured. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = { cpuMs: this.cpuMs(), wallMs: performance.now() - this.#startedAt };
    if (!this.#guest.disposed) this.heap();
  }

  usage(): Omit<CellUsage, "syscalls" | "stdioBytes"> {
    const { cpuMs, wallMs } = this.#stopped ?? { cpuMs: this.cpuMs(), wallMs: performance.now() - this.#startedAt };
    return { cpuMs, wallMs, heapMiB: this.#heapMiB, rssMiB: process.resourceUsage().maxRSS / 1024 };
  }
}
