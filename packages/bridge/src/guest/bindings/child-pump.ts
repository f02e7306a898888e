import { type Settle, SyscallError } from "../client.ts";
import { exactCopy } from "../lib/bytes.ts";
import { holdFile, releaseFile } from "../lib/held-files.ts";
import { typedArrayByteLength } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { streamHandles } from "./stream-handle.ts";

/** Bytes of one step. */
const CHUNK = 64 * 1024;

type Done = () => void;

/** Where bytes come from: nothing at the end, or when it failed. */
type Source = (next: (bytes: Uint8Array | undefined) => void) => void;
/** Where they go: says whether it took them. */
type Sink = (bytes: Uint8Array, next: (ok: boolean) => void) => void;

const fromStream =
  (realm: Realm, id: number): Source =>
  (next) => {
    start(realm, "stream.read", (bytes) => next(bytes as Uint8Array | undefined), id);
  };

const toStream =
  (realm: Realm, id: number): Sink =>
  (bytes, next) => {
    start(realm, "stream.write", (_result, ok) => next(ok), id, bytes);
  };

function start(
  realm: Realm,
  name: string,
  end: (result: unknown, ok: boolean) => void,
  id: number,
  bytes?: Uint8Array,
): void {
  try {
    const settle: Settle = (failure, result) => end(failure ? undefined : result, failure === undefined);
    if (bytes) realm.start(name, settle, id, bytes);
    else realm.start(name, settle, id);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    end(undefined, false);
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

const fromFile =
  (realm: Realm, fd: number): Source =>
  (next) =>
    next(attempt(() => realm.sys.fs.read(fd, CHUNK, -1)));

const toFile =
  (realm: Realm, fd: number): Sink =>
  (bytes, next) =>
    next(attempt(() => realm.sys.fs.write(fd, bytes, -1)) !== undefined);

function pump(source: Source, sink: Sink, done: Done): void {
  source((bytes) => {
    if (bytes === undefined || typedArrayByteLength(bytes) === 0) return done();
    sink(exactCopy(bytes, 0, typedArrayByteLength(bytes)), (ok) => (ok ? pump(source, sink, done) : done()));
  });
}

const closeStream = (realm: Realm, id: number): void => void attempt(() => realm.sys.stream.close(id));

/**
 * Stands in for handing a file of the guest's to a child: the child has a pipe, and its bytes go to the file, or come
 * from it. The file stays open as long, as a child's duplicate of the descriptor would keep it.
 * @param isInput whether the child reads
 */
export function pumpFile(realm: Realm, fd: number, id: number, isInput: boolean, done: Done): void {
  holdFile(fd);
  const end = (): void => {
    closeStream(realm, id);
    if (releaseFile(fd)) attempt(() => realm.sys.fs.close(fd));
    done();
  };
  if (isInput) pump(fromFile(realm, fd), toStream(realm, id), end);
  else pump(fromStream(realm, id), toFile(realm, fd), end);
}

/** The same for a stream of the guest's, a pipe to another child among them. -> whether there is such a stream */
export function pumpStream(realm: Realm, handle: object, id: number, isInput: boolean, done: Done): boolean {
  const other = attempt(() => streamHandles(realm).streamOf(handle).id) ?? -1;
  if (other < 0) return false;
  const end = (): void => {
    closeStream(realm, id);
    done();
  };
  if (isInput) pump(fromStream(realm, other), toStream(realm, id), end);
  else pump(fromStream(realm, id), toStream(realm, other), end);
  return true;
}
