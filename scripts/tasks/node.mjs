// Runs a program of yours with the workspace's Node, from the folder npm was called in: `npm run node -- program.ts`.
import { spawnSync } from "node:child_process";
import { build } from "./build.mjs";

await build();
const cwd = process.env.VIVARIUM_CWD ?? process.cwd();
process.exitCode = spawnSync(process.execPath, process.argv.slice(2), { cwd, stdio: "inherit" }).status ?? 1;
