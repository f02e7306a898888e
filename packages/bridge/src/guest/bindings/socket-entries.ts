import { SyscallError } from "../client.ts";
import { errnoOf } from "../lib/uvexception.ts";
import type { Realm } from "../realm.ts";
import type { Handle } from "./handle-wrap.ts";

/** `uv_pipe_chmod`'s flags and the permission bits they stand for. */
const READABLE = 1;
const WRITABLE = 2;
const READ_BITS = 0o444;
const WRITE_BITS = 0o222;
const ALL_BITS = 0o777;
const OWNER_WRITES = 0o200;
/** Where a stat result has the mode. */
const MODE = 1;
/** Failures that are about the file system and not about the socket: such a socket has a name and no entry. */
const WITHOUT_ENTRY = { __proto__: null, EPERM: true, EROFS: true, EACCES: true } as const;

const isPath = (name: string): boolean => name !== "" && name[0] !== "\0";

/** The entries of Unix domain sockets in the file system (unix(7)). Who may not write there has sockets without one. */
export class SocketEntries {
  readonly #realm: Realm;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  #errno(code: string): number {
    return errnoOf(this.#realm, code);
  }

  /** Makes the entry of a bound socket; it goes with the handle. -> 0 or a negative errno */
  make(name: string, handle: Handle): number {
    if (!isPath(name)) return 0;
    const { fs } = this.#realm.sys;
    try {
      fs.makeSocket(name, ALL_BITS);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.code in WITHOUT_ENTRY) return 0;
      // As libuv, which says so for Windows' sake.
      if (error.code === "ENOENT") return this.#errno("EACCES");
      return this.#errno(error.code === "EEXIST" ? "EADDRINUSE" : error.code);
    }
    handle.atClose(() => this.#attempt(() => fs.unlink(name)));
    return 0;
  }

  /** Lets everybody read or write, and nobody do more. -> 0 or a negative errno */
  open(name: string, who: number): number {
    if ((who & ~(READABLE | WRITABLE)) !== 0 || who === 0) return this.#errno("EINVAL");
    const bits = ((who & READABLE) === 0 ? 0 : READ_BITS) | ((who & WRITABLE) === 0 ? 0 : WRITE_BITS);
    const { fs } = this.#realm.sys;
    this.#attempt(() => fs.chmod(name, bits));
    return 0;
  }

  /** What a connection to a path fails with: a negative errno, or 0. */
  obstacle(name: string, isServed: boolean): number {
    const { sys, config } = this.#realm;
    let mode: number | undefined;
    if (isPath(name)) {
      this.#attempt(() => {
        mode = sys.fs.stat(name)[MODE];
      });
    }
    if (mode !== undefined && (mode & OWNER_WRITES) === 0 && config.uid !== 0) return this.#errno("EACCES");
    if (isServed) return 0;
    return this.#errno(mode === undefined ? "ENOENT" : "ECONNREFUSED");
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
  }
}
