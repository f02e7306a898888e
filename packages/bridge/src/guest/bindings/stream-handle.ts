import { errnoOf } from "../lib/uvexception.ts";
import { objectDefineProperty } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { requestsOf } from "./fs-request.ts";

/** The part of `LibuvStreamWrap` and `HandleWrap` a handle has that was never connected to anything. */
export interface StreamHandle {
  close(callback?: () => void): void;
  ref(): void;
  unref(): void;
  hasRef(): boolean;
  readStart(): number;
  readStop(): number;
}

type StreamHandleClass = new (provider: string) => StreamHandle;

const UNCONNECTED = ["open", "getsockname", "getpeername", "setNoDelay", "setKeepAlive", "reset", "fchmod"] as const;

/** Makes the base class of a guest's stream handles. */
export function streamHandleClass(realm: Realm): StreamHandleClass {
  const { AsyncWrap } = requestsOf(realm);
  class Handle extends AsyncWrap implements StreamHandle {
    #closed = false;
    #referenced = true;

    close(callback?: () => void): void {
      if (this.#closed) return;
      this.#closed = true;
      if (callback) realm.loop.complete(callback);
    }

    ref(): void {
      this.#referenced = true;
    }

    unref(): void {
      this.#referenced = false;
    }

    hasRef(): boolean {
      return this.#referenced && !this.#closed;
    }

    /** Nothing will ever arrive. */
    readStart(): number {
      return 0;
    }

    readStop(): number {
      return 0;
    }
  }
  const unsupported = (): number => errnoOf(realm, "ENOSYS");
  for (const method of UNCONNECTED) {
    objectDefineProperty(Handle.prototype, method, { value: unsupported, writable: true, configurable: true });
  }
  return Handle;
}
