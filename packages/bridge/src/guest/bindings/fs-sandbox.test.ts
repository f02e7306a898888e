import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../testing/fs-sandbox.ts", import.meta.url));
const flags = ["--expose-internals", "--no-warnings", "--experimental-strip-types"];

/** Runs the probes in a process that has Node's internals. */
function observe(): Record<string, unknown> {
  const child = spawnSync(process.execPath, [...flags, program], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`exit ${child.status}\n${child.stderr}`);
  return JSON.parse(child.stdout) as Record<string, unknown>;
}

describe("what of internalBinding('fs') is the sandbox's own", () => {
  const seen = observe();

  it("writes to 1 and 2 go to the standard streams, whole", () => {
    expect(seen.written).toEqual([
      [1, 3, "one"],
      [2, 3, "two"],
      ...Array(4).fill([1, 256 * 1024, "aaa"]),
      [1, 5, "aaaaa"],
    ]);
    expect(seen.counts).toEqual([3, 3, 1024 * 1024 + 5]);
  });

  it("a synchronous read of 0 takes input until its end", () => {
    expect(seen.input).toEqual(["hello", ""]);
    expect(seen.inputFile).toBe("all of it");
  });

  it("an asynchronous read of 0 keeps the program alive while it waits and no longer", () => {
    expect(seen.waited).toEqual({ before: 1, after: 0, result: [null, 2, "la"], promised: "ter" });
  });

  it("0, 1 and 2 refuse what streams cannot do", () => {
    expect(seen.streamFailures).toEqual(["EBADF", "EBADF", "ESPIPE", "ESPIPE", "EINVAL", "EINVAL", "EPERM"]);
  });

  it("fstat tells what is behind a standard stream", () => {
    expect(seen.streamKinds).toEqual({ fifo: true, file: true, closed: "EBADF" });
  });

  it("a denial is an EACCES of Node's shape with the sandbox's reason out of sight", () => {
    expect(seen.denied).toEqual({
      message: "EACCES: permission denied, open '/secret'",
      keys: ["errno", "code", "syscall", "path"],
      sandboxCode: "ERR_SANDBOX_FS_DENIED",
    });
  });

  it("a used-up budget keeps its own code and text, also in the old way of failing", () => {
    expect(seen.budget).toEqual(["ERR_SANDBOX_BUDGET_EXCEEDED", "stdioBytes is used up"]);
  });

  it("a file too large for one payload is read in pieces", () => {
    expect(seen.pieces).toEqual([true, true]);
  });

  it("the umask takes bits from what is made", () => {
    expect(seen.modes).toEqual([0o640, 0o750, 0o600]);
  });

  it("every function of Node's binding is there, looking as Node's do", () => {
    expect(seen.missing).toEqual([]);
    expect(seen.lengths).toEqual([]);
  });

  it("internalModuleStat, the loader's fs and the entry's source go by modules syscalls", () => {
    expect(seen.modules).toEqual({
      stats: [0, 1, -2, 0, -2],
      entry: "entry code",
      entryBytes: "entry code",
      entryPath: "/virtual/entry.js",
      missing: ["ENOENT: no such file or directory, open '/nope'", "ENOENT", "open", "/nope"],
      directory: "EISDIR: illegal operation on a directory, read",
      addon: [
        "native add-ons cannot run in the sandbox: some-addon; use some-pure-package",
        "ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED",
      ],
      patched: ["patched /x.js utf8", "patched /x.js"],
      mains: [1, 7, "Cannot find package '/nope/x' imported from /base.js"],
      formats: [0, 0],
    });
  });

  it("tty_wrap tells what is a terminal and holds none", () => {
    expect(seen.tty).toEqual([
      false,
      false,
      false,
      { errno: -22, code: "EINVAL", message: "invalid argument", syscall: "uv_tty_init" },
    ]);
  });
});
