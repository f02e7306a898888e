export { type ErrorEntry, sandboxErrors } from "./codes.ts";
export { SyscallFailure } from "./failure.ts";
export {
  type UnsupportedError,
  type UnsupportedFacts,
  unsupportedApi,
  unsupportedCode,
  unsupportedModule,
} from "./unsupported.ts";
