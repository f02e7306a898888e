import { append } from "../lib/define.ts";
import { ArrayProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

const LAST_STANDARD = 2;

/** One entry of the `stdio` list the library makes (`getValidStdio`, lib/internal/child_process.js). */
export interface StdioEntry {
  readonly type: "ignore" | "pipe" | "overlapped" | "inherit" | "fd" | "wrap";
  readonly handle?: object;
  readonly ipc?: boolean;
  readonly fd?: number;
  /** What a child that is waited for reads. */
  readonly input?: unknown;
}

/** What becomes of one descriptor of a child. */
export interface StdioPlan {
  /** As the host is told. */
  readonly spec: "ignore" | "pipe" | "ipc" | number;
  /** A file of the guest's that the pipe stands for. */
  readonly file?: number;
  /** A stream of the guest's that the pipe stands for. */
  readonly stream?: object;
}

/** Whether a descriptor belongs to the process, not to its file system. */
export const isProcessDescriptor = (realm: Realm, fd: number): boolean =>
  fd <= LAST_STANDARD || ArrayProto.includes(realm.config.inherited ?? [], fd);

/** @throws SyscallError EBADF where a descriptor is not open */
function planOf(realm: Realm, entry: StdioEntry): StdioPlan {
  switch (entry.type) {
    case "ignore":
      return { spec: "ignore" };
    case "pipe":
    case "overlapped":
      return { spec: entry.ipc ? "ipc" : "pipe" };
    case "wrap": {
      const { fd } = entry.handle as { fd?: number };
      if (typeof fd === "number" && fd >= 0 && isProcessDescriptor(realm, fd)) return { spec: fd };
      return { spec: "pipe", stream: entry.handle as object };
    }
    default: {
      const fd = entry.fd as number;
      if (isProcessDescriptor(realm, fd)) return { spec: fd };
      realm.sys.fs.fstat(fd);
      return { spec: "pipe", file: fd };
    }
  }
}

/** What the host is asked for, per descriptor of the child. @throws SyscallError EBADF */
export function planStdio(realm: Realm, stdio: readonly StdioEntry[] | undefined): StdioPlan[] {
  const plans: StdioPlan[] = [];
  if (stdio === undefined) return [{ spec: "ignore" }, { spec: "ignore" }, { spec: "ignore" }];
  for (let i = 0; i < stdio.length; i++) append(plans, planOf(realm, stdio[i] as StdioEntry));
  return plans;
}

export function specsOf(plans: readonly StdioPlan[]): (string | number)[] {
  const specs: (string | number)[] = [];
  for (let i = 0; i < plans.length; i++) append(specs, (plans[i] as StdioPlan).spec);
  return specs;
}
