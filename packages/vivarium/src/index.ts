export * from "@vivarium/core";
export { createNodeDriver } from "@vivarium/node-driver";
export * from "@vivarium/typescript";
export { NodeRuntime } from "./runtime.ts";
export { SandboxError, type SandboxOptions, sandbox } from "./sandbox.ts";
