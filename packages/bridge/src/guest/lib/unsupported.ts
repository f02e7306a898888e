import { objectDefineProperty } from "../primordials.ts";

const DEFERRED_TIER = 4;
const UNSUPPORTED_TIER = 5;

function build(message: string, code: string, facts: Readonly<Record<string, unknown>>): Error {
  const error = new Error(message) as Error & { code: string };
  error.code = code;
  for (const key in facts)
    objectDefineProperty(error, key, { value: facts[key], enumerable: false, configurable: true, writable: true });
  return error;
}

/** What `require` of a module throws that the profile does not have. */
export const unsupportedModule = (module: string, code: string): Error =>
  build(`${module} is not supported in sandbox`, code, {
    module,
    api: undefined,
    tier: UNSUPPORTED_TIER,
    enabledBy: 'compat: "full"',
  });

/** What a deferred API throws when it is called. */
export const unsupportedApi = (module: string, api: string, code: string): Error =>
  build(`${module}.${api} is not supported in sandbox`, code, {
    module,
    api,
    tier: DEFERRED_TIER,
    enabledBy: 'compat: "full"',
  });
