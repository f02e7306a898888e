// Builds and runs Node's own tests in the sandbox: `npm run conformance -- --suite DIR`; see scripts/conformance/main.mjs.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
await build();
const flags = ["--conditions=@vivarium/source", "--disable-warning=ExperimentalWarning"];
const main = path.join(root, "scripts/conformance/main.mjs");
process.exitCode =
  spawnSync(process.execPath, [...flags, main, ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1;
