import { MAILBOX } from "../../contract/mailbox.ts";
import type { SyscallError } from "../client.ts";
import { exactCopy, part } from "../lib/bytes.ts";
import { Bytes } from "../lib/intrinsics.ts";
import { ArrayProto, mathMin, RegExpProto, SafeMap, SafeWeakMap } from "../primordials.ts";
import type { Realm, StdioKind } from "../realm.ts";
import { failure } from "./fs-error.ts";

/** Bytes of one read of standard input. */
const CHUNK = 1024 * 1024;
const LAST_STREAM = 2;

/** Descriptors of streams opened by name: far beyond those of files. */
const FIRST_DUPLICATE = 2 ** 20;
const STREAM_NAME = /^\/(?:dev\/(stdin|stdout|stderr)|(?:dev|proc\/self)\/fd\/([0-2]))$/;

/** Whether a path names a standard stream. */
export const isStreamName = (path: string): boolean => RegExpProto.exec(STREAM_NAME, path) !== null;

const known = new SafeWeakMap<Realm, StandardStreams>();

/** The standard streams of a realm. */
export const standardStreams = (realm: Realm): StandardStreams => known.get(realm) as StandardStreams;

/** File type and permissions of a standard stream's descriptor, by what is behind it (<sys/stat.h>). */
const MODES: Readonly<Record<StdioKind, number>> = { FILE: 0o100644, PIPE: 0o010600, TTY: 0o020620 };
const BLOCK_SIZE = 4096;

/**
 * Descriptors 0, 1 and 2. They belong to the run, not to the file system: the host does not know them as files.
 * Only these three go on through `stdio` syscalls.
 */
export class StandardStreams {
  readonly #realm: Realm;
  readonly #closed = [false, false, false];
  /** Descriptors a program got by opening a stream's name, and the stream each stands for. */
  readonly #duplicates = new SafeMap<number, number>();
  #lastDuplicate = FIRST_DUPLICATE;
  /** Input somebody only looked at. */
  #ahead: Uint8Array = new Bytes(0);

  constructor(realm: Realm) {
    this.#realm = realm;
    known.set(realm, this);
  }

  has(fd: number): boolean {
    return fd <= LAST_STREAM || this.#duplicates.has(fd) || this.#isInherited(fd);
  }

  /** A pipe the program was given by its parent. It can be written to here; what reads it is a `net.Socket`. */
  #isInherited(fd: number): boolean {
    return ArrayProto.includes(this.#realm.config.inherited ?? [], fd);
  }

  /** The stream behind a descriptor, 0 to 2, or the descriptor itself. */
  streamOf(fd: number): number {
    return this.#duplicates.get(fd) ?? fd;
  }

  /** Opens `/dev/stdin` and its like. -> nothing for every other path */
  openByName(path: string): number | undefined {
    const match = RegExpProto.exec(STREAM_NAME, path);
    if (match === null) return undefined;
    const name = match[1];
    const stream = name === "stdin" ? 0 : name === "stdout" ? 1 : name === "stderr" ? 2 : +(match[2] as string);
    if (this.#closed[stream] === true) throw failure("ENOENT");
    this.#lastDuplicate += 1;
    this.#duplicates.set(this.#lastDuplicate, stream);
    return this.#lastDuplicate;
  }

  /** -> the stream behind an open descriptor */
  #open(fd: number): number {
    const stream = this.streamOf(fd);
    if (stream === fd && this.#closed[fd] === true) throw failure("EBADF");
    return stream;
  }

  kind(fd: number): StdioKind {
    const { stdin, stdout, stderr } = this.#realm.config.stdio;
    if (fd > LAST_STREAM) return "PIPE";
    return fd === 0 ? stdin : fd === 1 ? stdout : stderr;
  }

  /** Writes everything. @throws SyscallError EBADF, ESPIPE where a position is given */
  write(fd: number, bytes: Uint8Array, position: number): number {
    const stream = this.#open(fd);
    if (stream === 0) throw failure("EBADF");
    if (position >= 0) throw failure("ESPIPE");
    const { mailbox, sys } = this.#realm;
    const { length } = bytes;
    for (let at = 0; at < length; at += MAILBOX.outBytes) {
      const end = mathMin(at + MAILBOX.outBytes, length);
      mailbox.put(part(bytes, at, end));
      sys.stdio.send(stream, end - at);
    }
    return length;
  }

  #readable(fd: number, position: number): void {
    if (this.#open(fd) !== 0) throw failure("EBADF");
    if (position >= 0) throw failure("ESPIPE");
  }

  /** Waits until there is input, which stays to be read. -> whether there is; not at the end */
  waitForInput(fd: number): boolean {
    this.#readable(fd, -1);
    if (this.#ahead.length === 0) this.#ahead = this.#realm.sys.stdio.readSync(CHUNK);
    return this.#ahead.length > 0;
  }

  /** Takes of what was read ahead. */
  #takeAhead(length: number): Uint8Array {
    const taken = exactCopy(this.#ahead, 0, mathMin(length, this.#ahead.length));
    this.#ahead = exactCopy(this.#ahead, taken.length);
    return taken;
  }

  /** Waits for input. -> at most `length` bytes, none at the end */
  readSync(fd: number, length: number, position: number): Uint8Array {
    this.#readable(fd, position);
    if (this.#ahead.length > 0) return this.#takeAhead(length);
    return this.#realm.sys.stdio.readSync(mathMin(length, CHUNK));
  }

  /** The same without blocking. The program stays alive until `end` was called, in the async context of now. */
  read(
    fd: number,
    length: number,
    position: number,
    end: (cause: SyscallError | undefined, bytes?: Uint8Array) => void,
  ): void {
    this.#readable(fd, position);
    const { loop } = this.#realm;
    const frame = loop.hooks.getFrame();
    loop.ref();
    const settle = (cause: SyscallError | undefined, bytes: unknown): void => {
      loop.unref();
      loop.hooks.setFrame(frame);
      end(cause, bytes as Uint8Array | undefined);
    };
    if (this.#ahead.length > 0) loop.complete(() => settle(undefined, this.#takeAhead(length)));
    else this.#realm.start("stdio.read", settle, mathMin(length, CHUNK));
  }

  close(fd: number): void {
    this.#open(fd);
    if (!this.#duplicates.delete(fd)) this.#closed[fd] = true;
  }

  /** The 18 numbers of a stat; a stream has no times worth telling but the run's start. */
  stat(fd: number): readonly number[] {
    const stream = this.#open(fd);
    const { uid, gid, startTime } = this.#realm.config;
    const s = (startTime - (startTime % 1000)) / 1000;
    const ns = (startTime % 1000) * 1e6;
    return [0, MODES[this.kind(stream)], 1, uid, gid, 0, BLOCK_SIZE, stream + 1, 0, 0, s, ns, s, ns, s, ns, s, ns];
  }

  /** What no stream can do: truncate, sync, change owner, mode or times. */
  refuse(fd: number, code: string): never {
    this.#open(fd);
    throw failure(code);
  }
}
