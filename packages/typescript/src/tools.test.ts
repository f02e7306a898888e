import { closePool } from "@vivarium/core";
import { afterAll, describe, expect, it } from "vitest";
import { createTypeScriptTools } from "./tools.ts";

afterAll(closePool);

describe("createTypeScriptTools", () => {
  it("compileSource() strips types inside a sandbox", async () => {
    await using tools = createTypeScriptTools();
    expect(await tools.compileSource({ source: "export const a: number = 1;" })).toMatchObject({
      success: true,
      outcome: "exit",
      outputText: "export const a         = 1;",
      diagnostics: [],
    });
  });

  it("compileSource() reports a syntax error with its place", async () => {
    await using tools = createTypeScriptTools();
    const { success, diagnostics } = await tools.compileSource({
      source: "let a = 1;\nconst x: number = ;",
      filePath: "/src/x.ts",
    });
    expect(success).toBe(false);
    expect(diagnostics).toEqual([
      {
        code: "ERR_INVALID_TYPESCRIPT_SYNTAX",
        category: "error",
        message: "Expression expected",
        filePath: "/src/x.ts",
        line: 2,
        column: 19,
      },
    ]);
  });

  it("a limit is an outcome, not a diagnostic", async () => {
    await using tools = createTypeScriptTools({ limits: { cpuTimeMs: 1 } });
    expect(await tools.compileSource({ source: "let a: number = 1;".repeat(10_000) })).toMatchObject({
      success: false,
      outcome: "timeout",
      diagnostics: [],
      error: { message: "CPU time limit exceeded" },
    });
  });
});
