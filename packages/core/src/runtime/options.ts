export { OptionsError } from "./options/error.ts";
export { resolveOsInfo, resolveProcessInfo } from "./options/identity.ts";
export {
  parseDriverOptions,
  parseExecOptions,
  parseProgram,
  parseRunOptions,
  parseRuntimeOptions,
} from "./options/parse.ts";
export type {
  ArtifactsOptions,
  BindingFunction,
  BindingTree,
  CommandExecutor,
  CommandRequest,
  CommandResult,
  ExecOptions,
  MemoryOptions,
  ModuleAccessOptions,
  MountOption,
  NodeDriverOptions,
  NodeRuntimeOptions,
  OnStdio,
  OsInfo,
  OsInfoOptions,
  PoolOptions,
  ProcessInfo,
  ProcessInfoOptions,
  RunOptions,
  RuntimeLogger,
  StdinOption,
  StdioEvent,
} from "./options/types.ts";
