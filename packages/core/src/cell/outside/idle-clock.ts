/** Looks in one idle time: a connection is given up between one and one and a quarter of it after its last byte. */
const LOOKS = 4;

/** What is given up when nothing happens on it. */
export interface Watched {
  /** The clock's time of the last byte. */
  seen: number;
  /** Notes the time where bytes passed that it has not seen. */
  refresh(): void;
  expire(): void;
}

/** Watches connections for silence. One timer looks at all of them, so that a byte costs no more than noting the time. */
export class IdleClock {
  readonly #lookMs: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  /** Looks so far. */
  now = 0;

  /** @param idleMs `limits.idleTimeMs`; 0: for ever */
  constructor(idleMs: number) {
    this.#lookMs = idleMs === 0 ? 0 : Math.max(1, Math.ceil(idleMs / LOOKS));
  }

  watch(one: Watched): void {
    if (this.#lookMs === 0) return;
    this.#watched.add(one);
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref();
  }

  forget(one: Watched): void {
    this.#watched.delete(one);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    for (const one of this.#watched) one.refresh();
    this.now += 1;
    for (const one of [...this.#watched]) if (this.now - one.seen > LOOKS) one.expire();
  }
}
