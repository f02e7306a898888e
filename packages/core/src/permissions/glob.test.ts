import { describe, expect, it } from "vitest";
import { compileGlob, globProblem, isCanonicalPath } from "./glob.ts";

const matches = (pattern: string, path: string) => compileGlob(pattern).matches(path);

describe("compileGlob()", () => {
  it.each([
    ["/data", "/data", true],
    ["/data", "/data/x", false],
    ["/data", "/dat", false],
    ["/data/**", "/data", true],
    ["/data/**", "/data/x", true],
    ["/data/**", "/data/x/y/.z", true],
    ["/data/**", "/database", false],
    ["/data/**", "/", false],
    ["/**", "/", true],
    ["/**", "/a/b", true],
    ["/", "/", true],
    ["/", "/a", false],
    ["/*", "/a", true],
    ["/*", "/", false],
    ["/*", "/a/b", false],
    ["/data/*", "/data/.hidden", true],
    ["/data/*.txt", "/data/a.txt", true],
    ["/data/*.txt", "/data/a.txt.exe", false],
    ["/data/*.txt", "/data/sub/a.txt", false],
    ["/data/a?c", "/data/abc", true],
    ["/data/a?c", "/data/ac", false],
    ["/data/a?c", "/data/a/c", false],
    ["/data/?", "/data/\u{1F600}", true],
    ["/a/**/z", "/a/z", true],
    ["/a/**/z", "/a/b/c/z", true],
    ["/a/**/z", "/a/b/zz", false],
    ["/a/**/m/**/z", "/a/m/q/m/r/z", true],
    ["/a/**/m/**/z", "/a/q/r/z", false],
    ["/*/x/**", "/a/x", true],
    ["/*/x/**", "/a/x/y", true],
    ["/app/[slug].js", "/app/[slug].js", true],
    ["/app/[slug].js", "/app/s.js", false],
    ["/a/*b*c", "/a/xbybc", true],
    ["/a/*b*c", "/a/xbyb", false],
  ])("%s and %s: %s", (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it("refuses texts that are no pattern, with what to write instead", () => {
    expect(globProblem("data/**")).toContain("absolute");
    expect(globProblem("/data/")).toContain("/data/**");
    expect(globProblem("/data/../etc")).toContain("..");
    expect(globProblem("//data")).toContain("//");
    expect(globProblem("/data/x**")).toContain("whole component");
    expect(globProblem("/data/{a,b}")).toContain("braces");
    expect(() => compileGlob("data")).toThrow(RangeError);
  });

  it("costs a product of lengths on hostile names, not a power", () => {
    const glob = compileGlob("/*a*a*a*a*a*a*a*a*a*a*b");
    const tree = compileGlob("/**/a/**/a/**/a/**/a/**/a/**/b");
    const name = `/${"a".repeat(16_000)}`;
    const deep = "/a".repeat(8000);
    // Exponential or high-degree polynomial matching would not come back within the test's time limit.
    for (let i = 0; i < 50; i++) {
      expect(glob.matches(name)).toBe(false);
      expect(tree.matches(deep)).toBe(false);
    }
  });
});

describe("isCanonicalPath()", () => {
  it.each(["/", "/a", "/a/b", "/.a", "/..a", "/a./b..", "/..."])("accepts %j", (path) => {
    expect(isCanonicalPath(path)).toBe(true);
  });
  it.each(["", "a", "./a", "//", "/a/", "/a//b", "/.", "/..", "/a/.", "/a/..", "/a/./b", "/a/../b", "/a\0b"])(
    "refuses %j",
    (path) => {
      expect(isCanonicalPath(path)).toBe(false);
    },
  );
});
