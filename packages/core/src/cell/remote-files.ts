import { type Entry, entries, int } from "@vivarium/bridge/contract";
import { decodeWire, encodeWire } from "@vivarium/bridge/wire";
import type { CellChannel } from "../channel/cell-side.ts";
import { SyscallFailure } from "../errors/failure.ts";

/** Arguments and results of one such syscall, bytes. */
const MAX_BYTES = 72 * 1024 * 1024;

/** Whether a syscall is about files: those belong to the root of a tree of processes, whoever makes it. */
export const isAboutFiles = (number: number): boolean => {
  const group = entries[number]?.group;
  return group === "fs" || group === "modules";
};

/** The syscalls about files of a child process: they are decided and done in the cell that holds the files. */
export class RemoteFiles {
  readonly #channel: CellChannel;
  readonly #pending: Map<number, (ok: boolean, body: Uint8Array) => void>;
  readonly #nextToken: () => number;

  constructor(
    channel: CellChannel,
    pending: Map<number, (ok: boolean, body: Uint8Array) => void>,
    nextToken: () => number,
  ) {
    this.#channel = channel;
    this.#pending = pending;
    this.#nextToken = nextToken;
  }

  /** -> the result as it crosses to the guest, a failure among them */
  call(number: number, args: readonly unknown[]): unknown {
    const { header, body } = this.#channel.ask({ kind: "file", number }, encodeWire([...args], MAX_BYTES));
    if (!("ok" in header) || !header.ok) return new SyscallFailure("EIO").toWire();
    return decodeWire(body);
  }

  /** An async one. @throws SyscallFailure */
  async later(number: number, args: readonly unknown[]): Promise<unknown> {
    const token = this.#nextToken();
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(token, (ok, body) => {
        const [failed, value] = ok ? (decodeWire(body) as [boolean, unknown]) : [true, ["EIO"]];
        if (!failed) return resolve(value);
        const [code, sandboxCode, detail] = value as readonly [string, string | undefined, string | undefined];
        reject(
          new SyscallFailure(code, {
            ...(sandboxCode === undefined ? {} : { sandboxCode }),
            ...(detail === undefined ? {} : { detail }),
          }),
        );
      });
    });
    this.#channel.report({ type: "fileCall", token, number }, encodeWire([0, ...args], MAX_BYTES));
    return answered;
  }
}

type Dispatch = (number: number, args: readonly unknown[]) => unknown;

/** Sends what is about files to the cell that holds them; the rest stays here. */
export function remoteDispatch(
  local: Dispatch,
  remote: RemoteFiles,
  later: (token: number, begin: () => Promise<unknown>) => void,
): Dispatch {
  return (number, wire) => {
    if (typeof number !== "number" || !isAboutFiles(number)) return local(number, wire);
    const { mode, args: codecs } = (entries[number] as Entry).declaration;
    const isAsync = mode === "async";
    try {
      const args = codecs.map((codec, index) => codec.decode(wire[index + (isAsync ? 1 : 0)]));
      if (!isAsync) return remote.call(number, args);
      later(int.decode(wire[0]), () => remote.later(number, args));
      return undefined;
    } catch (error) {
      return (error instanceof SyscallFailure ? error : new SyscallFailure("EINVAL")).toWire();
    }
  };
}
