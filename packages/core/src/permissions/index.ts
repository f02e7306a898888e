export { allowAll, allowAllChildProcess, allowAllEnv, allowAllFs, allowAllNetwork } from "./allow.ts";
export { type Authority, type AuthorityPowers, type CommandContext, compilePermissions } from "./authority.ts";
export { filterEnv, filterEnvAsync } from "./env.ts";
export type { OtherEnd, TreeLocated, TreeNeed } from "./fs-judge.ts";
export type { Granted, Located } from "./granted.ts";
export type {
  Answer,
  Ask,
  BindingRequest,
  ChildProcessRequest,
  Decision,
  Domain,
  EnvRequest,
  FsAccess,
  FsRequest,
  NetworkOp,
  NetworkRequest,
  PermissionRequest,
  Verdict,
} from "./requests.ts";
export type {
  AskRule,
  ChildProcessRules,
  FsRules,
  NetworkRules,
  PermissionAnswer,
  PermissionFunction,
  Permissions,
  WirePermissions,
} from "./rules.ts";
export { type SplitPermissions, splitPermissions } from "./wire.ts";
