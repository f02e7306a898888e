import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, textOf, utf8 } from "./harness.ts";

const O_RDONLY = 0;
const O_WRONLY = 1;
const CREATE = 0o102;
const MIB = 1024 * 1024;

const both = describe.each(["memory", "host"] as const);

both("handles on a %s mount", (kind) => {
  const within = (use: (guest: Caller) => void): void => {
    using directory = scratch();
    const mount = kind === "memory" ? ({ kind } as const) : ({ kind, host: directory.path, mode: "rw" } as const);
    using guest = caller({ mounts: [{ guest: "/m", ...mount }] });
    use(guest);
  };

  it("numbers start at 3 and the lowest free one comes next", () =>
    within((guest) => {
      const open = () => guest.fs("open", "/m/f", CREATE, 0o666);
      expect([open(), open(), open()]).toEqual([3, 4, 5]);
      guest.fs("close", 4);
      guest.fs("close", 3);
      expect([open(), open(), open()]).toEqual([3, 4, 6]);
    }));

  it("0, 1, 2, closed, negative and invented numbers are EBADF", () =>
    within((guest) => {
      const fd = guest.fs("open", "/m/f", CREATE, 0o666);
      guest.fs("close", fd);
      for (const wrong of [0, 1, 2, fd, -1, 4, 2 ** 40]) {
        expect(codeOf(() => guest.fs("read", wrong, 1, 0))).toBe("EBADF");
        expect(codeOf(() => guest.fs("close", wrong))).toBe("EBADF");
        expect(codeOf(() => guest.fs("fstat", wrong))).toBe("EBADF");
      }
    }));

  it("the 1022nd open handle is EMFILE, and closing one makes room", () =>
    within((guest) => {
      for (let i = 0; i < 1021; i += 1) guest.fs("open", "/m/f", CREATE, 0o666);
      expect(codeOf(() => guest.fs("open", "/m/f", O_RDONLY, 0))).toBe("EMFILE");
      guest.fs("close", 500);
      expect(guest.fs("open", "/m/f", O_RDONLY, 0)).toBe(500);
    }));

  it("two handles on one file have offsets of their own", () =>
    within((guest) => {
      guest.fs("writeFile", "/m/f", utf8("abcdef"), 0o1101, 0o666);
      const [one, two] = [guest.fs("open", "/m/f", O_RDONLY, 0), guest.fs("open", "/m/f", O_RDONLY, 0)];
      expect(textOf(guest.fs("read", one, 4, -1))).toBe("abcd");
      expect(textOf(guest.fs("read", two, 2, -1))).toBe("ab");
      expect(textOf(guest.fs("read", one, 4, -1))).toBe("ef");
    }));

  it("a read past one payload returns fewer bytes, a whole file past it is EFBIG", () =>
    within((guest) => {
      const fd = guest.fs("open", "/m/f", CREATE, 0o666);
      guest.fs("ftruncate", fd, 65 * MIB);
      expect(guest.fs("read", fd, 40 * MIB, 0).length).toBe(16 * MIB);
      expect(codeOf(() => guest.fs("readFile", "/m/f", O_RDONLY))).toBe("EFBIG");
    }));

  it("negative lengths and positions are EINVAL", () =>
    within((guest) => {
      const fd = guest.fs("open", "/m/f", CREATE, 0o666);
      expect(codeOf(() => guest.fs("read", fd, -1, 0))).toBe("EINVAL");
      expect(codeOf(() => guest.fs("read", fd, 1, -2))).toBe("EINVAL");
      expect(codeOf(() => guest.fs("write", fd, utf8("x"), -2))).toBe("EINVAL");
      expect(codeOf(() => guest.fs("ftruncate", fd, -1))).toBe("EINVAL");
    }));

  it("a handle opened for reading changes nothing, not even modes and times", () =>
    within((guest) => {
      guest.fs("writeFile", "/m/f", utf8("x"), 0o1101, 0o640);
      const fd = guest.fs("open", "/m/f", O_RDONLY, 0);
      const changes = [
        () => guest.fs("fchmod", fd, 0o777),
        () => guest.fs("fchown", fd, 1, 1),
        () => guest.fs("futimes", fd, 1, 1),
      ];
      expect(changes.map(codeOf)).toEqual(["EACCES", "EACCES", "EACCES"]);
      const writing = guest.fs("open", "/m/f", O_WRONLY, 0);
      guest.fs("fchmod", writing, 0o600);
      guest.fs("futimes", writing, 1, 2.5);
      const stat = guest.fs("fstat", fd);
      expect([stat[1], stat[12], stat[13]]).toEqual([0o100600, 2, 500_000_000]);
    }));

  it("O_TMPFILE is refused rather than misread", () =>
    within((guest) => expect(codeOf(() => guest.fs("open", "/m", 0o20200002, 0o600))).toBe("EOPNOTSUPP")));
});

describe("descriptors of the host", () => {
  it.skipIf(!existsSync("/proc/self/fd"))("none is left open after reset (skipped where /proc is missing)", () => {
    using directory = scratch();
    using guest = caller({ mounts: [{ guest: "/m", kind: "host", host: directory.path, mode: "rw" }] });
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 100; i += 1) {
      guest.fs("mkdir", `/m/d${i}`, 0o777, false);
      guest.fs("open", `/m/d${i}/f`, CREATE, 0o666);
    }
    expect(readdirSync("/proc/self/fd").length).toBeGreaterThan(before + 100);
    guest.files.reset();
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });
});
