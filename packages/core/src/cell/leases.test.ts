import { describe, expect, it } from "vitest";
import type { LeaseLeft } from "../engine/host-helper.ts";
import { Budget, resolveLimits } from "../limits/index.ts";
import type { CellStream, Lessee, OpenLease } from "./cell-stream.ts";
import { Leases } from "./leases.ts";

const BYTES = 4 * 1024 * 1024;
const WRITES = 1024;

/** The helper's leases, without sockets: the test writes. */
class Host {
  readonly open = new Map<number, [writes: number, bytes: number]>();
  readonly descriptors: number[] = [];
  isFull = false;

  openLease(descriptor: number, writes: number, bytes: number): number | undefined {
    if (this.isFull) return undefined;
    this.descriptors.push(descriptor);
    this.open.set(this.descriptors.length, [writes, bytes]);
    return this.descriptors.length;
  }

  leaseLeft(lease: number): LeaseLeft | undefined {
    return this.open.get(lease);
  }

  endLease(lease: number): LeaseLeft | undefined {
    const left = this.open.get(lease);
    this.open.delete(lease);
    return left;
  }

  write(lease: number, bytes: number): void {
    const left = this.open.get(lease);
    if (!left) throw new Error("there is no such lease");
    left[0] -= 1;
    left[1] -= bytes;
  }
}

/** A stream of one descriptor. */
class Lender implements CellStream {
  lessee: Lessee | undefined;
  readonly left: number[] = [];
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  lease(_bytes: number, open: OpenLease): void {
    this.lessee = open(this.#descriptor, (left) => this.left.push(left));
  }

  read = () => Promise.resolve(new Uint8Array(0));
  write = () => Promise.resolve();
  shutdown = () => Promise.resolve();
  close = () => undefined;
}

const budgetOf = (syscalls: number, transferBytes: number) => new Budget(resolveLimits({ syscalls, transferBytes }));

describe("a lease", () => {
  it("is paid for beforehand, and gives back what was not used when it ends, once", () => {
    const [host, budget, lender] = [new Host(), budgetOf(0, 0), new Lender(7)];
    const lease = new Leases(host, budget).open(lender);
    expect([lease, host.descriptors]).toEqual([1, [7]]);
    expect(budget.usage()).toMatchObject({ syscalls: WRITES, transferBytes: BYTES });
    host.write(lease, 100);
    host.write(lease, 1);
    lender.lessee?.end();
    lender.lessee?.end();
    expect(budget.usage()).toMatchObject({ syscalls: 2, transferBytes: 101 });
    expect([lender.left, host.open.size]).toEqual([[BYTES - 101], 0]);
  });

  it("tells whether something was written since it was last asked", () => {
    const [host, lender] = [new Host(), new Lender(7)];
    const lease = new Leases(host, budgetOf(0, 0)).open(lender);
    expect(lender.lessee?.hasWritten()).toBe(false);
    host.write(lease, 1);
    expect([lender.lessee?.hasWritten(), lender.lessee?.hasWritten()]).toEqual([true, false]);
    lender.lessee?.end();
    expect(lender.lessee?.hasWritten()).toBe(false);
  });

  it("is called back where a budget would be used up only by what leases hold", () => {
    const [host, budget, lender] = [new Host(), budgetOf(WRITES + 10, 0), new Lender(7)];
    const leases = new Leases(host, budget);
    budget.recall = () => leases.recall();
    const lease = leases.open(lender);
    host.write(lease, 1);
    budget.charge(10, 0);
    expect(host.open.size).toBe(1);
    budget.charge(1, 0);
    expect([host.open.size, budget.usage().syscalls]).toEqual([0, 12]);
    expect(() => budget.charge(WRITES, 0)).toThrow("budget syscalls is used up");
  });

  it.each([
    ["calls", budgetOf(WRITES - 1, 0)],
    ["bytes", budgetOf(0, BYTES - 1)],
  ])("is not given where there are not so many %s left, and costs nothing then", (_what, budget) => {
    const host = new Host();
    expect(new Leases(host, budget).open(new Lender(7))).toBe(0);
    expect([host.descriptors, budget.usage().syscalls, budget.usage().transferBytes]).toEqual([[], 0, 0]);
  });

  it("is not given without a helper, by a stream that lends nothing, and where the system has no descriptor left", () => {
    const [host, budget] = [new Host(), budgetOf(0, 0)];
    const plain: CellStream = {
      read: async () => new Uint8Array(0),
      write: async () => {},
      shutdown: async () => {},
      close: () => {},
    };
    expect([new Leases(undefined, budget).open(new Lender(7)), new Leases(host, budget).open(plain)]).toEqual([0, 0]);
    host.isFull = true;
    expect(new Leases(host, budget).open(new Lender(7))).toBe(0);
    expect(budget.usage()).toMatchObject({ syscalls: 0, transferBytes: 0 });
  });

  it("gives way to newer ones where there are many", () => {
    const host = new Host();
    const leases = new Leases(host, budgetOf(0, 0));
    const lenders = Array.from({ length: 300 }, (_, i) => new Lender(i));
    for (const lender of lenders) leases.open(lender);
    expect([host.open.size, lenders[43]?.left, lenders[44]?.left]).toEqual([256, [BYTES], []]);
    leases.recall();
    expect(host.open.size).toBe(0);
  });
});
