import { expect, it } from "vitest";
import { BoundedMap } from "./bounded-map.ts";

it("holds at most its capacity, keeping what was used last", () => {
  const map = new BoundedMap<number, string>(8);
  for (let i = 0; i < 1000; i++) {
    map.set(i, `v${i}`);
    map.get(0);
    expect(map.size).toBeLessThanOrEqual(8);
  }
  expect(map.get(999)).toBe("v999");
  expect(map.get(0)).toBe("v0");
  expect(map.get(500)).toBeUndefined();
});
