import { implement } from "../lib/implement.ts";
import { unsupportedApi } from "../lib/unsupported.ts";
import type { Binding } from "../realm.ts";
import { defineCall } from "./fs-call.ts";
import type { IoParts } from "./fs-io.ts";
import { closeFile, openFile } from "./fs-io.ts";
import type { PathLike } from "./fs-path.ts";
import type { Requests } from "./fs-request.ts";

const CODE = "ERR_SANDBOX_FS_UNSUPPORTED";
/** What `fd` says once the handle is closed: UV_EINVAL, as in Node. */
const CLOSED = -22;

/** Methods a file handle has as a stream of Node's C++; only http2's respondWithFD uses them. */
const STREAM_METHODS = [
  "readStart",
  "readStop",
  "shutdown",
  "useUserBuffer",
  "writev",
  "writeBuffer",
  "writeAsciiString",
  "writeUtf8String",
  "writeUcs2String",
  "writeLatin1String",
] as const;

/** `FileHandle` and `openFileHandle`: what `fs.promises.open` is made of. */
export function installHandles(binding: Binding, parts: IoParts, requests: Requests): void {
  const { realm } = parts;
  const promises = binding.kUsePromises;

  class FileHandle extends requests.AsyncWrap {
    #fd: number;

    constructor(fd: number) {
      super("FILEHANDLE");
      this.#fd = fd;
    }

    get fd(): number {
      return this.#fd;
    }

    get bytesRead(): number {
      return 0;
    }

    get bytesWritten(): number {
      return 0;
    }

    get isStreamBase(): boolean {
      return false;
    }

    /** Closes the file; the promise settles in the poll phase. */
    close(): unknown {
      const fd = this.#fd;
      this.#fd = CLOSED;
      return closing(fd, promises);
    }

    /** Gives the descriptor up without closing it. */
    releaseFD(): void {
      this.#fd = CLOSED;
    }
  }

  const closing = defineCall(realm, requests, {
    syscall: "close",
    request: 1,
    run: (fd: number) => closeFile(parts, fd),
  });

  const prototype = FileHandle.prototype as unknown as Record<string, unknown>;
  for (let i = 0; i < STREAM_METHODS.length; i++) {
    const name = STREAM_METHODS[i] as string;
    prototype[name] = () => {
      throw unsupportedApi("fs", `FileHandle.${name}`, CODE);
    };
  }
  prototype.onread = undefined;

  /** Polling a file is not done yet: the library's own fs.watchFile says so when it is used. */
  class StatWatcher extends requests.AsyncWrap {
    constructor() {
      super("STATWATCHER");
    }

    start(): never {
      throw unsupportedApi("fs", "watchFile", CODE);
    }
    close(): void {}
    ref(): void {}
    unref(): void {}
    hasRef(): boolean {
      return false;
    }
  }

  binding.FileHandle = FileHandle;
  binding.StatWatcher = StatWatcher;
  implement(binding, {
    openFileHandle: defineCall(realm, requests, {
      syscall: "open",
      request: 3,
      path: 0,
      run: (path: PathLike, flags: number, mode: number) => new FileHandle(openFile(realm, path, flags, mode)),
    }),
  });
}
