import { bindingError } from "../lib/binding-error.ts";
import { implement } from "../lib/implement.ts";
import type { InstallBinding } from "../realm.ts";

/** Heap inspection for Node's own tests and `v8.queryObjects`; the isolate offers none. */
export const install: InstallBinding = (binding) =>
  implement(binding, {
    queryObjects() {
      throw bindingError("Error", "ERR_SANDBOX_V8_UNSUPPORTED", "v8.queryObjects is not supported in sandbox");
    },
  });
