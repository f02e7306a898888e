import { SyscallError } from "../client.ts";
import { onCollected } from "../lib/finalization.ts";
import { registerHostObject, registerReviver } from "../lib/host-objects.ts";
import { implement } from "../lib/implement.ts";
import { NativeError } from "../lib/intrinsics.ts";
import { reflectApply } from "../primordials.ts";
import type { Binding } from "../realm.ts";
import { defineCall } from "./fs-call.ts";
import { FileStream } from "./fs-file-stream.ts";
import type { IoParts } from "./fs-io.ts";
import { closeFile, openFile } from "./fs-io.ts";
import type { PathLike } from "./fs-path.ts";
import type { Requests } from "./fs-request.ts";
import { addStreamMethods, registerStream } from "./stream-methods.ts";

/** What `fd` says once the handle is closed: UV_EINVAL, as in Node. */
const CLOSED = -22;

const FILE_HANDLE = "FileHandle";

/** What a handle has open; it outlives the handle. */
interface OpenFile {
  fd: number;
}

const DEPRECATION =
  "Closing a FileHandle object on garbage collection is deprecated. Please close FileHandle objects explicitly using " +
  "FileHandle.prototype.close(). In the future, an error will be thrown if a file descriptor is closed during garbage " +
  "collection.";

/** Closes what a collected handle had open, and says so loudly (`FileHandle::Close` of src/node_file.cc). */
function closingAbandoned(parts: IoParts): (file: OpenFile) => void {
  let isDeprecationTold = false;
  return (file) => {
    const { fd } = file;
    if (fd < 0) return;
    file.fd = CLOSED;
    try {
      closeFile(parts, fd);
    } catch (error) {
      if (error instanceof SyscallError)
        throw new NativeError(`Closing file descriptor ${fd} on garbage collection failed`);
      throw error;
    }
    const { loop, process } = parts.realm;
    loop.complete(() => {
      const { emitWarning } = process as { emitWarning: (...args: unknown[]) => void };
      reflectApply(emitWarning, process, [`Closing file descriptor ${fd} on garbage collection`]);
      if (isDeprecationTold) return;
      isDeprecationTold = true;
      reflectApply(emitWarning, process, [DEPRECATION, "DeprecationWarning", "DEP0137"]);
    });
  };
}

/** `FileHandle` and `openFileHandle`: what `fs.promises.open` is made of. */
export function installHandles(binding: Binding, parts: IoParts, requests: Requests): void {
  const { realm } = parts;
  const promises = binding.kUsePromises;

  const abandoned = closingAbandoned(parts);

  class FileHandle extends requests.AsyncWrap {
    readonly #file: OpenFile;

    /** @param offset where its bytes as a stream begin; it and their number are below 0 where the file decides */
    constructor(fd: number, offset = -1, length = -1) {
      super("FILEHANDLE");
      const file: OpenFile = { fd };
      this.#file = file;
      registerStream(this, new FileStream(realm, parts.descriptors, file, this, offset, length));
      onCollected(this, () => abandoned(file));
      registerHostObject(this, {
        transfer: () => {
          const taken = file.fd;
          file.fd = CLOSED;
          return () => new FileHandle(taken);
        },
        // Threads share their process's descriptors.
        portable: () => ({ kind: FILE_HANDLE, data: file.fd }),
      });
    }

    /** Closes the file; the promise settles in the poll phase. */
    close(): unknown {
      const { fd } = this.#file;
      this.#file.fd = CLOSED;
      return closing(fd, promises);
    }

    /** Gives the descriptor up without closing it. */
    releaseFD(): void {
      this.#file.fd = CLOSED;
    }
  }

  registerReviver(FILE_HANDLE, (fd) => new FileHandle(typeof fd === "number" ? fd : CLOSED));

  const closing = defineCall(realm, requests, {
    syscall: "close",
    request: 1,
    run: (fd: number) => closeFile(parts, fd),
  });

  addStreamMethods(FileHandle.prototype);
  binding.FileHandle = FileHandle;
  implement(binding, {
    openFileHandle: defineCall(realm, requests, {
      syscall: "open",
      request: 3,
      path: 0,
      run: (path: PathLike, flags: number, mode: number) => new FileHandle(openFile(realm, path, flags, mode)),
    }),
  });
}
