import { append } from "../lib/define.ts";
import { errnoOf } from "../lib/uvexception.ts";
import { ArrayProto, SafeWeakMap } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { type Handle, handlesOf } from "./handle-wrap.ts";

/** No program can handle these. */
const SIGKILL = 9;
const SIGSTOP = 19;
const LAST_SIGNAL = 64;

interface Watch {
  readonly signal: number;
  readonly handle: Handle;
}

/** The signals a program handles. The host hands on those, and does the default action of the others. */
class SignalWatches {
  readonly #realm: Realm;
  #watches: Watch[] = [];
  #isWaiting = false;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  add(watch: Watch): void {
    append(this.#watches, watch);
    this.#tell();
    this.#wait();
  }

  remove(handle: Handle): void {
    const left = ArrayProto.filter(this.#watches, (watch) => (watch as Watch).handle !== handle) as Watch[];
    if (left.length === this.#watches.length) return;
    this.#watches = left;
    this.#tell();
  }

  #tell(): void {
    const signals: number[] = [];
    for (let i = 0; i < this.#watches.length; i++) append(signals, (this.#watches[i] as Watch).signal);
    this.#realm.sys.signal.handle(signals);
  }

  /** Waits for the next one; a wait alone keeps no program alive. */
  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#realm.start("signal.next", (failure, signal) => {
      this.#isWaiting = false;
      if (failure) return;
      this.#wait();
      this.#deliver(signal as number);
    });
  }

  /**
   * A signal the program sends itself: it is there at once, so that the next poll phase has it (libuv's signal pipe).
   * @returns whether the program handles it
   */
  raise(signal: number): boolean {
    if (!ArrayProto.some(this.#watches, (watch) => (watch as Watch).signal === signal)) return false;
    this.#realm.loop.offer(() => this.#deliver(signal));
    return true;
  }

  #deliver(signal: number): void {
    const watches = this.#watches;
    for (let i = 0; i < watches.length; i++) {
      const { handle, signal: watched } = watches[i] as Watch;
      if (watched !== signal || handle.isClosing) continue;
      const { onsignal } = handle.target as { onsignal?: unknown };
      if (typeof onsignal === "function") handle.resource.call(onsignal, [signal]);
    }
  }
}

const known = new SafeWeakMap<Realm, SignalWatches>();

/** Hands the program a signal it has sent itself. -> whether it handles it */
export const raise = (realm: Realm, signal: number): boolean => known.get(realm)?.raise(signal) ?? false;

/** `internalBinding('signal_wrap')` (src/signal_wrap.cc). */
export const install: InstallBinding = (binding, realm) => {
  const { HandleWrap, innerOf } = handlesOf(realm);
  const watches = new SignalWatches(realm);
  known.set(realm, watches);

  class Signal extends HandleWrap {
    constructor() {
      super({ provider: "SIGNALWRAP", name: "SignalWrap" });
      const inner = innerOf(this);
      inner.onClose = () => watches.remove(inner);
    }

    /** @returns 0, or a negative errno */
    start(signal: number): number {
      const inner = innerOf(this);
      if (!(signal > 0 && signal <= LAST_SIGNAL) || signal === SIGKILL || signal === SIGSTOP) {
        return errnoOf(realm, "EINVAL");
      }
      if (inner.isClosing) return errnoOf(realm, "EINVAL");
      watches.remove(inner);
      watches.add({ signal, handle: inner });
      inner.setActive(true);
      return 0;
    }

    stop(): number {
      const inner = innerOf(this);
      watches.remove(inner);
      inner.setActive(false);
      return 0;
    }
  }
  binding["Signal"] = Signal;
};
