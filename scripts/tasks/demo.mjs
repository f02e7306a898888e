// Builds what is needed and shows the main job: `npm run demo`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
await build();
const main = path.join(root, "scripts/demo/main.mjs");
// The SDK from its sources: what is shown is what the tests test.
const flags = ["--conditions=@vivarium/source", "--disable-warning=ExperimentalWarning"];
process.exitCode = spawnSync(process.execPath, [...flags, main], { cwd: root, stdio: "inherit" }).status ?? 1;
