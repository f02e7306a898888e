import { describe, expect, it } from "vitest";
import { endingOf } from "./outcome.ts";

const death = { exitCode: null, signal: 6, stderr: "", memoryShare: 0.1 };
const brief = (...args: Parameters<typeof endingOf>) => {
  const { outcome, code } = endingOf(...args);
  return [outcome, code];
};

describe("endingOf", () => {
  it("the supervisor's own cause goes before everything", () => {
    const oom = { ...death, stderr: "FATAL ERROR: x JavaScript heap out of memory" };
    expect(brief(oom, { kind: "limit", limit: "cpu" })).toEqual(["timeout", 124]);
    expect(brief(oom, { kind: "limit", limit: "wall" })).toEqual(["timeout", 124]);
    expect(brief(oom, { kind: "limit", limit: "memory" })).toEqual(["memory", 137]);
    expect(brief(oom, { kind: "aborted" })).toEqual(["aborted", 130]);
    expect(brief(oom, { kind: "protocol", detail: "x" })).toEqual(["crashed", 70]);
  });

  it("the two time limits have their own texts", () => {
    expect(endingOf(death, { kind: "limit", limit: "cpu" }).message).toBe("CPU time limit exceeded");
    expect(endingOf(death, { kind: "limit", limit: "wall" }).message).toBe("wall time limit exceeded");
  });

  it("V8's last words, or a death near the memory budget, mean memory", () => {
    const words = [
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "\n#\n# Fatal JavaScript out of memory: MemoryChunk allocation failed during deserialization.\n#",
      "<--- Last few GCs --->\n\nFATAL ERROR: v8::ToLocalChecked Isolate: out of memory",
      "<--- JS stacktrace --->\n\nCALL_AND_RETRY_LAST\nis_heap_oom = 1\n\n",
      "FATAL ERROR: invalid table size Allocation failed - JavaScript heap out of memory",
    ];
    for (const stderr of words) expect(brief({ ...death, stderr }, undefined)).toEqual(["memory", 137]);
    expect(brief({ ...death, memoryShare: 0.9 }, undefined)).toEqual(["memory", 137]);
    expect(brief({ ...death, signal: 9, memoryShare: 0.9 }, undefined)).toEqual(["memory", 137]);
  });

  it("other deaths are crashes, or kills by signal", () => {
    expect(brief(death, undefined)).toEqual(["crashed", 70]);
    expect(brief({ ...death, signal: 11 }, undefined)).toEqual(["crashed", 70]);
    expect(brief({ ...death, signal: null, exitCode: 0 }, undefined)).toEqual(["crashed", 70]);
    expect(brief({ ...death, signal: 15, memoryShare: 0.9 }, undefined)).toEqual(["killed", 143]);
    expect(brief({ ...death, signal: 9 }, undefined)).toEqual(["killed", 137]);
  });
});
