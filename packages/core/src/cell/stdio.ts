import type { CellChannel } from "../channel/cell-side.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { Budget } from "../limits/index.ts";
import type { Handlers } from "../syscalls/driver.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Descriptors } from "./descriptors.ts";

export interface StdioParts {
  readonly channel: Pick<CellChannel, "report" | "ask">;
  readonly budget: Budget;
  readonly descriptors: Pick<Descriptors, "has" | "input">;
  readonly arrivals: Pick<Arrivals, "outgoing">;
}

/** The handlers of `stdio`. */
export function stdioHandlers({ channel, budget, descriptors, arrivals }: StdioParts): Handlers<"stdio"> {
  const write = (fd: number, data: Uint8Array): undefined => {
    if (fd === 0 || !descriptors.has(fd)) throw new SyscallFailure("EBADF");
    budget.chargeStdio(data.byteLength);
    channel.report({ type: "stdio", channel: fd }, data);
  };
  return {
    write: (_grants, fd, data) => write(fd, data),
    // The pipe to the supervisor has taken the bytes before the guest can change them.
    send: (_grants, fd, size) => {
      const data = arrivals.outgoing(size);
      budget.charge(0, size);
      write(fd, data);
    },
    readSync: (_grants, bytes) => {
      const ready = descriptors.input(0).readNow(bytes);
      return ready ?? channel.ask({ kind: "stdin", bytes }).body;
    },
    read: (_grants, bytes) => descriptors.input(0).read(bytes),
  };
}
