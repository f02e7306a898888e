import { MAILBOX } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import type { CellChannel } from "../channel/cell-side.ts";
import { Budget, resolveLimits } from "../limits/index.ts";
import { Arrivals } from "./arrivals.ts";
import { Input } from "./input.ts";
import { stdioHandlers } from "./stdio.ts";

/** The handlers of a run with so much output left; what it reported, and what lies in its mailbox. */
function run(stdioBytes: number) {
  const reported: unknown[] = [];
  const memory = new ArrayBuffer(MAILBOX.bytes);
  const arrivals = new Arrivals(memory, { deliver: () => {}, handOver: () => false, plenty: () => {}, fail: () => {} });
  const channel: Pick<CellChannel, "report" | "ask"> = {
    report: (header, body) => void reported.push([header, Buffer.from(body ?? []).toString()]),
    ask: () => {
      throw new Error("nobody asks");
    },
  };
  const budget = new Budget(resolveLimits({ stdioBytes }));
  const descriptors = { has: (fd: number) => fd <= 2, input: () => new Input(() => {}) };
  const lay = (text: string): void => void Buffer.from(memory, MAILBOX.outAt).write(text);
  return { reported, budget, lay, handlers: stdioHandlers({ channel, budget, descriptors, arrivals }) };
}

describe("output that lies in the mailbox", () => {
  it("is charged and reported, for 1 and 2", () => {
    const { reported, budget, lay, handlers } = run(100);
    lay("output that goes on");
    handlers.send([], 1, 6);
    handlers.send([], 2, 0);
    expect(reported).toEqual([
      [{ type: "stdio", channel: 1 }, "output"],
      [{ type: "stdio", channel: 2 }, ""],
    ]);
    expect(budget.usage()).toMatchObject({ transferBytes: 6, stdioBytes: 6 });
  });

  it.each([0, 3])("is refused for descriptor %i", (fd) => {
    const { reported, handlers } = run(100);
    expect(() => handlers.send([], fd, 1)).toThrow("EBADF");
    expect(reported).toEqual([]);
  });

  it("ends with the budget, and none of what is too much is passed on", () => {
    const { reported, handlers } = run(10);
    handlers.send([], 1, 10);
    expect(() => handlers.send([], 1, 1)).toThrow("budget stdioBytes is used up");
    expect(reported).toHaveLength(1);
  });

  it.each([-1, -(2 ** 31), MAILBOX.outBytes + 1])(
    "is none where there would be %i bytes: no budget grows by that",
    (size) => {
      const { reported, budget, handlers } = run(10);
      expect(() => handlers.send([], 1, size)).toThrow("EINVAL");
      expect(reported).toEqual([]);
      expect(budget.usage()).toMatchObject({ transferBytes: 0, stdioBytes: 0 });
    },
  );
});
