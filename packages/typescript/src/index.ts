export type { Diagnostic } from "./diagnostics.ts";
export {
  type CompileSourceOptions,
  type CompileSourceResult,
  createTypeScriptTools,
  type TypeScriptTools,
} from "./tools.ts";
