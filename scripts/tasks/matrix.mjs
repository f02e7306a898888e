// Builds and runs the project matrix; arguments go to its runner.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
await build();
const runner = path.join(root, "fixtures/project-matrix/runner/matrix.mjs");
process.exitCode =
  spawnSync(process.execPath, [runner, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ?? 1;
