import { MAILBOX } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { Budget, resolveLimits } from "../limits/index.ts";
import { Arrivals } from "./arrivals.ts";
import type { CellStream } from "./cell-stream.ts";
import { Leases } from "./leases.ts";
import { Streams, streamHandlers } from "./streams.ts";

describe("bytes that are sent from the mailbox", () => {
  const sent: number[] = [];
  const streams = new Streams();
  const stream: CellStream = {
    read: async () => new Uint8Array(0),
    write: async () => {},
    writeNow: ({ byteLength }) => {
      sent.push(byteLength);
      return byteLength;
    },
    shutdown: async () => {},
    close: () => {},
  };
  const id = streams.add(stream);
  const arrivals = new Arrivals(new ArrayBuffer(MAILBOX.bytes), {
    deliver: () => {},
    handOver: () => false,
    plenty: () => {},
    fail: () => {},
  });
  const budget = new Budget(resolveLimits({}));
  const { sendNow } = streamHandlers(
    streams,
    arrivals,
    (bytes) => budget.charge(0, bytes),
    new Leases(undefined, budget),
    () => undefined,
  );

  it("are charged and sent", () => {
    expect(sendNow([], id, 100)).toBe(100);
    expect([sent, budget.usage().transferBytes]).toEqual([[100], 100]);
  });

  it.each([-1, -(2 ** 31), MAILBOX.outBytes + 1])(
    "are none where there would be %i of them: no budget grows by that",
    (size) => {
      expect(() => sendNow([], id, size)).toThrow("EINVAL");
      expect([sent, budget.usage().transferBytes]).toEqual([[100], 100]);
    },
  );
});
