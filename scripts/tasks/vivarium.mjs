// Builds and runs the command from the folder npm was called in: `npm run vivarium -- run file.js`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
await build();
const cli = path.join(root, "packages/vivarium/dist/cli.js");
const cwd = process.env.VIVARIUM_CWD ?? process.cwd();
process.exitCode = spawnSync(process.execPath, [cli, ...process.argv.slice(2)], { cwd, stdio: "inherit" }).status ?? 1;
