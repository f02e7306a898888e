import { NodeRuntime as CoreRuntime, type NodeRuntimeOptions } from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";

/** A sandbox. Without `options.driver`: files in memory, the working directory's `node_modules`, all else denied. */
export class NodeRuntime extends CoreRuntime {
  /** @throws OptionsError */
  constructor(options: NodeRuntimeOptions = {}) {
    super(options.driver === undefined ? { ...options, driver: createNodeDriver() } : options);
  }
}
