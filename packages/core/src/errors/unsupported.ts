import { SyscallFailure } from "./failure.ts";

/** `ERR_SANDBOX_<AREA>_UNSUPPORTED`: the area is the module in capitals, `/` as `_`, without a leading `_`. */
export const unsupportedCode = (module: string): string =>
  `ERR_SANDBOX_${module
    .replace(/^(node:)?_?/, "")
    .replaceAll("/", "_")
    .toUpperCase()}_UNSUPPORTED`;

/** Facts of an unsupported API beside code and message. Not enumerable, so that inspecting the error looks as on Node. */
export interface UnsupportedFacts {
  readonly module: string;
  /** Absent when the whole module is unsupported. */
  readonly api: string | undefined;
  readonly tier: number;
  /** The option that would enable it, `compat: "full"`, or nothing. */
  readonly enabledBy: string | undefined;
}

export interface UnsupportedError extends SyscallFailure, UnsupportedFacts {}

const build = (code: string, subject: string, facts: UnsupportedFacts): UnsupportedError => {
  const failure = new SyscallFailure(code, { sandboxCode: code, detail: `${subject} is not supported in sandbox` });
  for (const [key, value] of Object.entries(facts)) Object.defineProperty(failure, key, { value });
  return failure as SyscallFailure & UnsupportedFacts;
};

/** The failure of one API: `<module>.<api> is not supported in sandbox`. `code` defaults to the module's own. */
export const unsupportedApi = (
  module: string,
  api: string,
  tier: number,
  options: { readonly enabledBy?: string | undefined; readonly code?: string } = {},
): UnsupportedError =>
  build(options.code ?? unsupportedCode(module), `${module}.${api}`, {
    module,
    api,
    tier,
    enabledBy: options.enabledBy,
  });

/** The failure of requiring a module: `<module> is not supported in sandbox`, by its bare name. */
export const unsupportedModule = (
  module: string,
  tier = 5,
  options: { readonly enabledBy?: string | undefined } = {},
): UnsupportedError =>
  build(unsupportedCode(module), module, { module, api: undefined, tier, enabledBy: options.enabledBy });
