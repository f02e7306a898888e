import { TextDecoder } from "node:util";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";

/** Streams of one run that may be open at a time. */
const MAX_DECODERS = 1024;

/** The text syscalls with the decoders they keep. */
export interface TextHandlers {
  readonly handlers: Handlers<"text">;
  /** Forgets the decoders of the last run. */
  reset(): void;
}

const makeDecoder = (label: string, fatal: boolean, ignoreBOM: boolean): TextDecoder | undefined => {
  try {
    return new TextDecoder(label, { fatal, ignoreBOM });
  } catch {
    return undefined;
  }
};

/** Text decoders for the legacy encodings, on the host's ICU. */
export function createTextHandlers(): TextHandlers {
  const decoders = new Map<number, TextDecoder>();
  let next = 1;
  const handlers: Handlers<"text"> = {
    hasDecoder: (_grants, label) => makeDecoder(label, false, false) !== undefined,
    openDecoder(_grants, label, fatal, ignoreBOM) {
      const decoder = makeDecoder(label, fatal, ignoreBOM);
      if (!decoder) throw new SyscallFailure("EINVAL");
      if (decoders.size >= MAX_DECODERS) throw new SyscallFailure("EMFILE");
      decoders.set(next, decoder);
      return next++;
    },
    decode(_grants, id, bytes, more) {
      const decoder = decoders.get(id);
      if (!decoder) throw new SyscallFailure("EBADF");
      try {
        return decoder.decode(bytes, { stream: more });
      } catch {
        return undefined;
      }
    },
    closeDecoder(_grants, id) {
      decoders.delete(id);
    },
  };
  return {
    handlers,
    reset() {
      decoders.clear();
    },
  };
}
