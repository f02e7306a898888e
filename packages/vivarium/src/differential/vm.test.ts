import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

describe("vm contexts, with the native helper", () => {
  const differential = new Differential({ nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("scripts, functions, globals and errors of contexts are as on Node", async () => {
    const file = fileURLToPath(new URL("programs/vm/contexts.cjs", import.meta.url));
    const { host, sandbox } = await differential.compare({ file });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("then 7");
  });
});
