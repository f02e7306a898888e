import { spawnSync } from "node:child_process";
import * as node from "node:fs";
import { join } from "node:path";
import type { Granted } from "@vivarium/core/cell";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caller, caller, codeOf, scratch, textOf, utf8 } from "./harness.ts";
import type { Place } from "./index.ts";

const O_RDONLY = 0;
const WRITE = 0o1101;
const SECRET = "the host's secret";
const HAS_FIFO = spawnSync("mkfifo", ["--version"]).status === 0;

describe("links that try to leave a host mount", () => {
  let host: ReturnType<typeof scratch>;
  let root: string;
  let outside: string;
  let guest: Caller;

  beforeEach(() => {
    host = scratch();
    root = join(host.path, "mount");
    outside = join(host.path, "outside");
    node.mkdirSync(join(root, "dir", "deep"), { recursive: true });
    node.mkdirSync(outside);
    node.writeFileSync(join(outside, "secret"), SECRET);
    node.writeFileSync(join(root, "own"), "own");
    guest = caller({ mounts: [{ guest: "/data", kind: "host", host: root, mode: "rw" }] });
  });

  afterEach(() => {
    guest[Symbol.dispose]();
    host[Symbol.dispose]();
  });

  const read = (path: string): string => textOf(guest.fs("readFile", path, O_RDONLY));
  const plant = (text: string, name: string): void => node.symlinkSync(text, join(root, name));
  const secretIsSafe = (path: string, code: string): void => {
    expect(codeOf(() => read(path))).toBe(code);
    expect(codeOf(() => guest.fs("stat", path))).toBe(code);
    expect(codeOf(() => guest.fs("realpath", path))).toBe(code);
    expect(guest.modules("stat", path)).toBe(-2);
  };

  it("an absolute link out is EACCES, whether or not its target exists", () => {
    plant(join(outside, "secret"), "there");
    plant(join(outside, "nothing"), "gone");
    plant(outside, "folder");
    secretIsSafe("/data/there", "EACCES");
    secretIsSafe("/data/gone", "EACCES");
    secretIsSafe("/data/folder/secret", "EACCES");
    expect(codeOf(() => guest.fs("readlink", "/data/there"))).toBe("EACCES");
    expect(guest.fs("lstat", "/data/there")[1]).toBe(0o120777);
  });

  it("a relative link out stops at the mount's root", () => {
    plant("../outside/secret", "up");
    plant("../../../../../../../../../../etc/passwd", "far");
    secretIsSafe("/data/up", "ENOENT");
    secretIsSafe("/data/far", "ENOENT");
    node.mkdirSync(join(root, "outside"));
    node.writeFileSync(join(root, "outside", "secret"), "decoy");
    expect(read("/data/up")).toBe("decoy");
    expect(guest.locate("/data/up").path).toBe("/data/outside/secret");
  });

  it("chains and nests of links gain nothing", () => {
    plant("two", "one");
    plant("dir/three", "two");
    plant("../../outside", "dir/three");
    secretIsSafe("/data/one/secret", "ENOENT");
    plant(outside, "dir/deep/four");
    plant("dir/deep", "five");
    secretIsSafe("/data/five/four/secret", "EACCES");
    secretIsSafe("/data/one/../../outside/secret", "ENOENT");
  });

  it("a name that only begins like the mount's directory is outside", () => {
    node.mkdirSync(`${root}-other`);
    node.writeFileSync(join(`${root}-other`, "secret"), SECRET);
    plant(join(`${root}-other`, "secret"), "sibling");
    plant(`${root}/../outside/secret`, "dotted");
    secretIsSafe("/data/sibling", "EACCES");
    secretIsSafe("/data/dotted", "ENOENT");
  });

  it("an absolute link that stays inside is followed, and shown as a guest path", () => {
    plant(join(root, "own"), "home");
    expect(read("/data/home")).toBe("own");
    expect(guest.fs("realpath", "/data/home")).toBe("/data/own");
    expect(guest.fs("readlink", "/data/home")).toBe("/data/own");
  });

  it("the guest cannot make a link that leads out, and one it makes inside works on both sides", () => {
    for (const text of [
      "/etc/passwd",
      "../outside/secret",
      "dir/../../outside/secret",
      join(outside, "secret"),
      "/tmp/x",
    ]) {
      expect(codeOf(() => guest.fs("symlink", text, "/data/trap"))).toBe("EACCES");
    }
    guest.fs("symlink", "/data/own", "/data/abs");
    expect([read("/data/abs"), guest.fs("readlink", "/data/abs")]).toEqual(["own", "/data/own"]);
    expect(node.readFileSync(join(root, "abs"), "utf8")).toBe("own");
  });

  it("a link moved to where its text leads out is walked by the same rules", () => {
    guest.fs("symlink", "../../own", "/data/dir/deep/l");
    guest.fs("rename", "/data/dir/deep/l", "/data/l");
    expect(read("/data/l")).toBe("own");
    guest.fs("symlink", "../../outside/secret", "/data/dir/deep/m");
    guest.fs("rename", "/data/dir/deep/m", "/data/dir/m");
    secretIsSafe("/data/dir/m", "ENOENT");
  });

  it("writing, creating, changing and removing never go through a link that leads out", () => {
    plant(join(outside, "secret"), "l");
    plant(outside, "d");
    const attempts = [
      () => guest.fs("writeFile", "/data/l", utf8("x"), WRITE, 0o666),
      () => guest.fs("writeFile", "/data/d/new", utf8("x"), WRITE, 0o666),
      () => guest.fs("mkdir", "/data/d/new", 0o777, true),
      () => guest.fs("chmod", "/data/l", 0),
      () => guest.fs("utimes", "/data/l", 1, 1),
      () => guest.fs("unlink", "/data/d/secret"),
      () => guest.fs("rm", "/data/d/secret", true),
      () => guest.fs("rename", "/data/own", "/data/d/own"),
      () => guest.fs("rename", "/data/d/secret", "/data/stolen"),
      () => guest.fs("link", "/data/d/secret", "/data/stolen"),
      () => guest.fs("copyFile", "/data/l", "/data/stolen", 0),
      () => guest.fs("copyFile", "/data/own", "/data/l", 0),
    ];
    expect(attempts.map(codeOf)).toEqual(attempts.map(() => "EACCES"));
    guest.fs("rm", "/data/d", true);
    guest.fs("unlink", "/data/l");
    expect(node.readdirSync(outside)).toEqual(["secret"]);
    expect(node.readFileSync(join(outside, "secret"), "utf8")).toBe(SECRET);
  });

  it("a hard link of a link to the outside is still only a link", () => {
    plant(join(outside, "secret"), "l");
    guest.fs("link", "/data/l", "/data/hard");
    secretIsSafe("/data/hard", "EACCES");
  });

  it("a mount root that is itself a link is resolved once, at the start", () => {
    const alias = join(host.path, "alias");
    node.symlinkSync(root, alias);
    using other = caller({ mounts: [{ guest: "/data", kind: "host", host: alias, mode: "ro" }] });
    node.symlinkSync(join(alias, "own"), join(root, "viaAlias"));
    node.unlinkSync(alias);
    node.symlinkSync(outside, alias);
    expect(codeOf(() => other.fs("readFile", "/data/secret", O_RDONLY))).toBe("ENOENT");
    expect(textOf(other.fs("readFile", "/data/viaAlias", O_RDONLY))).toBe("own");
  });

  it.skipIf(!HAS_FIFO)("a pipe in a mount is neither opened nor waited for (skipped without mkfifo)", () => {
    spawnSync("mkfifo", [join(root, "pipe")]);
    expect(guest.fs("stat", "/data/pipe")[1]).toBeGreaterThan(0);
    expect(codeOf(() => read("/data/pipe"))).toBe("EACCES");
    expect(codeOf(() => guest.fs("writeFile", "/data/pipe", utf8("x"), WRITE, 0o666))).toBe("EACCES");
  });
});

describe.skipIf(process.platform !== "linux")(
  "what is swapped between permission and use (skipped where paths cannot be verified)",
  () => {
    const setting = () => {
      const host = scratch();
      const root = join(host.path, "mount");
      const outside = join(host.path, "outside");
      node.mkdirSync(join(root, "dir"), { recursive: true });
      node.mkdirSync(outside);
      for (const [folder, text] of [
        [join(root, "dir"), "granted"],
        [outside, SECRET],
      ] as const)
        node.writeFileSync(join(folder, "f"), text);
      const guest = caller({ mounts: [{ guest: "/data", kind: "host", host: root, mode: "rw" }] });
      const locate = (path: string): readonly Granted<Place>[] => [{ located: guest.locate(path) } as Granted<Place>];
      const dispose = () => {
        guest[Symbol.dispose]();
        host[Symbol.dispose]();
      };
      return { root, outside, handlers: guest.files.handlers.fs, locate, [Symbol.dispose]: dispose };
    };

    it("a file swapped for a link is not opened", () => {
      using s = setting();
      const grants = s.locate("/data/dir/f");
      node.unlinkSync(join(s.root, "dir", "f"));
      node.symlinkSync(join(s.outside, "f"), join(s.root, "dir", "f"));
      expect(codeOf(() => s.handlers.readFile(grants, "/data/dir/f", O_RDONLY))).toBe("ELOOP");
      expect(codeOf(() => s.handlers.chmod(grants, "/data/dir/f", 0o777))).not.toBe("ok");
      expect(node.statSync(join(s.outside, "f")).mode & 0o777).not.toBe(0o777);
    });

    it("a directory swapped for a link redirects nothing", () => {
      using s = setting();
      const grants = s.locate("/data/dir/f");
      const fresh = s.locate("/data/dir/new");
      node.renameSync(join(s.root, "dir"), join(s.root, "moved"));
      node.symlinkSync(s.outside, join(s.root, "dir"));
      expect(codeOf(() => s.handlers.readFile(grants, "/data/dir/f", O_RDONLY))).toBe("EACCES");
      expect(codeOf(() => s.handlers.writeFile(grants, "/data/dir/f", utf8("x"), WRITE, 0o666))).toBe("EACCES");
      codeOf(() => s.handlers.writeFile(fresh, "/data/dir/new", utf8("x"), WRITE, 0o666));
      codeOf(() => s.handlers.unlink(grants, "/data/dir/f"));
      expect(node.readdirSync(s.outside)).toEqual(["f"]);
      expect(node.readFileSync(join(s.outside, "f"), "utf8")).toBe(SECRET);
    });

    it("a new file that turns up as a link before it is made is not written through", () => {
      using s = setting();
      const grants = s.locate("/data/dir/new");
      node.symlinkSync(join(s.outside, "f"), join(s.root, "dir", "new"));
      expect(codeOf(() => s.handlers.writeFile(grants, "/data/dir/new", utf8("x"), WRITE, 0o666))).toBe("EEXIST");
      expect(node.readFileSync(join(s.outside, "f"), "utf8")).toBe(SECRET);
    });

    it("a new file that turns up as a file is opened, as open(2) would", () => {
      using s = setting();
      const grants = s.locate("/data/dir/new");
      node.writeFileSync(join(s.root, "dir", "new"), "somebody else's");
      s.handlers.writeFile(grants, "/data/dir/new", utf8("mine"), WRITE, 0o666);
      expect(node.readFileSync(join(s.root, "dir", "new"), "utf8")).toBe("mine");
    });
  },
);
