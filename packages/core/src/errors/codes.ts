/** One stable code: what it says and what to do about it. */
export interface ErrorEntry {
  readonly code: string;
  /** The part of the sandbox it comes from. */
  readonly area: string;
  readonly meaning: string;
  readonly cure: string;
}

/** The codes that do not stand for an unsupported module. */
export const sandboxErrors: readonly ErrorEntry[] = [
  {
    code: "ERR_SANDBOX_FS_DENIED",
    area: "permissions",
    meaning: "No rule of `permissions.fs` allows this operation on this path.",
    cure: "Add the path to `permissions.fs.read` or `permissions.fs.write` (`--allow-fs-read`, `--allow-fs-write`).",
  },
  {
    code: "ERR_SANDBOX_NETWORK_DENIED",
    area: "permissions",
    meaning: "No rule of `permissions.network` allows this host and port, or this name to be asked for.",
    cure: "Add `host:port` to `permissions.network.connect` (`--allow-net`), the name to `permissions.network.dns`. A resolver with servers of its own (`setServers()`) needs both: the server's address under `connect`, the names under `dns` or `connect`.",
  },
  {
    code: "ERR_SANDBOX_ADDRESS_BLOCKED",
    area: "permissions",
    meaning:
      "The host is allowed, but the address it leads to is private, loopback, link-local, a metadata service or otherwise not public.",
    cure: "If the guest is meant to reach it, name the address itself, `10.0.0.5:5432`, in `permissions.network.connect`.",
  },
  {
    code: "ERR_SANDBOX_CHILD_PROCESS_DENIED",
    area: "permissions",
    meaning: "`permissions.childProcess` does not name this command.",
    cure: "Add the command exactly as written to `permissions.childProcess.commands` (`--allow-run`).",
  },
  {
    code: "ERR_SANDBOX_BINDING_DENIED",
    area: "permissions",
    meaning: "The function was offered through `bindings`, but `permissions.bindings` does not name it.",
    cure: "Add its dotted name to `permissions.bindings`, or leave that permission out.",
  },
  {
    code: "ERR_SANDBOX_CREDENTIALS_DENIED",
    area: "permissions",
    meaning:
      "The program tried to change its user or group. It fails as for any process without privileges, with `EPERM`.",
    cure: "Start it with the ids it needs: `processInfo.uid` and `processInfo.gid`.",
  },
  {
    code: "ERR_SANDBOX_PAYLOAD_TOO_LARGE",
    area: "limits",
    meaning: "One value is larger than may cross between guest and host at once.",
    cure: "Pass it in pieces or through a file, or raise `limits.payloadBytes`.",
  },
  {
    code: "ERR_SANDBOX_BUDGET_EXCEEDED",
    area: "limits",
    meaning:
      "The run has used up a budget, or one call of `crypto` or `tls` asked for more work than its cap; the message names which. Of connections to the outside it is the `sandboxCode` of a system error (`EMFILE`, `ETIMEDOUT`, `ENOBUFS`), and the error's `cause` names the limit.",
    cure: "Raise that limit in `limits`, or 0 for none, if the program is meant to use so much.",
  },
  {
    code: "ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED",
    area: "modules",
    meaning: "A `.node` file was about to be loaded. Native code cannot run in the sandbox.",
    cure: "Use the pure JavaScript or WebAssembly package the message names.",
  },
  {
    code: "ERR_SANDBOX_UNCLONEABLE",
    area: "values",
    meaning:
      "A value that should cross between guest and host holds a function, a symbol or something else that cannot be copied.",
    cure: "Return plain data; the message names the place, such as `exports.a.b`.",
  },
  {
    code: "ERR_SANDBOX_INVALID_OPTIONS",
    area: "options",
    meaning: "An option passed to vivarium does not fit. Thrown in the embedder's process, before any guest code runs.",
    cure: "The message names each option, what it must be, and what came instead.",
  },
  {
    code: "ERR_SANDBOX_TIMEOUT",
    area: "endings",
    meaning: 'The run reached its CPU or wall time limit and was ended. Exit code 124, `outcome` "timeout".',
    cure: "Raise `limits.cpuTimeMs` or `limits.wallTimeMs` (`--cpu-ms`, `--wall-ms`); 0 is no limit.",
  },
  {
    code: "ERR_SANDBOX_MEMORY_LIMIT",
    area: "endings",
    meaning: 'The run reached its memory limit and was ended. Exit code 137, `outcome` "memory".',
    cure: "Raise `limits.memoryMiB` (`--memory-mb`).",
  },
  {
    code: "ERR_SANDBOX_ABORTED",
    area: "endings",
    meaning: "The `signal` passed to the run was aborted.",
    cure: "None needed: the embedder asked for it.",
  },
  {
    code: "ERR_SANDBOX_CELL_KILLED",
    area: "endings",
    meaning: "Something outside vivarium killed the run's process with a signal.",
    cure: "Look for the system's memory killer or an operator; the run can be repeated.",
  },
  {
    code: "ERR_SANDBOX_CELL_CRASHED",
    area: "endings",
    meaning:
      "The run's process broke: the engine aborted, or what it sent did not fit the protocol. The embedder's process is unharmed.",
    cure: "The run can be repeated. If the same program does it again, report it.",
  },
  {
    code: "ERR_SANDBOX_DISPOSED",
    area: "options",
    meaning: "A runtime was used after its `dispose()`. Thrown in the embedder's process.",
    cure: "Create a new one.",
  },
  {
    code: "ERR_SANDBOX_NOT_SERVED",
    area: "options",
    meaning:
      "`runtime.fetch()` or `runtime.connect()` found no server: no program runs in that runtime, or it ended before it listened on the port. Thrown in the embedder's process.",
    cure: "Start a program with `exec()` or `run()`, do not await its end, and let it listen on that port.",
  },
  {
    code: "ERR_SANDBOX_CELL_START",
    area: "endings",
    meaning: "The process of a run could not be started. Thrown in the embedder's process.",
    cure: "The message holds what the process wrote; most often isolated-vm was not built for this Node, the embedder's own or that of `nodePath`.",
  },
  {
    code: "ERR_SANDBOX_RUN_FAILED",
    area: "endings",
    meaning: "`sandbox()` ran a program that ended with an exit code other than 0 or at a limit.",
    cure: "Look at the error's `outcome` and `error`; `NodeRuntime.run` gives the same as a value and does not throw.",
  },
  {
    code: "ERR_SANDBOX_BINDING",
    area: "boundary",
    meaning:
      "A function the embedder offered threw. The guest sees the error it threw (name, message, code), not this code.",
    cure: "See to the function in `bindings`.",
  },
  {
    code: "ERR_SANDBOX_VM_THROWN",
    area: "boundary",
    meaning:
      "A script of `vm` threw, in patch mode. The guest sees what it threw, not this code: the host tells only that it did.",
    cure: "See to the script.",
  },
  {
    code: "ERR_SANDBOX_CONTRACT",
    area: "boundary",
    meaning:
      "A syscall's arguments do not fit its declaration. Guest code only sees this when it calls Node's internals itself.",
    cure: "Use the public modules. From a public module it is a bug of ours: please report it.",
  },
  {
    code: "ERR_SANDBOX_INTERNAL_UNSUPPORTED",
    area: "boundary",
    meaning: "A function of Node's internals that the sandbox does not have; the message names binding and function.",
    cure: "Use another API, or report which public function led here.",
  },
];
