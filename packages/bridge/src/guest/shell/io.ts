import type { Readable, Writable } from "node:stream";

type Fs = typeof import("node:fs");

/** What one of a command's descriptors leads to. */
export type Target =
  | { readonly kind: "descriptor"; readonly fd: number }
  | { readonly kind: "source"; readonly stream: Readable }
  | { readonly kind: "sink"; readonly stream: Writable }
  | { readonly kind: "nothing" };

export type Targets = ReadonlyMap<number, Target>;

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** Writes a builtin's output. */
export async function writeTo(fs: Fs, target: Target | undefined, data: string | Uint8Array): Promise<void> {
  if (target?.kind === "descriptor") {
    if (typeof data === "string") fs.writeSync(target.fd, data);
    else fs.writeSync(target.fd, data);
  } else if (target?.kind === "sink" && !target.stream.destroyed) {
    const { stream } = target;
    await new Promise<void>((resolve) => {
      stream.write(data, () => resolve());
    });
  }
}

/** What a builtin reads, in pieces. */
export async function* readFrom(fs: Fs, target: Target | undefined): AsyncGenerator<Uint8Array> {
  if (target?.kind === "descriptor") {
    const stream = fs.createReadStream("", { fd: target.fd, autoClose: false });
    for await (const data of stream) yield data as Uint8Array;
  } else if (target?.kind === "source") {
    for await (const data of target.stream) yield data as Uint8Array;
  }
}
