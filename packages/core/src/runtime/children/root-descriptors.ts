import type { OnStdio } from "../options.ts";
import type { StdinSource } from "../stdin-source.ts";
import { type Descriptor, DescriptorTable } from "./descriptor.ts";

/** What the embedder's own streams need. */
export interface RootStreams {
  readonly onStdio: OnStdio | undefined;
  readonly stdin: StdinSource;
  /** Takes what `onStdio` or the input threw. */
  readonly fail: (error: unknown) => void;
}

const held = { kind: "FILE", retain() {}, release() {} } as const;

/** Descriptors 0 to 2 of a run's own program: the embedder's streams. Its children may share them. */
export function rootDescriptors({ onStdio, stdin, fail }: RootStreams): DescriptorTable {
  const guarded = (call: () => void | PromiseLike<void>): void | PromiseLike<void> => {
    try {
      const pending = call();
      if (typeof pending?.then === "function") return pending.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  };
  const output = (channel: "stdout" | "stderr"): Descriptor => ({
    ...held,
    next: async () => undefined,
    write: (data) => guarded(() => onStdio?.({ channel, data })),
  });
  const input: Descriptor = {
    ...held,
    async next(bytes) {
      try {
        return await stdin.next(bytes);
      } catch (error) {
        // Input that fails ends there, and the caller of the run gets the failure.
        fail(error);
        return undefined;
      }
    },
    write() {},
  };
  return new DescriptorTable([
    [0, input],
    [1, output("stdout")],
    [2, output("stderr")],
  ]);
}
