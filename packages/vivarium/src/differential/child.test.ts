import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { childPrograms } from "./child-programs.ts";
import { Differential } from "./differential.ts";

const read = (name: string): string => readFileSync(new URL(`programs/child/${name}`, import.meta.url), "utf8");
const files = { "run-command-lines.cjs": read("run-command-lines.cjs") };

// Starting processes takes a while where many tests run at once, and what two of them do at a time has no fixed order
// on a busy machine, on Node as here: such a program gets a second try.
describe("child processes", { timeout: 60_000, retry: 2 }, () => {
  const differential = new Differential({ compat: "full" });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it.each(Object.entries(childPrograms))("%s", async (_name, code) => {
    const { host, sandbox } = await differential.compare({ code });
    expect(sandbox).toEqual(host);
    expect(host.stdout).not.toBe("");
  });

  it.each([
    ["command-line-refused", "bad option"],
    ["command-line-options", "named"],
    ["command-line-main-script", "from stdin"],
    ["command-line-environment", "not allowed in NODE_OPTIONS"],
    ["shell", "not found"],
  ])("%s", async (name, text) => {
    const { host, sandbox } = await differential.compare({ code: read(`${name}.cjs`), name: `${name}.cjs`, files });
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain(text);
  });
});
