import { bindingError } from "../lib/binding-error.ts";

export const cacheRejected = (): Error =>
  bindingError("Error", "ERR_VM_MODULE_CACHED_DATA_REJECTED", "cachedData buffer was rejected");
