// Builds and runs the benchmarks: `npm run bench [-- name ...]`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
await build();
const flags = ["--conditions=@vivarium/source", "--disable-warning=ExperimentalWarning"];
const main = path.join(root, "bench/main.mjs");
process.exitCode =
  spawnSync(process.execPath, [...flags, main, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ?? 1;
