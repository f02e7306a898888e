import { NodeRuntime as CoreRuntime, type NodeRuntimeOptions } from "@vivarium/core";
import { createNodeDriver } from "@vivarium/node-driver";

/** What is no object of options is left as it is: the check names it. */
const withDriver = (options: NodeRuntimeOptions): NodeRuntimeOptions =>
  typeof options === "object" && options !== null && !Array.isArray(options) && options.driver === undefined
    ? { ...options, driver: createNodeDriver() }
    : options;

/** A sandbox. Without `options.driver`: files in memory, the working directory's `node_modules`, all else denied. */
export class NodeRuntime extends CoreRuntime {
  /** @throws OptionsError */
  constructor(options: NodeRuntimeOptions = {}) {
    super(withDriver(options));
  }
}
