import { implement } from "../lib/implement.ts";
import { ArrayProto } from "../primordials.ts";
import type { InstallBinding, Realm } from "../realm.ts";
import { type Call, defineCall } from "./fs-call.ts";
import { failure } from "./fs-error.ts";
import { absolute, type Entry, encodeName, type PathLike, sortedEntries } from "./fs-path.ts";
import { requestsOf } from "./fs-request.ts";

/** An open directory: the entries as they were when it was opened. */
interface Listing {
  readonly entries: readonly Entry[];
  at: number;
  closed: boolean;
}

/** The next entries as the library takes them, name, type, name, type, ...; null at the end. */
function take(realm: Realm, listing: Listing, encoding: unknown, count: number): unknown[] | null {
  if (listing.closed) throw failure("EINVAL");
  const { entries } = listing;
  if (listing.at >= entries.length) return null;
  const out: unknown[] = [];
  for (let i = 0; i < count && listing.at < entries.length; i++) {
    const { 0: name, 1: type } = entries[listing.at++] as Entry;
    ArrayProto.push(out, encodeName(realm, name, encoding), type);
  }
  return out;
}

/** `internalBinding('fs_dir')` (src/node_dir.cc). */
export const install: InstallBinding = (binding, realm) => {
  const requests = requestsOf(realm);
  const make = (call: Call) => defineCall(realm, requests, call);

  const read = make({
    syscall: "scandir",
    request: 3,
    run: (listing: Listing, encoding: unknown, count: number) => take(realm, listing, encoding, count),
  });
  const close = make({
    syscall: "close",
    request: 1,
    run(listing: Listing) {
      listing.closed = true;
    },
  });

  class DirHandle extends requests.AsyncWrap {
    readonly #listing: Listing;

    constructor(entries: readonly Entry[]) {
      super("DIRHANDLE");
      this.#listing = { entries, at: 0, closed: false };
    }

    read(encoding: unknown, bufferSize: number, request?: unknown): unknown {
      return read(this.#listing, encoding, bufferSize, request);
    }

    close(request?: unknown): unknown {
      return close(this.#listing, request);
    }
  }

  const open = (path: PathLike) => new DirHandle(sortedEntries(realm.sys.fs.readdir(absolute(realm, path))));
  binding.DirHandle = DirHandle;
  implement(binding, {
    opendir: make({ syscall: "opendir", request: 2, path: 0, run: open }),
    // Node's synchronous form leaves the path out of its error.
    opendirSync: make({ syscall: "opendir", request: 1, run: open }),
  });
};
