export type { Outcome } from "./channel/messages.ts";
export type { LimitName, LimitOptions, Limits } from "./limits/index.ts";
export { limitTable } from "./limits/index.ts";
export { quote } from "./permissions/cure.ts";
export {
  allowAll,
  allowAllChildProcess,
  allowAllEnv,
  allowAllFs,
  allowAllNetwork,
  type BindingRequest,
  type ChildProcessRequest,
  type ChildProcessRules,
  type Decision,
  type EnvRequest,
  type FsRequest,
  type FsRules,
  filterEnv,
  type NetworkRequest,
  type NetworkRules,
  type PermissionAnswer,
  type PermissionFunction,
  type PermissionRequest,
  type Permissions,
  type SplitPermissions,
  splitPermissions,
} from "./permissions/index.ts";
export { CellStartError } from "./runtime/cell-start-error.ts";
export { type ArtifactFile, type Artifacts, type Driver, type DriverSession, driverMark } from "./runtime/driver.ts";
export { NotServedError } from "./runtime/host-connections.ts";
export { createHostLogger } from "./runtime/log.ts";
export { NodeRuntime } from "./runtime/node-runtime.ts";
export {
  type ArtifactsOptions,
  type BindingFunction,
  type BindingTree,
  type CommandExecutor,
  type CommandRequest,
  type CommandResult,
  type ExecOptions,
  type MemoryOptions,
  type ModuleAccessOptions,
  type MountOption,
  type NetworkLookup,
  type NetworkOptions,
  type NodeDriverOptions,
  type NodeRuntimeOptions,
  type OnStdio,
  OptionsError,
  type OsInfo,
  type OsInfoOptions,
  type PoolOptions,
  type ProcessInfo,
  type ProcessInfoOptions,
  parseDriverOptions,
  type RunOptions,
  type RuntimeLogger,
  resolveProcessInfo,
  type StdinOption,
  type StdioEvent,
} from "./runtime/options.ts";
export { closePool } from "./runtime/pool.ts";
export type { Program } from "./runtime/program.ts";
export type { ExecResult, RunError, RunResult, RunUsage } from "./runtime/results.ts";
export { RuntimeDisposedError } from "./runtime/runtime-disposed-error.ts";
