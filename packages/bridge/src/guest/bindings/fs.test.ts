import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../testing/fs-differential.ts", import.meta.url));

type Line = readonly [name: string, shown: string];

/** What the cases print, on Node's own `fs` or on Node's `lib/fs.js` over our binding, each in a directory of its own. */
function observe(kind: "native" | "ours"): readonly Line[] {
  const directory = mkdtempSync(path.join(tmpdir(), "fs-binding-"));
  try {
    const flags = ["--expose-internals", "--no-warnings", "--experimental-strip-types"];
    const child = spawnSync(process.execPath, [...flags, program, kind], { cwd: directory, encoding: "utf8" });
    if (child.status !== 0) throw new Error(`${kind}: exit ${child.status}\n${child.stderr}`);
    const lines = child.stdout.trim().split("\n");
    return lines.map((line) => JSON.parse(line.replaceAll(directory, "<cwd>")) as Line);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe("internalBinding('fs') under Node's own lib/fs.js", () => {
  const native = observe("native");
  const ours = new Map(observe("ours"));

  it("runs every case", () => {
    expect(ours.size).toBe(native.length);
    expect(native.length).toBeGreaterThan(220);
  });

  it.each(native)("%s: as Node", (name, shown) => {
    expect(ours.get(name)).toBe(shown);
  });
});
