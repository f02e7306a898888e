import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../errors/failure.ts";
import { compilePermissions } from "./authority.ts";
import { fsCure } from "./cure.ts";
import { compilePathRules } from "./path-rules.ts";
import type { Decision } from "./requests.ts";

const authority = compilePermissions({ fs: { read: ["/data/**", "/etc/hosts", "/caf\u00e9/**"], write: [] } }, () => ({
  allow: true,
}));
const reads = (path: string): boolean => {
  try {
    authority.grantFs({ domain: "fs", op: "read", path, follow: true }, { path, overlay: false, failure: undefined });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(SyscallFailure);
    return false;
  }
};

describe("paths that try to pass for an allowed one", () => {
  it("the plain path is allowed, so that what follows shows something", () => {
    expect(reads("/data/x")).toBe(true);
    expect(reads("/etc/hosts")).toBe(true);
    expect(reads("/caf\u00e9/x")).toBe(true);
  });

  it.each([
    ["parent", "/data/../etc/shadow"],
    ["parent at the end", "/data/.."],
    ["parent inside", "/data/x/../../etc/shadow"],
    ["dot", "/data/./x"],
    ["double slash", "/data//x"],
    ["leading double slash", "//data/x"],
    ["trailing slash", "/data/x/"],
    ["relative", "data/x"],
    ["empty", ""],
    ["NUL", "/data/x\0.png"],
    ["NUL before the match", "/etc/shadow\0/data/x"],
    ["upper case", "/DATA/x"],
    ["percent-encoded folder", "/%64ata/x"],
    ["encoded parent beside", "/data%2f..%2fetc"],
    ["backslash", "\\data\\x"],
    ["sibling with the same start", "/database/x"],
    ["sibling with the same start, dot", "/data.bak"],
    ["full-width slash", "/data\uff0fx"],
    ["division slash", "/data\u2215x"],
    ["file URL", "file:///data/x"],
    ["space after", "/etc/hosts "],
    ["below a literal", "/etc/hosts/x"],
    ["beside a literal", "/etc/hosts2"],
    ["decomposed accent", "/cafe\u0301/x"],
    ["zero-width joiner", "/da\u200dta/x"],
    ["right-to-left mark", "/\u202edata/x"],
    ["Cyrillic a", "/d\u0430ta/x"],
    ["the pattern itself elsewhere", "/x/data/**"],
  ])("%s", (_name, path) => {
    expect(reads(path)).toBe(false);
  });

  it("names that only look like escapes stay names below the folder", () => {
    for (const path of [
      "/data/..x",
      "/data/...",
      "/data/%2e%2e",
      "/data/..%2f..",
      "/data/\\..\\x",
      "/data/~",
      "/data/**",
    ])
      expect(reads(path), path).toBe(true);
  });

  it("matching keeps no memory of denials and little of grants", () => {
    const rules = compilePathRules(["/data/**"]);
    for (let i = 0; i < 20_000; i++) {
      expect(rules.match(`/data/${i}`)).toBe("/data/**");
      expect(rules.match(`/etc/${i}`)).toBeUndefined();
    }
    expect(rules.match("/etc/1")).toBeUndefined();
  });
});

describe("paths that try to speak through the log", () => {
  it("a cure never holds control, bidi or zero-width characters", () => {
    const evil = "/a\n\u001b[2J\u009b\u202e\u2066\u200b\u2028\ufeff\ud800";
    expect(fsCure("read", evil)).toMatch(/^[\x20-\x7e]*$/);
    expect(fsCure("read", evil)).not.toContain("--allow");
  });

  it("the flag is quoted for a shell", () => {
    expect(fsCure("write", "/a b;$(rm)")).toBe(`permissions.fs.write: ["/a b;$(rm)"] (--allow-fs-write='/a b;$(rm)')`);
    expect(fsCure("write", "/it's")).toContain(`'/it'\\''s'`);
    expect(fsCure("write", "/a,/etc")).not.toContain("--allow");
  });

  it("a decision keeps the exact resource as data", () => {
    const log: Decision[] = [];
    const denied = compilePermissions({}, () => ({ allow: true }), { onDecision: (decision) => log.push(decision) });
    const path = "/a\nb";
    expect(() =>
      denied.grantFs({ domain: "fs", op: "read", path, follow: true }, { path, overlay: false, failure: undefined }),
    ).toThrow(SyscallFailure);
    expect(log[0]?.resource).toBe(path);
  });
});
