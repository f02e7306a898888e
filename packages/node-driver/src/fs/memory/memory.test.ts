import { describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, textOf, utf8 } from "../harness.ts";

const O_RDWR = 2;
const CREATE = 0o102;
const WRITE = 0o1101;
const KIB = 1024;

const make = (limits: { quotaBytes?: number; quotaFiles?: number } = {}): Caller =>
  caller({ mounts: [{ guest: "/m", kind: "memory", ...limits }] });

const numbers = (guest: Caller, path: string) => {
  const [device, mode, nlink, , , rdev, blksize, ino, size, blocks] = guest.fs("lstat", path) as readonly number[];
  return { device, mode, nlink, rdev, blksize, ino, size, blocks };
};

describe("memory mount", () => {
  it("keeps bytes as they are, across chunk borders", () => {
    using guest = make();
    const data = new Uint8Array(200 * KIB).map((_, index) => (index * 31) & 0xff);
    guest.fs("writeFile", "/m/f", data, WRITE, 0o666);
    expect(guest.fs("readFile", "/m/f", 0)).toEqual(data);
    const fd = guest.fs("open", "/m/f", O_RDWR, 0);
    guest.fs("write", fd, utf8("border"), 64 * KIB - 3);
    expect(textOf(guest.fs("read", fd, 6, 64 * KIB - 3))).toBe("border");
    expect(guest.fs("read", fd, 10, 200 * KIB - 4)).toEqual(data.slice(-4));
  });

  it("answers with buffers of exactly the size read", () => {
    using guest = make();
    guest.fs("writeFile", "/m/f", utf8("12345"), WRITE, 0o666);
    const fd = guest.fs("open", "/m/f", 0, 0);
    const data = guest.fs("read", fd, 1000, 0);
    expect([data.length, data.buffer.byteLength]).toEqual([5, 5]);
  });

  it("a hole takes no room and reads as zeros, also after cutting and growing again", () => {
    using guest = make({ quotaBytes: 64 * KIB });
    const fd = guest.fs("open", "/m/sparse", CREATE, 0o666);
    guest.fs("ftruncate", fd, 10 * 1024 ** 4);
    expect(numbers(guest, "/m/sparse")).toMatchObject({ size: 10 * 1024 ** 4, blocks: 0 });
    guest.fs("write", fd, utf8("secret"), 0);
    guest.fs("ftruncate", fd, 2);
    guest.fs("ftruncate", fd, 6);
    expect(textOf(guest.fs("read", fd, 6, 0))).toBe("se\0\0\0\0");
  });

  it("hard links share one file, counted, and its number", () => {
    using guest = make();
    guest.fs("writeFile", "/m/a", utf8("x"), WRITE, 0o600);
    guest.fs("link", "/m/a", "/m/b");
    guest.fs("writeFile", "/m/b", utf8("longer"), WRITE, 0);
    expect(textOf(guest.fs("readFile", "/m/a", 0))).toBe("longer");
    const [a, b] = [numbers(guest, "/m/a"), numbers(guest, "/m/b")];
    expect(a).toEqual(b);
    expect(a).toMatchObject({ nlink: 2, mode: 0o100600, blksize: 4096, blocks: 1 });
  });

  it("an unlinked file lives until its last handle closes, then its room is free", () => {
    using guest = make({ quotaBytes: 1000 });
    const fd = guest.fs("open", "/m/f", CREATE, 0o666);
    guest.fs("write", fd, new Uint8Array(1000), 0);
    guest.fs("unlink", "/m/f");
    expect(guest.fs("read", fd, 2000, 0).length).toBe(1000);
    expect(codeOf(() => guest.fs("writeFile", "/m/g", utf8("x"), WRITE, 0o666))).toBe("ENOSPC");
    guest.fs("close", fd);
    expect(codeOf(() => guest.fs("writeFile", "/m/g", new Uint8Array(1000), WRITE, 0o666))).toBe("ok");
  });

  it("lists entries in the order they were made", () => {
    using guest = make();
    for (const name of ["z", "a", "10", "9"]) guest.fs("mkdir", `/m/${name}`, 0o777, false);
    expect(guest.fs("readdir", "/m").filter((_, index) => index % 2 === 0)).toEqual(["z", "a", "10", "9"]);
  });

  it("a directory counts its subdirectories, also when they move", () => {
    using guest = make();
    guest.fs("mkdir", "/m/a/b", 0o777, true);
    guest.fs("mkdir", "/m/c", 0o777, false);
    expect(numbers(guest, "/m").nlink).toBe(4);
    guest.fs("rename", "/m/a/b", "/m/c/b");
    expect([numbers(guest, "/m/a").nlink, numbers(guest, "/m/c").nlink]).toEqual([2, 3]);
  });

  it("a link's text may lead to any guest path, absolute ones from the guest's root", () => {
    using guest = make();
    guest.fs("writeFile", "/tmp/t", utf8("t"), WRITE, 0o666);
    guest.fs("symlink", "/tmp/t", "/m/abs");
    guest.fs("symlink", "../../../tmp/t", "/m/rel");
    expect([guest.locate("/m/abs").path, guest.locate("/m/rel").path]).toEqual(["/tmp/t", "/tmp/t"]);
  });

  it("has the usual devices, and leaves the standard streams to the cell", () => {
    using guest = make();
    const read = (name: string) => {
      const fd = guest.fs("open", `/dev/${name}`, O_RDWR, 0);
      return guest.fs("read", fd, 16, -1);
    };
    expect(read("null").length).toBe(0);
    expect(read("zero")).toEqual(new Uint8Array(16));
    expect(read("urandom")).not.toEqual(read("urandom"));
    guest.fs("writeFile", "/dev/null", utf8("gone"), WRITE, 0o666);
    expect(codeOf(() => guest.fs("writeFile", "/dev/full", utf8("x"), WRITE, 0o666))).toBe("ENOSPC");
    expect(numbers(guest, "/dev/null")).toMatchObject({ mode: 0o020666, rdev: 0x103, size: 0 });
    expect(codeOf(() => guest.fs("open", "/dev/stdout", 1, 0))).toBe("ENXIO");
  });

  it("statfs tells the quota and what is left of it", () => {
    using guest = make({ quotaBytes: 40960, quotaFiles: 10 });
    guest.fs("writeFile", "/m/f", new Uint8Array(8192), WRITE, 0o666);
    expect(guest.fs("statfs", "/m/f")).toEqual([0x01021994, 4096, 10, 8, 8, 10, 8]);
  });

  it("contents stay when a run ends, handles do not", () => {
    using guest = make();
    const fd = guest.fs("open", "/m/f", CREATE, 0o666);
    guest.fs("write", fd, utf8("kept"), -1);
    guest.files.reset();
    expect(codeOf(() => guest.fs("read", fd, 1, 0))).toBe("EBADF");
    expect(textOf(guest.fs("readFile", "/m/f", 0))).toBe("kept");
  });

  it("a million small appends do not copy the file each time", () => {
    using guest = make({ quotaBytes: 16 * KIB * KIB });
    const fd = guest.fs("open", "/m/log", 0o2102, 0o666);
    const line = utf8("eight by");
    for (let i = 0; i < 1_000_000; i += 1) guest.fs("write", fd, line, -1);
    expect(numbers(guest, "/m/log").size).toBe(8_000_000);
  }, 20_000);
});
