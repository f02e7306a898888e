import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePool, NodeRuntime } from "@vivarium/core";
import { afterAll, expect } from "vitest";
import { createNodeDriver } from "../driver.ts";

const directory = mkdtempSync(join(tmpdir(), "crypto-"));

afterAll(async () => {
  rmSync(directory, { recursive: true });
  await closePool();
});

/** What a program prints on Node, its folder shown as the guest's. */
export function onNode(source: string): string {
  const file = join(directory, "program.cjs");
  writeFileSync(file, source);
  const printed = execFileSync(process.execPath, ["--no-warnings", file], { encoding: "utf8", maxBuffer: 1 << 26 });
  return printed.replaceAll(directory, "/app");
}

export async function inSandbox(source: string, compat: "baseline" | "full" = "full"): Promise<string> {
  await using runtime = new NodeRuntime({ driver: createNodeDriver({ moduleAccess: false }), compat });
  const printed: Uint8Array[] = [];
  const { code, outcome } = await runtime.exec(source, {
    filePath: "/app/program.cjs",
    onStdio: ({ data }) => void printed.push(data.slice()),
  });
  const text = Buffer.concat(printed).toString();
  expect({ code, outcome }, text).toEqual({ code: 0, outcome: "exit" });
  return text;
}
