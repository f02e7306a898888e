import { describe, expect, it } from "vitest";
import { caller, codeOf, utf8 } from "./harness.ts";
import { MAX_CHANGES, MAX_WATCHERS } from "./watchers.ts";

const WRITE = 0o1101;
const make = () => caller({ mounts: [{ guest: "/m", kind: "memory" }] });

describe("a guest that watches too much", () => {
  it("gets ENOSPC past the limit, and room again by closing", () => {
    using guest = make();
    const answers: string[] = [];
    for (let i = 0; i < 10_000; i += 1) answers.push(codeOf(() => guest.fs("watch", "/m")));
    expect(answers.filter((code) => code === "ok")).toHaveLength(MAX_WATCHERS);
    expect(answers.at(-1)).toBe("ENOSPC");
    guest.fs("unwatch", 1);
    expect(codeOf(() => guest.fs("watch", "/m"))).toBe("ok");
  });

  it("that never listens has a bounded number of changes kept for it, the first ones", async () => {
    using guest = make();
    const watcher = guest.fs("watch", "/m");
    for (let i = 0; i < 2 * MAX_CHANGES; i += 1) guest.fs("mkdir", `/m/${i}`, 0o777, false);
    let kept = 0;
    for (; kept < MAX_CHANGES; kept += 1) expect(await guest.fs("nextChange")).toEqual([watcher, true, String(kept)]);
    const next = guest.fs("nextChange");
    guest.fs("writeFile", "/m/end", utf8(""), WRITE, 0o666);
    expect(await next).toEqual([watcher, true, "end"]);
  });

  it("cannot wait twice", () => {
    using guest = make();
    guest.fs("watch", "/m");
    void guest.fs("nextChange");
    expect(codeOf(() => guest.fs("nextChange"))).toBe("EBUSY");
  });

  it("cannot close what is not a watcher", () => {
    using guest = make();
    for (const number of [0, -1, 1, Number.MAX_SAFE_INTEGER])
      expect(codeOf(() => guest.fs("unwatch", number))).toBe("EBADF");
  });
});
