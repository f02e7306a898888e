import type { SyscallFailure } from "../../errors/failure.ts";
import type { CellStream, Lessee, OpenLease, StreamSink } from "../cell-stream.ts";
import type { IdleClock, Watched } from "./idle-clock.ts";
import type { Traffic } from "./traffic.ts";

export interface StreamBounds {
  readonly traffic: Traffic;
  readonly clock: IdleClock;
  /** What it fails with when it was silent for too long. */
  silent(): SyscallFailure;
  /** It is given up, by whom ever; called once. */
  gone(): void;
}

/**
 * A connection to the outside that is given up once it is silent for too long, or the run's bytes are used up: then
 * whatever is asked of it fails with the reason.
 */
export class BoundedStream implements CellStream, StreamSink, Watched {
  readonly #stream: CellStream;
  readonly #bounds: StreamBounds;
  readonly listen?: (sink: StreamSink) => void;
  seen: number;
  #sink: StreamSink | undefined;
  #failure: SyscallFailure | undefined;
  #lessee: Lessee | undefined;
  #isGone = false;

  constructor(stream: CellStream, bounds: StreamBounds) {
    this.#stream = stream;
    this.#bounds = bounds;
    this.seen = bounds.clock.now;
    bounds.clock.watch(this);
    if (stream.listen) this.listen = (sink) => this.#listen(sink);
  }

  #listen(sink: StreamSink): void {
    this.#sink = sink;
    if (this.#failure) this.#tell(this.#failure);
    else this.#stream.listen?.(this);
  }

  unlisten(): void {
    this.#sink = undefined;
    if (!this.#isGone) this.#stream.unlisten?.();
  }

  /** Tells whoever listens why nothing more comes; not at once, since it may be a syscall that went too far. */
  #tell(failure: SyscallFailure): void {
    process.nextTick(() => {
      const sink = this.#sink;
      this.#sink = undefined;
      sink?.fail(failure);
    });
  }

  /** What the stream reads, as its listener. What is too much has been told when it comes to light. */
  data(bytes: Uint8Array, isGiven?: boolean): void {
    if (bytes.byteLength === 0 || this.#fits(bytes.byteLength)) this.#sink?.data(bytes, isGiven);
  }

  fail(failure: SyscallFailure): void {
    this.#sink?.fail(this.#failure ?? failure);
  }

  expire(): void {
    this.#fail(this.#bounds.silent());
  }

  /** Breaks it off. What is under way fails by the stream's own ECANCELED, which is told as this. */
  #fail(failure: SyscallFailure): void {
    this.#failure ??= failure;
    this.#tell(this.#failure);
    if (this.#leave()) (this.#stream.reset ?? this.#stream.close).call(this.#stream);
  }

  /** -> whether it was open until now */
  #leave(): boolean {
    if (this.#isGone) return false;
    this.#isGone = true;
    this.#bounds.clock.forget(this);
    this.#bounds.gone();
    return true;
  }

  /** Counts bytes that are about to pass. -> whether they may; if not, it is broken off */
  #fits(bytes: number): boolean {
    if (this.#failure) return false;
    try {
      this.#bounds.traffic.take(bytes);
    } catch (error) {
      this.#fail(error as SyscallFailure);
      return false;
    }
    this.seen = this.#bounds.clock.now;
    return true;
  }

  /** @throws SyscallFailure why it is broken off */
  #count(bytes: number): void {
    if (!this.#fits(bytes)) throw this.#failure;
  }

  readonly #arrived = (data: Uint8Array): Uint8Array => {
    if (data.byteLength > 0) this.#count(data.byteLength);
    return data;
  };

  readonly #failed = (error: unknown): never => {
    throw this.#failure ?? error;
  };

  read(): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    return this.#stream.read().then(this.#arrived, this.#failed);
  }

  write(data: Uint8Array): Promise<void> {
    this.#count(data.byteLength);
    return this.#stream.write(data).catch(this.#failed);
  }

  writeNow(data: Uint8Array): number {
    return this.#writeCounted(data, () => this.#stream.writeNow?.(data) ?? 0);
  }

  lendNow(data: Uint8Array): number {
    const stream = this.#stream;
    return this.#writeCounted(data, () => stream.lendNow?.(data) ?? stream.writeNow?.(Buffer.from(data)) ?? 0);
  }

  #writeCounted(data: Uint8Array, write: () => number): number {
    this.#count(data.byteLength);
    let sent = 0;
    try {
      sent = write();
    } finally {
      this.#bounds.traffic.giveBack(data.byteLength - sent);
    }
    return sent;
  }

  /** The bytes count before they are written; what is left of them counts no more when it ends. */
  lease(bytes: number, open: OpenLease): void {
    const { traffic } = this.#bounds;
    if (this.#failure || !traffic.hasRoom(bytes)) return;
    this.#stream.lease?.(bytes, (descriptor, ended) => {
      this.#lessee = open(descriptor, (left) => {
        this.#lessee = undefined;
        traffic.giveBack(left);
        ended(left);
      });
      if (this.#lessee) traffic.take(bytes);
      return this.#lessee;
    });
  }

  refresh(): void {
    if (this.#lessee?.hasWritten()) this.seen = this.#bounds.clock.now;
  }

  shutdown(): Promise<void> {
    if (this.#failure) throw this.#failure;
    return this.#stream.shutdown().catch(this.#failed);
  }

  shutdownNow(): boolean {
    return this.#failure === undefined && (this.#stream.shutdownNow?.() ?? false);
  }

  close(): void {
    this.#sink = undefined;
    if (this.#leave()) this.#stream.close();
  }

  reset(): void {
    this.#sink = undefined;
    if (this.#leave()) (this.#stream.reset ?? this.#stream.close).call(this.#stream);
  }
}
