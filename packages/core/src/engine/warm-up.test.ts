import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Library, libraryDirectory } from "@vivarium/bridge/library";
import ivm from "isolated-vm";
import { describe, expect, it } from "vitest";
import { snapshotName } from "./engine.ts";
import { warmUpScript } from "./warm-up.ts";

describe("the snapshot's warm-up", () => {
  it("gets to the end of its program on the host it makes up, so that nothing stays uncompiled unnoticed", () => {
    const file = join(libraryDirectory, snapshotName());
    if (!existsSync(file)) throw new Error("the snapshot is not built: npm run build");
    const snapshot = new ivm.ExternalCopy(new Uint8Array(readFileSync(file)).buffer);
    const isolate = new ivm.Isolate({ snapshot });
    try {
      expect(isolate.createContextSync().evalSync(warmUpScript(new Library(libraryDirectory)))).toBe(0);
    } finally {
      isolate.dispose();
    }
  });
});
