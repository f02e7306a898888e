import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { type Case, readCases } from "./cases.ts";
import { Differential } from "./differential.ts";
import { PATCH_DIFFERENCES } from "./patch-differences.ts";

/**
 * Declares one test a case: host Node and the sandbox print the same bytes and end the same way. Without the native
 * helper that holds but for what `PATCH_DIFFERENCES` lists, and what it lists does differ.
 */
export function compareCases(modules: readonly string[], { nativeHelper = true } = {}): void {
  const differential = new Differential({ compat: "full", nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  describe.each(modules)("%s", (module) => {
    const cases = readCases(module).map((of): [string, Case] => [of.title, of]);
    const differences = nativeHelper ? {} : (PATCH_DIFFERENCES[module as keyof typeof PATCH_DIFFERENCES] ?? {});
    // Two processes at a time on a busy machine, one of which is host Node: what is late once gets a second try.
    it.each(cases)("%s", { retry: 1 }, async (title, program) => {
      const { host, sandbox } = await differential.compare(program, program.args);
      if (differences[title] === undefined) expect(sandbox).toEqual(host);
      else expect(sandbox, `no longer: ${differences[title]}`).not.toEqual(host);
      expect(host.stdout + host.stderr).not.toBe("");
    });
  });
}
