import { stripTypeScriptTypes } from "node:module";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { syntaxDiagnostic } from "./diagnostics.ts";
import { stripProgram } from "./guest-program.ts";
import { splitSourceMap } from "./source-map.ts";

/** Runs the guest half on this Node, whose library is the sandbox's. */
function onHost(source: string, transform = false): Record<string, unknown> {
  const module = { exports: {} };
  const process = { removeAllListeners() {} };
  runInNewContext(stripProgram({ source, filePath: "/app/a.ts", transform }), {
    module,
    process,
    require: () => ({ stripTypeScriptTypes }),
  });
  return { ...module.exports };
}

const diagnose = (source: string) => {
  const answer = onHost(source) as { ok: false; code: string; message: string; stack: string };
  return syntaxDiagnostic(answer, "/app/a.ts");
};

describe("the guest half", () => {
  it("blanks types out, so that positions stay", () => {
    expect(onHost("const a: number = 1;\nexport type T = string;\nlet b = a as any;")).toEqual({
      ok: true,
      text: "const a         = 1;\n                       \nlet b = a       ;",
    });
  });

  it("takes source text as data, whatever it holds", () => {
    const source = "const a: string = '\u2028 $\u007b1} `\\` </script>';";
    expect(onHost(source).text).toBe(source.replace(": string", "        "));
  });

  it("reports syntax that is no TypeScript, with its place", () => {
    expect(diagnose("let a = 1;\nconst x: number = ;")).toMatchObject({
      code: "ERR_INVALID_TYPESCRIPT_SYNTAX",
      category: "error",
      message: "Expression expected",
      filePath: "/app/a.ts",
      line: 2,
      column: 19,
    });
  });

  it("reports syntax that is more than types, with its place", () => {
    expect(diagnose("  enum A { B }")).toMatchObject({ code: "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", line: 1, column: 3 });
  });

  it("rewrites enums when asked to transform, with a source map", () => {
    const { text, map } = splitSourceMap(String(onHost("enum A { B = 3 }\nconst x: number = A.B;", true).text));
    expect(runInNewContext(`${text}; x`)).toBe(3);
    expect(JSON.parse(map ?? "")).toMatchObject({ version: 3, sources: ["/app/a.ts"] });
    expect(text).not.toContain("sourceMappingURL");
  });
});
