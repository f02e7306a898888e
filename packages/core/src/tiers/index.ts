export {
  builtinModulesOf,
  codeOf,
  enabledBy,
  type TierConfig,
  tierConfig,
  tierOf,
  unsupportedCodes,
} from "./config.ts";
export { errorTable } from "./error-table.ts";
export { type ModuleFacts, type ModulePolicy, type Profile, registry, type Tier } from "./registry.ts";
