import { bool, bytes, int, list, none, num, numbers, optional, str } from "./codec.ts";
import { async, sync } from "./declare.ts";

/** Standard streams. The host passes bytes on in emission order and blocks when its reader is slow. */
export const stdio = {
  /** 1 or 2, data */
  write: sync([int, bytes], none),
  /** 1 or 2, size: the same for bytes that are in the mailbox. */
  send: sync([int, int], none),
  /** Blocks until input is there -> at most so many bytes, empty at the end. */
  readSync: sync([int], bytes),
  /** Answers when input is there -> at most so many bytes, empty at the end. */
  read: async([int], bytes),
} as const;

export const process = {
  /** Ends the run with this code. Does not return: the guest is stopped inside the call. */
  exit: sync([int], none),
  /** Ends the run as if by this signal number. Does not return. */
  kill: sync([int], none),
  /** -> user and system CPU time of this run, microseconds */
  cpuUsage: sync([], numbers),
  /** -> rss, heapTotal, heapUsed, external, arrayBuffers, bytes */
  memoryUsage: sync([], numbers),
  /** -> the isolate's heap statistics, in the order of v8.getHeapStatistics() */
  heapStatistics: sync([], numbers),
  /** -> scheduling priority, -20 the highest to 19 the lowest */
  priority: sync([], int),
  /** Lowers the priority: there is no way back. */
  lowerPriority: sync([int], none),
  /** Blocks, milliseconds. */
  sleep: sync([num], none),
  /** Text for standard error, past every stream of the program. */
  debug: sync([str], none),
} as const;

export const clock = {
  /** Monotonic time since the cell started, milliseconds with fraction. */
  now: sync([], num),
} as const;

/** The WHATWG URL parser of the host (https://url.spec.whatwg.org/). */
export const url = {
  /** input, base? -> href and its nine component offsets, or an empty list when it does not parse */
  parse: sync([str, optional(str)], list),
  /** href, which setter (UpdateUrlAction), value -> as `parse` */
  update: sync([str, int, str], list),
  domainToASCII: sync([str], str),
  domainToUnicode: sync([str], str),
  /** href, fragment, unicode, search, auth -> text, as url.format(URL) */
  format: sync([str, bool, bool, bool, bool], str),
} as const;

/** Legacy text encodings, by the host's ICU. */
export const text = {
  /** label -> whether a decoder exists */
  hasDecoder: sync([str], bool),
  /** label, fatal, ignoreBOM -> decoder id */
  openDecoder: sync([str, bool, bool], int),
  /** decoder id, bytes, whether more follows -> text, or nothing where the bytes do not decode */
  decode: sync([int, bytes, bool], optional(str)),
  closeDecoder: sync([int], none),
} as const;

/** Functions the embedder offered (`bindings`). Values are in the wire format. */
export const bindings = {
  call: async([str, bytes], bytes, { cost: 4 }),
  /** The same, blocking: for functions the embedder marked so. */
  callSync: sync([str, bytes], bytes, { cost: 4 }),
} as const;

/** The run's own result: what `run()` returns as `exports`, in the wire format. */
export const result = {
  exports: sync([bytes], none),
  /** wire-format error: name, message, code, stack, cause */
  error: sync([bytes], none),
} as const;
