import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { type Case, readCases } from "./cases.ts";
import { Differential } from "./differential.ts";

/** Declares one test a case: host Node and the sandbox print the same bytes and end the same way. */
export function compareCases(modules: readonly string[]): void {
  const differential = new Differential({ compat: "full", nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  describe.each(modules)("%s", (module) => {
    const cases = readCases(module).map((of): [string, Case] => [of.title, of]);
    // Two processes at a time on a busy machine, one of which is host Node: what is late once gets a second try.
    it.each(cases)("%s", { retry: 1 }, async (_title, program) => {
      const { host, sandbox } = await differential.compare(program, program.args);
      expect(sandbox).toEqual(host);
      expect(host.stdout + host.stderr).not.toBe("");
    });
  });
}
