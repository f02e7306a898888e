// Everything that is checked without running the product: types and package boundaries, lint and format, unused code.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const CHECKS = [
  ["types", "tsc", ["--build"]],
  ["lint", "biome", ["ci", "--error-on-warnings", "--diagnostic-level=warn"]],
  ["unused", "knip", []],
];

export function check() {
  for (const [name, command, args] of CHECKS) {
    const started = performance.now();
    const child = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
    if (child.status !== 0) throw new Error(`check failed: ${name} (${command} ${args.join(" ")})`);
    process.stderr.write(`checked ${name} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) check();
