import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../errors/failure.ts";
import { Budget } from "./budget.ts";
import { limitNames, limitProblem, limitTable, resolveLimits } from "./limits.ts";

const failureOf = (run: () => void): SyscallFailure | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof SyscallFailure) return error;
    throw error;
  }
  return undefined;
};

describe("resolveLimits()", () => {
  it("fills in defaults, later layers winning", () => {
    const limits = resolveLimits({ memoryMiB: 64, cpuTimeMs: 5 }, undefined, { cpuTimeMs: 7, wallTimeMs: undefined });
    expect(limits).toMatchObject({ memoryMiB: 64, cpuTimeMs: 7, wallTimeMs: 120_000, payloadBytes: 16 * 2 ** 20 });
  });

  it("every default is within its own range", () => {
    for (const name of limitNames) expect(limitProblem(name, limitTable[name].default), name).toBeUndefined();
  });

  it("WebAssembly memory follows memoryMiB unless given", () => {
    expect(resolveLimits({ memoryMiB: 64 }).wasmPages * 65_536).toBe(64 * 2 ** 20);
    expect(resolveLimits({ memoryMiB: 64, wasmPages: 3 }).wasmPages).toBe(3);
  });

  it("no limit survives JSON", () => {
    const limits = resolveLimits({ wallTimeMs: Number.POSITIVE_INFINITY, cpuTimeMs: 0 });
    expect(JSON.parse(JSON.stringify(limits))).toEqual(limits);
    expect([limits.wallTimeMs, limits.cpuTimeMs]).toEqual([0, 0]);
  });
});

describe("limitProblem()", () => {
  it.each([Number.NaN, -1, 1.5, "64", null, 8, 4097, 0, Number.POSITIVE_INFINITY, 64n])(
    "memoryMiB refuses %s",
    (value) => {
      expect(limitProblem("memoryMiB", value)).toBe("be a whole number from 16 to 4096 (MiB)");
    },
  );
  it("times take 0 and Infinity for none, and no NaN or negatives", () => {
    for (const value of [0, 1, Number.POSITIVE_INFINITY]) expect(limitProblem("cpuTimeMs", value)).toBeUndefined();
    for (const value of [-1, Number.NaN, 0.5, 2 ** 31])
      expect(limitProblem("cpuTimeMs", value)).toContain("0 or Infinity");
  });
});

describe("Budget", () => {
  it("counts calls and bytes, and names the budget, its limit and the option when one is used up", () => {
    const budget = new Budget(resolveLimits({ syscalls: 10, transferBytes: 1000 }));
    budget.charge(4, 600);
    budget.charge(6, 400);
    expect(budget.exhausted).toBeUndefined();
    expect(failureOf(() => budget.charge(1, 0))).toMatchObject({
      code: "ERR_SANDBOX_BUDGET_EXCEEDED",
      detail: "budget syscalls is used up: the limit is 10 calls; raise it with options.limits.syscalls",
    });
    expect(budget.exhausted).toBe("syscalls");
    expect(budget.standstill).toBe(
      "budget syscalls is used up: the limit is 10 calls; raise it with options.limits.syscalls",
    );
    expect(failureOf(() => budget.charge(0, 0))?.code).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    expect(budget.usage()).toMatchObject({ syscalls: 11, transferBytes: 1000 });
  });

  it("bytes and output have budgets of their own", () => {
    const budget = new Budget(resolveLimits({ transferBytes: 10, stdioBytes: 5 }));
    budget.chargeStdio(5);
    expect(failureOf(() => budget.chargeStdio(1))?.detail).toContain("budget stdioBytes");
    expect(failureOf(() => budget.charge(1, 11))?.detail).toContain("budget transferBytes");
    expect(budget.exhausted).toBe("stdioBytes");
    // Whoever can print no more can still do everything else.
    expect(budget.standstill).toBeUndefined();
  });

  it("0 means no limit", () => {
    const budget = new Budget(resolveLimits({ syscalls: 0, transferBytes: 0, stdioBytes: 0 }));
    budget.charge(1e12, 1e15);
    budget.chargeStdio(1e15);
    expect(budget.exhausted).toBeUndefined();
  });

  it("calls under way are refused past the limit and fit again once some have answered", () => {
    const budget = new Budget(resolveLimits({ pendingCalls: 2 }));
    budget.inFlight(1);
    budget.inFlight(1);
    expect(failureOf(() => budget.inFlight(1))?.detail).toContain("budget pendingCalls");
    budget.inFlight(-1);
    budget.inFlight(1);
    expect(budget.exhausted).toBeUndefined();
    expect(budget.usage()).toMatchObject({ pendingCalls: 2, peakPendingCalls: 2 });
  });

  it("one value over payloadBytes is too large", () => {
    const budget = new Budget(resolveLimits({ payloadBytes: 2048 }));
    budget.checkPayload(2048);
    expect(failureOf(() => budget.checkPayload(2049))?.code).toBe("ERR_SANDBOX_PAYLOAD_TOO_LARGE");
  });
});
