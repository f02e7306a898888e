import type { FsNeed, FsOp } from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../errors/failure.ts";
import { type Authority, compilePermissions } from "./authority.ts";
import type { TreeLocated } from "./fs-judge.ts";
import type { Answer, Decision, PermissionRequest } from "./requests.ts";
import type { WirePermissions } from "./rules.ts";

const never = (): Answer => {
  throw new Error("asked");
};
const at = (path: string, more: Partial<TreeLocated> = {}): TreeLocated => ({
  path,
  overlay: false,
  failure: undefined,
  ...more,
});
const need = (op: FsOp, path: string): FsNeed => ({ domain: "fs", op, path, follow: true });

const failureOf = (run: () => unknown): SyscallFailure | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof SyscallFailure) return error;
    throw error;
  }
  return undefined;
};
const allows = (authority: Authority, op: FsOp, path: string, more?: Partial<TreeLocated>): boolean =>
  failureOf(() => authority.grantFs(need(op, path), at(path, more))) === undefined;

const rules = (read: readonly string[], write: readonly string[] = []): WirePermissions => ({ fs: { read, write } });
const LOOKS: readonly FsOp[] = ["read", "stat", "readdir", "readlink"];
const CHANGES: readonly FsOp[] = [
  "write",
  "mkdir",
  "rm",
  "rename",
  "link",
  "symlink",
  "copy",
  "chmod",
  "chown",
  "utimes",
  "truncate",
];

describe("compilePermissions(): files", () => {
  it("denies everything when the domain is missing", () => {
    const authority = compilePermissions({}, never);
    for (const op of [...LOOKS, ...CHANGES]) expect(allows(authority, op, "/data/x"), op).toBe(false);
  });

  it("read covers every look and no change", () => {
    const authority = compilePermissions(rules(["/data/**"]), never);
    for (const op of LOOKS) expect(allows(authority, op, "/data/x"), op).toBe(true);
    for (const op of CHANGES) expect(allows(authority, op, "/data/x"), op).toBe(false);
  });

  it("write covers every change and no look", () => {
    const authority = compilePermissions(rules([], ["/data/**"]), never);
    for (const op of LOOKS) expect(allows(authority, op, "/data/x"), op).toBe(false);
    for (const op of CHANGES) expect(allows(authority, op, "/data/x"), op).toBe(true);
  });

  it("decides by the canonical path, not by the one the guest wrote", () => {
    const authority = compilePermissions(rules(["/data/**"]), never);
    expect(failureOf(() => authority.grantFs(need("read", "/data/link"), at("/etc/passwd")))?.code).toBe("EACCES");
    expect(authority.grantFs(need("read", "/link"), at("/data/x")).located.path).toBe("/data/x");
  });

  it("a denial is EACCES with the sandbox's own code, and the grant carries need and place", () => {
    const authority = compilePermissions(rules(["/data/**"]), never);
    expect(failureOf(() => authority.grantFs(need("read", "/x"), at("/x")))).toMatchObject({
      code: "EACCES",
      sandboxCode: "ERR_SANDBOX_FS_DENIED",
    });
    const place = at("/data/x");
    const wanted = need("read", "/data/x");
    expect(authority.grantFs(wanted, place)).toEqual({ need: wanted, located: place });
  });

  it("moving or linking a file away needs read as well as write at its source", () => {
    const authority = compilePermissions(rules(["/open/**"], ["/open/**", "/drop/**"]), never);
    const move = (op: "rename" | "link", from: string, to: string) =>
      failureOf(() => authority.grantAll([need(op, from), need(op, to)], [at(from), at(to)]))?.code;
    expect(move("rename", "/drop/a", "/open/a")).toBe("EACCES");
    expect(move("link", "/drop/a", "/open/a")).toBe("EACCES");
    expect(move("rename", "/open/a", "/drop/a")).toBeUndefined();
    expect(move("rename", "/open/a", "/open/b")).toBeUndefined();
  });

  it("removing or renaming a directory needs rules for all it holds", () => {
    const authority = compilePermissions(rules(["/a/**"], ["/a", "/a/sub/**", "/a/file"]), never);
    const directory = { directory: true };
    expect(allows(authority, "rm", "/a", directory)).toBe(false);
    expect(allows(authority, "rm", "/a/sub", directory)).toBe(true);
    expect(allows(authority, "rm", "/a/file", { directory: false })).toBe(true);
    expect(
      failureOf(() => authority.grantFs({ ...need("rm", "/a"), subtree: false }, at("/a", directory))),
    ).toBeUndefined();
    expect(failureOf(() => authority.grantFs({ ...need("rm", "/a"), subtree: true }, at("/a")))?.code).toBe("EACCES");
    const ends = [at("/a/sub", directory), at("/a/file")];
    expect(failureOf(() => authority.grantAll([need("rename", "/a/sub"), need("rename", "/a/file")], ends))?.code).toBe(
      "EACCES",
    );
  });

  it("remembers rules' answers without mixing up read and write", () => {
    const authority = compilePermissions(rules(["/r/**"], ["/w/**"]), never);
    for (let i = 0; i < 3; i++) {
      expect(allows(authority, "read", "/r/x")).toBe(true);
      expect(allows(authority, "write", "/r/x")).toBe(false);
      expect(allows(authority, "write", "/w/x")).toBe(true);
      expect(allows(authority, "read", "/w/x")).toBe(false);
    }
  });
});

describe("compilePermissions(): functions", () => {
  it("asks with the whole request, every time, and passes the reason to the log", () => {
    const asked: PermissionRequest[] = [];
    const log: Decision[] = [];
    const answers = [true, true, false];
    const ask = (request: PermissionRequest): Answer => {
      asked.push(request);
      return { allow: answers[asked.length - 1] === true, reason: "because" };
    };
    const authority = compilePermissions({ fs: { ask: true } }, ask, { onDecision: (decision) => log.push(decision) });
    authority.grantAll([need("rename", "/a"), need("rename", "/b")], [at("/real/a"), at("/real/b")]);
    expect(failureOf(() => authority.grantFs(need("stat", "/c"), at("/real/c")))?.code).toBe("EACCES");
    expect(asked).toEqual([
      { domain: "fs", op: "rename", access: "write", path: "/real/a", to: "/real/b", subtree: false },
      { domain: "fs", op: "rename", access: "write", path: "/real/b", from: "/real/a", subtree: false },
      { domain: "fs", op: "stat", access: "read", path: "/real/c", subtree: false },
    ]);
    expect(log[2]).toEqual({
      domain: "fs",
      op: "stat",
      resource: "/real/c",
      allowed: false,
      rule: "function",
      cure: "return true from the function permissions.fs",
      reason: "because",
    });
  });

  it("two rights on one path are not two ends", () => {
    const asked: PermissionRequest[] = [];
    const authority = compilePermissions({ fs: { ask: true } }, (request) => {
      asked.push(request);
      return { allow: true };
    });
    authority.grantAll([need("read", "/a"), need("write", "/a")], [at("/a"), at("/a")]);
    expect(asked).toEqual([
      { domain: "fs", op: "read", access: "read", path: "/a", subtree: false },
      { domain: "fs", op: "write", access: "write", path: "/a", subtree: false },
    ]);
  });

  it("takes nothing but true for yes", () => {
    for (const allow of [1, "true", {}, undefined, null]) {
      const ask = () => ({ allow }) as unknown as Answer;
      expect(allows(compilePermissions({ fs: { ask: true } }, ask), "read", "/x"), String(allow)).toBe(false);
    }
  });
});

describe("compilePermissions(): modules, commands, bindings, log", () => {
  it("the loader reads the overlay freely, elsewhere under fs.read, and never writes to the log", () => {
    const log: Decision[] = [];
    const authority = compilePermissions(rules(["/app/**"]), never, { onDecision: (decision) => log.push(decision) });
    const module = (path: string, overlay: boolean) =>
      failureOf(() => authority.grantModule({ domain: "module", path, follow: true }, at(path, { overlay })))?.code;
    expect(module("/elsewhere/node_modules/x", true)).toBeUndefined();
    expect(module("/app/index.js", false)).toBeUndefined();
    expect(module("/etc/index.js", false)).toBe("EACCES");
    expect(log).toEqual([]);
  });

  it("the overlay is not free for fs itself", () => {
    expect(allows(compilePermissions({}, never), "read", "/app/node_modules/x", { overlay: true })).toBe(false);
  });

  it("commands match exactly as written", () => {
    const authority = compilePermissions({ childProcess: { commands: ["git"] } }, never);
    const run = (command: string) =>
      failureOf(() => authority.grantCommand({ domain: "childProcess", command, args: [] }))?.sandboxCode;
    expect(run("git")).toBeUndefined();
    for (const command of ["/usr/bin/git", "./git", "GIT", "git ", "git.exe", "sh", ""])
      expect(run(command), command).toBe("ERR_SANDBOX_CHILD_PROCESS_DENIED");
  });

  it("a command function sees command, arguments and directory", () => {
    const asked: PermissionRequest[] = [];
    const authority = compilePermissions({ childProcess: { ask: true } }, (request) => {
      asked.push(request);
      return { allow: true };
    });
    authority.grantCommand({ domain: "childProcess", command: "git", args: ["log"] }, { cwd: "/app" });
    expect(asked).toEqual([{ domain: "childProcess", op: "spawn", command: "git", args: ["log"], cwd: "/app" }]);
  });

  it("bindings follow their own rule", () => {
    const authority = compilePermissions({ bindings: ["tools.search"] }, never);
    expect(failureOf(() => authority.checkBinding("tools.search"))).toBeUndefined();
    expect(failureOf(() => authority.checkBinding("tools.delete"))?.sandboxCode).toBe("ERR_SANDBOX_BINDING_DENIED");
  });

  it("each decision names its rule, each denial its option and flag", () => {
    const log: Decision[] = [];
    const authority = compilePermissions(rules(["/data/**"]), never, { onDecision: (decision) => log.push(decision) });
    allows(authority, "read", "/data/x");
    allows(authority, "readdir", "/etc");
    allows(authority, "write", "/data/x");
    expect(log).toEqual([
      { domain: "fs", op: "read", resource: "/data/x", allowed: true, rule: "/data/**", cure: "" },
      {
        domain: "fs",
        op: "readdir",
        resource: "/etc",
        allowed: false,
        rule: "no rule",
        cure: 'permissions.fs.read: ["/etc"] (--allow-fs-read=/etc)',
      },
      {
        domain: "fs",
        op: "write",
        resource: "/data/x",
        allowed: false,
        rule: "no rule",
        cure: 'permissions.fs.write: ["/data/x"] (--allow-fs-write=/data/x)',
      },
    ]);
  });
});
