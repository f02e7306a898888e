/** One change to a library module. The build fails when `find` is not there exactly once. No patch adds a line. */
export interface Patch {
  readonly id: string;
  readonly find: string;
  readonly replace: string;
  readonly why: string;
}

const YIELD_TIMERS = "timeoutInfo[0] > 0 ? list.expiry : -list.expiry";

/**
 * Without the native helper nothing inside the isolate can drain the microtask queue: V8 drains it when control goes
 * back to the cell. `runMicrotasks()` then answers false, and these patches make the three queues of the event loop
 * give control back after each callback and go on in the next turn. With the helper they change nothing.
 */
const YIELDING: readonly Patch[] = [
  {
    id: "internal/process/task_queues",
    find: "    runMicrotasks();\n  } while (!queue.isEmpty() || processPromiseRejections());",
    replace: "    if (runMicrotasks() === false) break;\n  } while (!queue.isEmpty() || processPromiseRejections());",
    why: "ticks go on in the next turn",
  },
  {
    id: "internal/process/task_queues",
    find: "    runMicrotasks();\n  if (!hasTickScheduled() && !hasRejectionToWarn())\n    return;\n\n  processTicksAndRejections();",
    replace:
      "    if (runMicrotasks() === false) return false;\n  if (!hasTickScheduled() && !hasRejectionToWarn())\n    return;\n\n  return processTicksAndRejections();",
    why: "tells the caller that it must yield",
  },
  {
    id: "internal/process/task_queues",
    find: "  setHasTickScheduled(false);\n  setHasRejectionToWarn(false);\n}",
    replace: "  setHasTickScheduled(false);\n  setHasRejectionToWarn(false); return runMicrotasks(true);\n}",
    why: "the same after a round of ticks",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneList)\n        runNextTicks();",
    replace: `      if (ranAtLeastOneList)\n      { if (runNextTicks() === false) { nextExpiry = list.expiry; return ${YIELD_TIMERS}; } }`,
    why: "yields between two timer lists",
  },
  {
    id: "internal/timers",
    find: "      listOnTimeout(list, now);\n    }\n    return 0;",
    replace: `      if (listOnTimeout(list, now) === false) { nextExpiry = list.expiry; return ${YIELD_TIMERS}; }\n    }\n    return 0;`,
    why: "passes the yield on",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneTimer)\n        runNextTicks();",
    replace: "      if (ranAtLeastOneTimer)\n      { if (runNextTicks() === false) return false; }",
    why: "yields between two timers of a list",
  },
  {
    id: "internal/timers",
    find: "      if (ranAtLeastOneImmediate)\n        runNextTicks();",
    replace:
      "      if (ranAtLeastOneImmediate)\n      { if (runNextTicks() === false) { outstandingQueue.head = immediate; return; } }",
    why: "yields between two immediates",
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
    id: "internal/modules/esm/resolve",
    find: "const { realpathSync } = require('fs');",
    replace: `const { realpathSync } = ${LOADER_FS};`,
    why: "the same for resolution",
  },
];

export const patches: readonly Patch[] = [...YIELDING, ...LOADER];

/** Applies the patches of one module. */
export function patch(id: string, source: string): string {
  let patched = source;
  for (const { find, replace, why } of patches.filter((candidate) => candidate.id === id)) {
    if (patched.split(find).length !== 2) throw new Error(`patch of ${id} does not fit (${why}): anchor not there once`);
    patched = patched.replace(find, () => replace);
  }
  return patched;
}
