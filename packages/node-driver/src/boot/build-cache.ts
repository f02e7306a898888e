import { once } from "node:events";
import { existsSync, globSync, rmSync, watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { NodeRuntime } from "@vivarium/core";
import { createNodeDriver } from "../driver.ts";
import { cacheFile } from "./program.ts";

// Run by the build: runs a program in a cell that records, so that other cells need not compile what every run uses.

const PROGRAM = `
const fs = require("node:fs");
fs.writeFileSync("/file", "text"); fs.readFileSync("/file", "utf8"); fs.statSync("/file"); fs.existsSync("/none");
fs.promises.readFile("/file").then((data) => console.log(data.length));
setTimeout(() => {}, 1);
module.exports = 42;
`;

const directory = fileURLToPath(new URL("../../dist", import.meta.url));
const file = cacheFile(directory);
for (const old of globSync(path.join(directory, "cell-program-*.cache"))) rmSync(old);

const pids: number[] = [];
const nothing = () => {};
const debug = (facts: { pid?: number }): void => {
  if (facts.pid !== undefined) pids.push(facts.pid);
};
const driver = createNodeDriver(
  { moduleAccess: false, permissions: { fs: true } },
  { cellEntry: path.join(directory, "cell-record.cjs") },
);
const logger = { debug, info: nothing, warn: nothing, error: nothing };
const runtime = new NodeRuntime({ driver, pool: { size: 0 }, onStdio: nothing, logger });
const { code, error } = await runtime.run(PROGRAM, { filePath: "/app/main.cjs" });
if (code !== 0) throw new Error(`the program to record ended with ${code}: ${error?.stack}`);
const watcher = watch(directory);
process.kill(pids[0] ?? 0, "SIGUSR2");
while (!existsSync(file)) await once(watcher, "change");
watcher.close();
await runtime.dispose();
