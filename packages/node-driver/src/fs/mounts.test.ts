import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, textOf, utf8 } from "./harness.ts";

const O_RDONLY = 0;
const CREATE = 0o1101;

describe("mounts", () => {
  let host: ReturnType<typeof scratch>;
  let guest: Caller;

  beforeEach(() => {
    host = scratch();
    mkdirSync(join(host.path, "sub"));
    writeFileSync(join(host.path, "a.txt"), "host");
    writeFileSync(join(host.path, "sub", "b.txt"), "below");
    guest = caller({
      mounts: [
        { guest: "/data", kind: "host", host: host.path, mode: "ro" },
        { guest: "/data/sub/inner", kind: "memory", seed: { "deep/c.txt": "seeded", "raw.bin": { base64: "AP8=" } } },
        { guest: "/mnt/rw", kind: "host", host: host.path, mode: "rw" },
      ],
    });
  });

  afterEach(() => {
    guest[Symbol.dispose]();
    host[Symbol.dispose]();
  });

  const names = (path: string): string[] => guest.fs("readdir", path).filter((_, index) => index % 2 === 0) as string[];

  it("a root in memory is always there, with its standard directories", () => {
    expect(names("/")).toEqual(expect.arrayContaining(["tmp", "root", "app", "dev", "data", "mnt"]));
    guest.fs("writeFile", "/tmp/x", utf8("x"), CREATE, 0o666);
    expect(textOf(guest.fs("readFile", "/tmp/x", O_RDONLY))).toBe("x");
  });

  it("the longest mount point wins, and mount points show in their parent", () => {
    expect(textOf(guest.fs("readFile", "/data/a.txt", O_RDONLY))).toBe("host");
    expect(textOf(guest.fs("readFile", "/data/sub/inner/deep/c.txt", O_RDONLY))).toBe("seeded");
    expect([...guest.fs("readFile", "/data/sub/inner/raw.bin", O_RDONLY)]).toEqual([0, 255]);
    expect(names("/data/sub")).toEqual(["b.txt", "inner"]);
    expect(names("/mnt")).toEqual(["rw"]);
  });

  it("`..` is resolved component by component and stops at the root", () => {
    expect(guest.locate("/data/sub/inner/../../../../../mnt/./rw//a.txt").path).toBe("/mnt/rw/a.txt");
    expect(guest.locate("/../../..").path).toBe("/");
    expect(guest.locate("/data/a.txt/..").failure).toBe("ENOTDIR");
    expect(guest.locate("/missing/../tmp").failure).toBe("ENOENT");
  });

  it("each mount has a device number of its own, small and stable", () => {
    const device = (path: string) => guest.fs("stat", path)[0];
    expect(new Set([device("/"), device("/data"), device("/data/sub/inner"), device("/mnt/rw")]).size).toBe(4);
    expect(device("/data/a.txt")).toBe(device("/data"));
  });

  it("a read-only host mount refuses every change with EROFS", () => {
    const changes = [
      () => guest.fs("writeFile", "/data/a.txt", utf8("no"), CREATE, 0o666),
      () => guest.fs("open", "/data/new", 0o101, 0o666),
      () => guest.fs("open", "/data/a.txt", 2, 0),
      () => guest.fs("mkdir", "/data/d", 0o777, false),
      () => guest.fs("mkdir", "/data/d/e", 0o777, true),
      () => guest.fs("unlink", "/data/a.txt"),
      () => guest.fs("rm", "/data/sub/b.txt", true),
      () => guest.fs("rename", "/data/a.txt", "/data/b.txt"),
      () => guest.fs("link", "/data/a.txt", "/data/b.txt"),
      () => guest.fs("symlink", "a.txt", "/data/l"),
      () => guest.fs("chmod", "/data/a.txt", 0o777),
      () => guest.fs("utimes", "/data/a.txt", 1, 1),
      () => guest.fs("chown", "/data/a.txt", 1, 1),
      () => guest.fs("mkdtemp", "/data/t-"),
      () => guest.fs("copyFile", "/tmp/../data/a.txt", "/data/c.txt", 0),
      () => guest.fs("access", "/data/a.txt", 2),
    ];
    expect(changes.map(codeOf)).toEqual(changes.map(() => "EROFS"));
    expect(codeOf(() => guest.fs("access", "/data/a.txt", 4))).toBe("ok");
  });

  it("rename and link across mounts fail with EXDEV, even where the host directory is the same", () => {
    guest.fs("writeFile", "/tmp/x", utf8("x"), CREATE, 0o666);
    expect(codeOf(() => guest.fs("rename", "/tmp/x", "/mnt/rw/x"))).toBe("EXDEV");
    expect(codeOf(() => guest.fs("link", "/tmp/x", "/mnt/rw/x"))).toBe("EXDEV");
    expect(codeOf(() => guest.fs("rename", "/mnt/rw/a.txt", "/data/z"))).toBe("EXDEV");
    guest.fs("copyFile", "/tmp/x", "/mnt/rw/x", 0);
    expect(textOf(guest.fs("readFile", "/mnt/rw/x", O_RDONLY))).toBe("x");
  });

  it("a mount point and what leads to one cannot be moved or removed", () => {
    expect(codeOf(() => guest.fs("rmdir", "/mnt/rw"))).toBe("EBUSY");
    expect(codeOf(() => guest.fs("rm", "/mnt", true))).toBe("EBUSY");
    expect(codeOf(() => guest.fs("rename", "/mnt", "/tmp/mnt"))).toBe("EBUSY");
    expect(textOf(guest.fs("readFile", "/mnt/rw/a.txt", O_RDONLY))).toBe("host");
  });

  it("names over 255 bytes fail with ENAMETOOLONG, in memory and on the host", () => {
    const long = "é".repeat(128);
    expect(guest.locate(`/tmp/${long}`).failure).toBe("ENAMETOOLONG");
    expect(guest.locate(`/mnt/rw/${long}`).failure).toBe("ENAMETOOLONG");
    expect(guest.locate(`/tmp/${"é".repeat(127)}a`).failure).toBe("ENOENT");
  });

  it("no failure and no location carries a host path", () => {
    symlinkSync("/etc", join(host.path, "out"));
    for (const path of ["/data/out", "/data/out/passwd", "/data/none", "/data/a.txt/x"]) {
      const place = guest.locate(path);
      expect(place.failure).toBeDefined();
      expect(place.path).toBe(path);
    }
    let message = "";
    try {
      guest.fs("readFile", "/data/none", O_RDONLY);
    } catch (error) {
      message = String(error instanceof Error ? error.stack : error);
    }
    expect(message).not.toContain(host.path);
  });

  it("a spec with a relative, dotted or repeated mount point, or a missing host directory, is refused", () => {
    const build =
      (guestPath: string, path = host.path) =>
      () =>
        caller({ mounts: [{ guest: guestPath, kind: "host", host: path, mode: "ro" }] });
    expect(build("data")).toThrow(TypeError);
    expect(build("/a/../b")).toThrow(TypeError);
    expect(build("/a/")).toThrow(TypeError);
    expect(build("/gone", join(host.path, "gone"))).toThrow(/mount at \/gone is not there/);
    expect(() =>
      caller({
        mounts: [
          { guest: "/m", kind: "memory" },
          { guest: "/m", kind: "memory" },
        ],
      }),
    ).toThrow(TypeError);
  });
});
