// Builds, checks and tests everything: `npm test`. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { check } from "./check.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

function run(command, args) {
  const child = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (child.status !== 0) process.exit(child.status ?? 1);
}

await build();
if (process.argv.length === 2) check();
run(process.execPath, [path.join(root, "node_modules/vitest/vitest.mjs"), "run", ...process.argv.slice(2)]);
if (process.argv.length === 2) run(process.execPath, [path.join(root, "fixtures/project-matrix/runner/matrix.mjs")]);
