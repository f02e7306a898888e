import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, utf8 } from "./harness.ts";

const CREATE = 0o102;
const APPEND = 0o2101;
const WRITE = 0o1101;
const BYTES = 100_000;
const FILES = 20;

describe.each(["memory", "artifacts"] as const)("a guest that fills its %s mount", (kind) => {
  const within = (use: (guest: Caller, host: string) => void): void => {
    using directory = scratch();
    const limits = { quotaBytes: BYTES, quotaFiles: FILES };
    using guest = caller({
      mounts: [
        kind === "memory"
          ? { guest: "/artifacts", kind, ...limits }
          : { guest: "/artifacts", kind, host: directory.path, ...limits },
      ],
    });
    use(guest, directory.path);
  };

  const fill = (guest: Caller, path: string, flags = CREATE): string => {
    const fd = guest.fs("open", path, flags, 0o666);
    const code = codeOf(() => {
      for (let i = 0; i < 100; i += 1) guest.fs("write", fd, new Uint8Array(7000), -1);
    });
    guest.fs("close", fd);
    return code;
  };

  it("gets ENOSPC from writing and appending, at the quota and not before", () =>
    within((guest) => {
      expect(codeOf(() => guest.fs("writeFile", "/artifacts/exact", new Uint8Array(BYTES), WRITE, 0o666))).toBe("ok");
      expect(codeOf(() => guest.fs("writeFile", "/artifacts/more", utf8("x"), WRITE, 0o666))).toBe("ENOSPC");
      guest.fs("unlink", "/artifacts/exact");
      expect(fill(guest, "/artifacts/a")).toBe("ENOSPC");
      guest.fs("rm", "/artifacts/a", false);
      expect(fill(guest, "/artifacts/b", APPEND)).toBe("ENOSPC");
    }));

  it("gains nothing by unlinking files it keeps open", () =>
    within((guest) => {
      const code = codeOf(() => {
        for (let i = 0; i < 15; i += 1) {
          const fd = guest.fs("open", "/artifacts/t", CREATE, 0o666);
          guest.fs("write", fd, new Uint8Array(10_000), 0);
          guest.fs("unlink", "/artifacts/t");
          guest.fs("write", fd, new Uint8Array(1000), 10_000);
        }
      });
      expect(code).toBe("ENOSPC");
      guest.files.reset();
      expect(codeOf(() => guest.fs("writeFile", "/artifacts/all", new Uint8Array(BYTES), WRITE, 0o666))).toBe("ok");
    }));

  it("gains nothing by copying, renaming over files, or linking", () =>
    within((guest) => {
      guest.fs("writeFile", "/artifacts/a", new Uint8Array(60_000), WRITE, 0o666);
      expect(codeOf(() => guest.fs("copyFile", "/artifacts/a", "/artifacts/b", 0))).toBe("ENOSPC");
      expect(codeOf(() => guest.fs("stat", "/artifacts/b"))).toBe("ENOENT");
      for (let i = 0; i < 5; i += 1) {
        guest.fs("writeFile", "/artifacts/c", new Uint8Array(20_000), WRITE, 0o666);
        guest.fs("rename", "/artifacts/c", "/artifacts/d");
      }
      guest.fs("link", "/artifacts/d", "/artifacts/e");
      guest.fs("unlink", "/artifacts/d");
      const more = () => guest.fs("writeFile", "/artifacts/f", new Uint8Array(40_000), WRITE, 0o666);
      expect(codeOf(more)).toBe("ENOSPC");
      guest.fs("unlink", "/artifacts/e");
      expect(codeOf(more)).toBe("ok");
    }));

  it("runs out of files, directories counting too, and gets them back by removing", () =>
    within((guest) => {
      const make = () => {
        for (let i = 0; i < 2 * FILES; i += 1) {
          if (i % 2 === 0) guest.fs("mkdir", `/artifacts/d${i}`, 0o777, false);
          else guest.fs("writeFile", `/artifacts/f${i}`, utf8(""), WRITE, 0o666);
        }
      };
      expect(codeOf(make)).toBe("ENOSPC");
      const names = guest.fs("readdir", "/artifacts").filter((_, index) => index % 2 === 0) as string[];
      expect(names.length).toBeGreaterThanOrEqual(FILES - 1);
      for (const name of names) guest.fs("rm", `/artifacts/${name}`, true);
      expect(codeOf(() => guest.fs("mkdir", "/artifacts/a/b/c/d/e", 0o777, true))).toBe("ok");
    }));

  it("a failed creation costs no file", () =>
    within((guest) => {
      for (let i = 0; i < 3 * FILES; i += 1) {
        expect(codeOf(() => guest.fs("mkdir", "/artifacts", 0o777, false))).toBe("EEXIST");
        guest.fs("writeFile", "/artifacts/same", utf8("x"), WRITE, 0o666);
      }
    }));
});

describe("artifacts on the host", () => {
  it("never take more room than the quota, whatever the guest tries", () => {
    using directory = scratch();
    using guest = caller({
      mounts: [{ guest: "/artifacts", kind: "artifacts", host: directory.path, quotaBytes: BYTES, quotaFiles: FILES }],
    });
    const fd = guest.fs("open", "/artifacts/a", CREATE, 0o666);
    const tries = [
      () => guest.fs("ftruncate", fd, BYTES + 1),
      () => guest.fs("write", fd, utf8("x"), BYTES),
      () => guest.fs("write", fd, new Uint8Array(BYTES + 1), 0),
    ];
    expect(tries.map(codeOf)).toEqual(["ENOSPC", "ENOSPC", "ENOSPC"]);
    guest.fs("ftruncate", fd, BYTES);
    guest.fs("write", fd, new Uint8Array(BYTES), 0);
    const taken = readdirSync(directory.path).reduce((sum, name) => sum + statSync(join(directory.path, name)).size, 0);
    expect(taken).toBe(BYTES);
  });

  it("hold no symbolic links, so that the program collecting them is not led elsewhere", () => {
    using directory = scratch();
    using guest = caller({
      mounts: [{ guest: "/artifacts", kind: "artifacts", host: directory.path, quotaBytes: BYTES, quotaFiles: FILES }],
    });
    guest.fs("writeFile", "/artifacts/a", utf8("x"), WRITE, 0o666);
    for (const text of ["a", "/etc/passwd", "../../etc/passwd"]) {
      expect(codeOf(() => guest.fs("symlink", text, "/artifacts/l"))).toBe("EPERM");
    }
    expect(guest.fs("statfs", "/artifacts").slice(-2)).toEqual([FILES, FILES - 1]);
  });
});

describe("memory that hides in holes", () => {
  it("a file of many tiny writes far apart is charged for the memory it takes", () => {
    using guest = caller({ mounts: [{ guest: "/m", kind: "memory", quotaBytes: 1_000_000 }] });
    const fd = guest.fs("open", "/m/sparse", CREATE, 0o666);
    let written = 0;
    const code = codeOf(() => {
      for (; written < 100_000; written += 1) guest.fs("write", fd, utf8("x"), written * 65_536);
    });
    expect(code).toBe("ENOSPC");
    expect(written).toBeLessThan(1000);
  });

  it("long link texts are charged too", () => {
    using guest = caller({ mounts: [{ guest: "/m", kind: "memory", quotaBytes: 100_000 }] });
    const code = codeOf(() => {
      for (let i = 0; i < 100; i += 1) guest.fs("symlink", "x".repeat(4000), `/m/l${i}`);
    });
    expect(code).toBe("ENOSPC");
  });
});
