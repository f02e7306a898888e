import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFile, compileProgram } from "./program.ts";

// A cell that notes which functions of its program were compiled, and leaves them as a code cache when it gets SIGUSR2.
// Bundled for the build alone: dist/cell-record.cjs.
const directory = path.dirname(fileURLToPath(import.meta.url));
const program = compileProgram(directory, true);
process.once("SIGUSR2", () => {
  const file = cacheFile(directory);
  writeFileSync(`${file}.new`, program.script.createCachedData());
  renameSync(`${file}.new`, file);
});
program.run();
