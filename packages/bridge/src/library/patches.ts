/** One change to a library module. The build fails when `find` is not there exactly once. No patch adds a line. */
export interface Patch {
  readonly id: string;
  readonly find: string;
  readonly replace: string;
  readonly why: string;
}

/**
 * Without the native helper a rejection nobody handles becomes known when control goes back to the cell, and but one of
 * an entry. Where V8 has no runtime function for it either, that is also when the microtask queue drains. `mustYield()`
 * then says so, and these patches make the queues of the event loop give control back after each callback and go on in
 * the next turn. No call moves to another column: it would show in stack traces.
 */
const YIELDING: readonly Patch[] = [
  {
    id: "internal/process/task_queues",
    find: "  enqueueMicrotask,\n} = internalBinding('task_queue');",
    replace: "  enqueueMicrotask, mustYield,\n} = internalBinding('task_queue');",
    why: "brings the question in",
  },
  {
    id: "internal/process/task_queues",
    find: "    runMicrotasks();\n  } while (!queue.isEmpty() || processPromiseRejections());",
    replace:
      "    runMicrotasks(); if (mustYield() && tickInfo[kHasTickScheduled] === 1) { setHasTickScheduled(!queue.isEmpty()); return; }\n  } while (!queue.isEmpty() || processPromiseRejections());",
    why: "ticks go on in the next turn; rejections are looked at when the microtasks the ticks left have run",
  },
  {
    id: "internal/timers",
    find: "let nextExpiry = Infinity;",
    replace: "let nextExpiry = Infinity; let yielded = false; let yieldedAfter;",
    why: "remembers that the timers phase is not over, and which immediate ran last",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneList)\n        runNextTicks();\n      else\n",
    replace:
      "      if (ranAtLeastOneList) {\n        runNextTicks(); if (binding.mustYield()) { nextExpiry = list.expiry; return timeoutInfo[0] > 0 ? nextExpiry : -nextExpiry; }\n      } else\n",
    why: "yields between two timer lists",
  },
  {
    id: "internal/timers",
    find: "      listOnTimeout(list, now);\n    }\n    return 0;",
    replace:
      "      listOnTimeout(list, now); if (yielded) { yielded = false; nextExpiry = list.expiry; return timeoutInfo[0] > 0 ? nextExpiry : -nextExpiry; }\n    }\n    return 0;",
    why: "passes the yield on",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneTimer)\n        runNextTicks();\n      else\n",
    replace:
      "      if (ranAtLeastOneTimer) {\n        runNextTicks(); if (binding.mustYield()) { yielded = true; return; }\n      } else\n",
    why: "yields between two timers of a list",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneImmediate)\n        runNextTicks();\n      else\n",
    replace:
      "      if (ranAtLeastOneImmediate) {\n        runNextTicks(); if (binding.mustYield()) { outstandingQueue.head = immediate; yieldedAfter = prevImmediate; return; }\n      } else\n",
    why: "yields between two immediates",
  },
  {
    id: "internal/timers",
    find: "    let prevImmediate;\n",
    replace: "    let prevImmediate = yieldedAfter; yieldedAfter = undefined;\n",
    why: "the next one may be cleared meanwhile; the one before knows what comes after it",
  },
];

const STACKS: readonly Patch[] = [
  {
    id: "internal/errors",
    find: "at ${ArrayPrototypeJoin(trace, '\\n    at ')}`;",
    replace: "at ${ArrayPrototypeJoin(internalBinding('vivarium').printedFrames(trace), '\\n    at ')}`;",
    why: "frames print as those of Node's own snapshot do",
  },
];

const EXPLAIN = "internalBinding('vivarium').explainRefusal";

/** An error of the network is made of an errno alone: the sandbox's reason is put on it afterwards. */
const REFUSALS: readonly Patch[] = [
  {
    id: "internal/errors",
    find: "    this.errno = err;\n    this.code = code;\n    this.syscall = syscall;\n    this.address = address;",
    replace: `    this.errno = err;\n    this.code = code;\n    this.syscall = syscall;\n    this.address = address; ${EXPLAIN}(this, err);`,
    why: "connections",
  },
  {
    id: "internal/errors",
    find: "    this.code = code;\n    this.errno = err;\n    this.syscall = syscall;\n    this.address = address;",
    replace: `    this.code = code;\n    this.errno = err;\n    this.syscall = syscall;\n    this.address = address; ${EXPLAIN}(this, err);`,
    why: "servers",
  },
  {
    id: "internal/errors",
    find: "    this.errno = err;\n    this.code = code;\n    this.syscall = syscall;\n  }",
    replace: `    this.errno = err;\n    this.code = code;\n    this.syscall = syscall; ${EXPLAIN}(this, err);\n  }`,
    why: "reading and writing",
  },
  {
    id: "internal/errors",
    find: "    this.errno = errno;\n    this.code = code;\n    this.syscall = syscall;\n    if (hostname) {",
    replace: `    this.errno = errno;\n    this.code = code;\n    this.syscall = syscall; ${EXPLAIN}(this, errno);\n    if (hostname) {`,
    why: "look-ups",
  },
];

const LOADER_FS = "internalBinding('vivarium').loaderFs(require('fs'))";

/** The module loader reads through `internalBinding('vivarium')`: free under the overlay, one host call a file. */
const LOADER: readonly Patch[] = [
  ...["internal/modules/cjs/loader", "internal/modules/helpers"].map((id) => ({
    id,
    find: "const fs = require('fs');",
    replace: `const fs = ${LOADER_FS};`,
    why: "a module's own loading needs no fs permission",
  })),
  ...["internal/modules/esm/load", "internal/modules/esm/translators"].map((id) => ({
    id,
    find: "const { readFileSync } = require('fs');",
    replace: `const { readFileSync } = ${LOADER_FS};`,
    why: "the same for ES modules",
  })),
  {
    id: "internal/modules/esm/translators",
    find: "  globalThis: { WebAssembly },\n} = primordials;",
    replace: "  globalThis: wasmHolder,\n} = primordials;",
    why: "V8 gives a context its WebAssembly only after the snapshot",
  },
  {
    id: "internal/modules/esm/translators",
    find: "  let compiled;\n  try {\n    compiled = new WebAssembly.Module(",
    replace: "  let compiled; const { WebAssembly } = wasmHolder;\n  try {\n    compiled = new WebAssembly.Module(",
    why: "reads it when a module needs it",
  },
  {
    id: "internal/modules/esm/resolve",
    find: "const { realpathSync } = require('fs');",
    replace: `const { realpathSync } = ${LOADER_FS};`,
    why: "the same for resolution",
  },
];

/** Programs may get another face of a module than the library itself: see guest/policy.ts. */
const POLICY: readonly Patch[] = [
  {
    id: "internal/modules/helpers",
    find: "  mod.compileForPublicLoader();\n  return mod;",
    replace: "  mod.compileForPublicLoader();\n  return mod.publicFace ?? mod;",
    why: "deferred APIs of modules the library goes on using",
  },
];

/** Where the library makes a context of its own. */
const ONE_CONTEXT: readonly Patch[] = [
  {
    id: "internal/util",
    find: "    const { runInNewContext } = require('vm');\n    internalGlobal = runInNewContext('this', undefined, { contextName: 'internal' });",
    replace: "    internalGlobal = internalBinding('vivarium').internalGlobal();\n",
    why: "a bare context of the helper's; without it what the main one had at start has to serve",
  },
];

const ANSWER = "internalBinding('worker').answer(memory, ";

/** Threads share no memory: `postMessageToThread` is answered by a port that goes with its message. */
const THREADS: readonly Patch[] = [
  {
    id: "internal/worker/messaging",
    find: "  const memory = new SharedArrayBuffer(WORKER_MESSAGING_SHARED_DATA);\n  const status = new Int32Array(memory);\n  const promise = AtomicsWaitAsync(status, WORKER_MESSAGING_STATUS_INDEX, 0, timeout).value;",
    replace:
      "  const { memory, status, promise } = internalBinding('worker').awaitAnswer(timeout);\n  transferList = internalBinding('worker').withAnswer(transferList, memory);\n",
    why: "makes the port",
  },
  {
    id: "internal/worker/messaging",
    find: "    const status = new Int32Array(memory);\n    AtomicsStore(status, WORKER_MESSAGING_RESULT_INDEX, WORKER_MESSAGING_RESULT_NO_LISTENERS);\n    AtomicsStore(status, WORKER_MESSAGING_STATUS_INDEX, 1);\n    AtomicsNotify(status, WORKER_MESSAGING_STATUS_INDEX, 1);",
    replace: `    ${ANSWER}WORKER_MESSAGING_RESULT_NO_LISTENERS);\n\n\n`,
    why: "answers for a thread that is not there",
  },
  {
    id: "internal/worker/messaging",
    find: "  const status = new Int32Array(memory);\n  AtomicsStore(status, WORKER_MESSAGING_RESULT_INDEX, response);\n  AtomicsStore(status, WORKER_MESSAGING_STATUS_INDEX, 1);\n  AtomicsNotify(status, WORKER_MESSAGING_STATUS_INDEX, 1);",
    replace: `  ${ANSWER}response);\n\n\n`,
    why: "answers",
  },
];

export const patches: readonly Patch[] = [
  ...YIELDING,
  ...STACKS,
  ...REFUSALS,
  ...LOADER,
  ...ONE_CONTEXT,
  ...POLICY,
  ...THREADS,
];

/** Applies the patches of one module. */
export function patch(id: string, source: string): string {
  let patched = source;
  for (const { find, replace, why } of patches.filter((candidate) => candidate.id === id)) {
    if (patched.split(find).length !== 2)
      throw new Error(`patch of ${id} does not fit (${why}): anchor not there once`);
    patched = patched.replace(find, () => replace);
  }
  return patched;
}
