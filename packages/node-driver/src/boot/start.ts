import path from "node:path";
import { fileURLToPath } from "node:url";
import { compileProgram } from "./program.ts";

// What the supervisor starts as a cell: dist/cell.cjs.
compileProgram(path.dirname(fileURLToPath(import.meta.url))).run();
