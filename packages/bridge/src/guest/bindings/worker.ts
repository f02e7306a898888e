import { bindingError } from "../lib/binding-error.ts";
import { implement } from "../lib/implement.ts";
import type { InstallBinding } from "../realm.ts";

/** A guest is always a main thread; its thread id, flags and limits' indexes come from the manifest. */
export const install: InstallBinding = (binding) => {
  implement(binding, {
    getEnvMessagePort: () => undefined,
  });
  binding.Worker = class Worker {
    constructor() {
      throw bindingError(
        "Error",
        "ERR_SANDBOX_WORKER_THREADS_UNSUPPORTED",
        "worker_threads.Worker is not supported in sandbox",
      );
    }
  };
};
