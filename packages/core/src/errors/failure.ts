import type { WireFailure } from "@vivarium/bridge/contract";

/**
 * A syscall that failed in a way the guest may know: an errno name (`ENOENT`) or a stable `ERR_` code. Any other
 * exception inside a handler is a bug of ours and reaches the guest as a bare EIO.
 */
export class SyscallFailure extends Error {
  readonly code: string;
  /** The sandbox's own reason, `ERR_SANDBOX_FS_DENIED` and the like, where the sandbox and not the system said no. */
  readonly sandboxCode: string | undefined;
  /** Text for the guest; without it the guest uses the system's text for `code`. */
  readonly detail: string | undefined;

  constructor(code: string, options: { readonly sandboxCode?: string; readonly detail?: string } = {}) {
    // Where it was made is nobody's news, and writing that down costs 10 us: files that are not there, ends of connections.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(options.detail ?? code);
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.sandboxCode = options.sandboxCode;
    this.detail = options.detail;
  }

  toWire(): WireFailure {
    return [null, this.code, this.sandboxCode, this.detail];
  }
}
