import {
  type ExecResult,
  NodeRuntime,
  type NodeRuntimeOptions,
  type Outcome,
  type RunError,
  type RunUsage,
} from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";
import { type Diagnostic, syntaxDiagnostic } from "./diagnostics.ts";
import { type StripAnswer, stripProgram } from "./guest-program.ts";
import { splitSourceMap } from "./source-map.ts";

/** Heap limit of a compiler, MiB. */
const COMPILER_MEMORY_MIB = 512;
const DEFAULT_FILE = "/app/main.ts";

export interface CompileSourceOptions {
  readonly source: string;
  /** Where the source stands, for diagnostics and source maps. */
  readonly filePath?: string | undefined;
  /**
   * Rewrites enums, namespaces and parameter properties too, and returns a source map. Without it types become blanks,
   * so that every position stays; syntax that cannot be blanked out is a diagnostic.
   */
  readonly sourceMap?: boolean | undefined;
}

export interface CompileSourceResult {
  /** JavaScript came out. */
  readonly success: boolean;
  /** How the compiler's run ended: a limit it hit shows here, never as a diagnostic. */
  readonly outcome: Outcome;
  readonly outputText?: string | undefined;
  readonly sourceMapText?: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Why the compiler itself did not finish. */
  readonly error?: RunError | undefined;
  readonly usage: RunUsage;
}

/** TypeScript tools whose compiler runs inside a sandbox. Dispose them. */
export interface TypeScriptTools extends AsyncDisposable {
  /** Turns one TypeScript source into JavaScript without looking at types or other files. */
  compileSource(options: CompileSourceOptions): Promise<CompileSourceResult>;
}

const isAnswer = (value: unknown): value is StripAnswer => typeof value === "object" && value !== null && "ok" in value;

const unfinished = ({ outcome, error, usage }: ExecResult): CompileSourceResult => ({
  success: false,
  outcome,
  diagnostics: [],
  ...(error === undefined ? {} : { error }),
  usage,
});

/**
 * Makes tools with a sandbox of their own; without `options.driver` it sees no files at all.
 * @throws OptionsError
 */
export function createTypeScriptTools(options: NodeRuntimeOptions = {}): TypeScriptTools {
  const runtime = new NodeRuntime({
    ...options,
    driver: options.driver ?? createNodeDriver({ moduleAccess: false }),
    limits: { memoryMiB: COMPILER_MEMORY_MIB, ...options.limits },
  });
  return {
    async compileSource({ source, filePath = DEFAULT_FILE, sourceMap = false }) {
      const result = await runtime.run(stripProgram({ source, filePath, transform: sourceMap }));
      const { exports: answer, outcome, usage } = result;
      if (outcome !== "exit" || result.code !== 0 || !isAnswer(answer)) return unfinished(result);
      if (!answer.ok) return { success: false, outcome, diagnostics: [syntaxDiagnostic(answer, filePath)], usage };
      const { text, map } = splitSourceMap(answer.text);
      return {
        success: true,
        outcome,
        outputText: text,
        ...(map === undefined ? {} : { sourceMapText: map }),
        diagnostics: [],
        usage,
      };
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  };
}
