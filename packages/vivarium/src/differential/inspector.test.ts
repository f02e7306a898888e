import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { Differential } from "./differential.ts";

const program = (name: string) => ({ file: fileURLToPath(new URL(`programs/${name}`, import.meta.url)) });

describe.each([
  ["with the native helper", true],
  ["without the native helper", false],
] as const)("evaluation without side effects, %s", (_, nativeHelper) => {
  const differential = new Differential({ compat: "full", nativeHelper });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("gives the value, the error or V8's refusal, and runs nothing that has one", async () => {
    const { host, sandbox } = await differential.compare(program("inspector/quiet.cjs"));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("Possible side-effect in debug-evaluate");
  });

  it("is what the REPL shows before a line is entered", async () => {
    const { host, sandbox } = await differential.compare(program("inspector/previews.cjs"));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("// RangeError: r");
  });
});

describe("the inspector, with the native helper", () => {
  const differential = new Differential({ compat: "full", nativeHelper: true });
  afterAll(async () => {
    await differential.close();
    await closePool();
  });

  it("a session answers about its own isolate as on Node", async () => {
    const { host, sandbox } = await differential.compare(program("inspector/session.cjs"));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("paused in stops other 42");
  });

  it("the REPL previews and completes as on Node", async () => {
    const { host, sandbox } = await differential.compare(program("inspector/repl.cjs"));
    expect(sandbox).toEqual(host);
    expect(host.stdout).toContain("lexical");
  });
});
