import type { InstallBinding } from "../realm.ts";

/** `internalBinding('wasm_web_api')`: what `WebAssembly.compileStreaming` calls; kept until someone streams. */
export const install: InstallBinding = (binding) => {
  binding["setImplementation"] = (implementation: unknown) => {
    binding["implementation"] = implementation;
  };
};
