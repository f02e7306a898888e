import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";

/** The cell's program as the build bundled it, compiled, and the way to start it. */
export interface Program {
  readonly script: Script;
  run(): void;
}

type ProgramFunction = (require: NodeJS.Require, filename: string) => void;

/** V8 takes a code cache of another build or other flags for none; the name keeps those of several Nodes apart. */
export const cacheFile = (directory: string): string =>
  path.join(directory, `cell-program-${process.version}-${process.platform}-${process.arch}.cache`);

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Compiles the program in `directory`, with the code cache beside it unless `isFresh`. Only our own build writes that
 * cache: it deserves the trust of the program itself (docs/adr/0004).
 */
export function compileProgram(directory: string, isFresh = false): Program {
  const filename = path.join(directory, "cell-program.cjs");
  // esbuild leaves ASCII; read as such, V8 holds it in one byte a character.
  const source = `(function (require, __filename) {${readFileSync(filename, "latin1")}\n})`;
  const cachedData = isFresh ? undefined : readIfThere(cacheFile(directory));
  const script = new Script(source, { filename, cachedData });
  return {
    script,
    run: () => (script.runInThisContext() as ProgramFunction)(createRequire(filename), filename),
  };
}
