import { constants } from "node:os";
import type { BootConfig } from "@vivarium/bridge/contract";
import type { CellChannel } from "../channel/cell-side.ts";
import type { SpawnRequest } from "../channel/messages.ts";
import { SyscallFailure } from "../errors/failure.ts";
import type { Handlers } from "../syscalls/driver.ts";
import type { CellStream } from "./cell-stream.ts";
import type { Children } from "./children.ts";
import type { Descriptors } from "./descriptors.ts";
import type { Streams } from "./streams.ts";

export interface ThreadParts {
  readonly channel: CellChannel;
  readonly descriptors: Descriptors;
  readonly streams: Streams;
  readonly children: Children;
  readonly isThread: boolean;
}

/** Under which descriptor a thread's cell has the pipe to whom started it. The guest cannot name it. */
const CHANNEL_FD = 3;
const READ_BYTES = 64 * 1024;
/** Environment, options and arguments of one thread together, characters. */
const MAX_SETTINGS = 512 * 1024;
const RESOURCE_LIMITS = 4;

const invalid = (): never => {
  throw new SyscallFailure("EINVAL");
};

const text = (value: unknown): string => (typeof value === "string" ? value : invalid());
const texts = (values: readonly unknown[]): readonly string[] =>
  values.map((value) => (text(value).includes("\0") ? invalid() : text(value)));
const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : invalid());

const isOption = (value: unknown): boolean =>
  typeof value === "boolean" ||
  typeof value === "string" ||
  Number.isFinite(value) ||
  (Array.isArray(value) && value.every((item) => typeof item === "string"));

function optionsOf(json: string): BootConfig["options"] {
  try {
    const options: unknown = JSON.parse(json);
    if (typeof options === "object" && options !== null && Object.values(options).every(isOption))
      return options as BootConfig["options"];
  } catch {
    // Said below.
  }
  return invalid();
}

function requestOf(settings: readonly unknown[], env: readonly unknown[], execArgv: readonly unknown[]): SpawnRequest {
  const [id, cwd, name, options, ...resourceLimits] = settings;
  if (resourceLimits.length !== RESOURCE_LIMITS || !resourceLimits.every(Number.isFinite)) invalid();
  const size = [cwd, name, options, ...env, ...execArgv].reduce<number>(
    (sum, value) => sum + text(value).length + 1,
    0,
  );
  if (size > MAX_SETTINGS) throw new SyscallFailure("E2BIG");
  return {
    program: "node",
    args: [],
    env: texts(env),
    cwd: text(cwd),
    stdio: [0, 1, 2, "ipc"],
    thread: {
      id: whole(id),
      name: text(name),
      resourceLimits: resourceLimits as number[],
      execArgv: texts(execArgv),
      options: optionsOf(text(options)),
    },
  };
}

/** A thread's end of the pipe. Writing is synchronous: what was posted is on its way even if the thread ends next. */
function pipeOf({ channel, descriptors }: ThreadParts): CellStream {
  const input = descriptors.input(CHANNEL_FD);
  const write = (data: Uint8Array): void => channel.report({ type: "stdio", channel: CHANNEL_FD }, data);
  const close = (): void => channel.report({ type: "closeFd", fd: CHANNEL_FD });
  return {
    read: () => input.read(READ_BYTES),
    write: async (data) => write(data),
    writeNow(data) {
      write(data);
      return data.byteLength;
    },
    shutdown: async () => close(),
    close,
  };
}

/** A cell's part in `worker_threads`: threads are other cells, which the supervisor starts. */
export function threadHandlers(parts: ThreadParts): Handlers<"worker"> {
  const { channel, streams, children, isThread } = parts;
  const pids = new Map<number, number>();
  let isTaken = !isThread;
  return {
    nextId: () => {
      const { header } = channel.ask({ kind: "threadId" });
      return "threadId" in header ? header.threadId : invalid();
    },
    start: (_grants, settings, env, execArgv) => {
      const [child = 0, pid = 0, ...pipes] = children.start(requestOf(settings, env, execArgv));
      pids.set(child, pid);
      return [child, pid, pipes[CHANNEL_FD] ?? -1];
    },
    stop: (_grants, child) => {
      const pid = pids.get(child);
      // It may have ended by itself: then nothing is left to be done.
      if (pid !== undefined) channel.ask({ kind: "kill", pid, signal: constants.signals.SIGKILL });
      return undefined;
    },
    channel: () => {
      if (isTaken) throw new SyscallFailure("EBADF");
      isTaken = true;
      return streams.add(pipeOf(parts));
    },
  };
}
