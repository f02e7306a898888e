import * as node from "node:fs";
import { describe, expect, it } from "vitest";
import { type Bench, guestBench, hostBench } from "./differential-bench.ts";
import { OPERATIONS } from "./differential-table.ts";
import { caller, codeOf, scratch } from "./harness.ts";

// Errno values and open flags differ elsewhere; the guest is always shown Linux's.
const linux = process.platform === "linux";

interface Outcome {
  readonly name: string;
  readonly value: unknown;
}

/** Runs the whole table on one file system; each operation sees what the ones before it left. */
function run(bench: Bench): Outcome[] {
  return OPERATIONS.map(([name, operation]) => {
    let value: unknown;
    const code = bench.codeOf(() => {
      value = operation(bench);
    });
    return { name, value: code === "ok" ? value : code };
  });
}

const expected = (): Outcome[] => {
  using directory = scratch();
  return run(hostBench(directory.path));
};

describe.skipIf(!linux)(
  `the same operations on node:fs and on a mount${linux ? "" : " (skipped: the reference is Linux)"}`,
  () => {
    it("a memory mount answers every operation as node:fs does", () => {
      using guest = caller({ mounts: [{ guest: "/work", kind: "memory" }] });
      expect(run(guestBench(guest, "/work"))).toEqual(expected());
    });

    it("a writable host mount answers every operation as node:fs does", () => {
      using directory = scratch();
      using guest = caller({ mounts: [{ guest: "/work", kind: "host", host: directory.path, mode: "rw" }] });
      expect(run(guestBench(guest, "/work"))).toEqual(expected());
    });

    it("the host mount leaves on the host what node:fs would have left", () => {
      using directory = scratch();
      using reference = scratch();
      using guest = caller({ mounts: [{ guest: "/work", kind: "host", host: directory.path, mode: "rw" }] });
      run(guestBench(guest, "/work"));
      run(hostBench(reference.path));
      const tree = (path: string) =>
        (node.readdirSync(path, { recursive: true }) as string[]).filter((name) => !/tmp-/.test(name)).sort();
      expect(tree(directory.path)).toEqual(tree(reference.path));
      expect(codeOf(() => guest.fs("stat", "/work"))).toBe("ok");
    });
  },
);
