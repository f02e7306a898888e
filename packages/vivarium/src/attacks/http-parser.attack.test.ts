import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Differential } from "../differential/differential.ts";
import { closePool } from "../index.ts";

const program = (name: string) => ({
  file: fileURLToPath(new URL(`../differential/programs/net/${name}`, import.meta.url)),
});

describe("an HTTP parser under attack", () => {
  const differential = new Differential({ compat: "full", nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each([
    ["tells of 3000 broken messages what Node's tells", "http-parser.cjs", "HPE_CR_EXPECTED"],
    [
      "refuses smuggling, splitting, floods and slowness where Node does",
      "http-hostile.cjs",
      "ERR_HTTP_REQUEST_TIMEOUT",
    ],
  ] as const)("%s", async (_fact, name, printed) => {
    const { host, sandbox } = await differential.compare(program(name));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(printed);
    expect(host.stderr).toBe("");
  });
});
