import { unsupportedCode } from "../errors/unsupported.ts";
import { type ModuleFacts, type Profile, registry, type Tier } from "./registry.ts";

/** The compatibility policy as the guest receives it. */
export interface TierConfig {
  readonly profile: Profile;
  /** Modules that cannot be required, by bare name -> the error code. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** What throws when called, by module -> `api`, `object.api` or `Class#method` -> error code. */
  readonly deferred: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The error code of a module: that of its area. */
export const codeOf = (module: string): string => unsupportedCode(registry[module]?.area ?? module);

const without = (name: string) => (name.startsWith("node:") ? name.slice(5) : name);

/** The policy of one profile, as plain data. */
export function tierConfig(profile: Profile): TierConfig {
  const unsupported: Record<string, string> = {};
  const deferred: Record<string, Record<string, string>> = {};
  for (const [module, facts] of Object.entries(registry)) {
    const { tier, apis } = facts[profile];
    if (tier === 5) unsupported[module] = codeOf(module);
    if (apis !== undefined)
      deferred[module] = Object.fromEntries(Object.keys(apis).map((api) => [api, codeOf(module)]));
  }
  return { profile, unsupported, deferred };
}

/** The tier of a module or of one API of it; nothing for a name Node does not have. Accepts `node:` names. */
export function tierOf(profile: Profile, module: string, api?: string): Tier | undefined {
  const policy = registry[without(module)]?.[profile];
  return (api === undefined ? undefined : policy?.apis?.[api]) ?? policy?.tier;
}

/** The option that enables what `profile` refuses, or nothing where no profile has it. */
export function enabledBy(module: string, api?: string): string | undefined {
  const tier = tierOf("full", module, api);
  return tier === undefined || tier >= 4 ? undefined : 'compat: "full"';
}

/** The public modules a profile offers, as `module.builtinModules` lists them (without `node:`-only ones), sorted. */
export const builtinModulesOf = (profile: Profile): readonly string[] =>
  Object.entries(registry)
    .filter(([, facts]) => facts[profile].tier !== 5 && facts.schemeOnly !== true)
    .map(([module]) => module)
    .sort();

const canRefuse = (facts: ModuleFacts): boolean =>
  facts.never !== undefined || [facts.baseline, facts.full].some(({ tier, apis }) => tier >= 4 || apis !== undefined);

/** Every `ERR_SANDBOX_<AREA>_UNSUPPORTED` there is, with the modules it stands for. */
export function unsupportedCodes(): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const [module, facts] of Object.entries(registry)) {
    if (!canRefuse(facts)) continue;
    const code = codeOf(module);
    codes.set(code, [...(codes.get(code) ?? []), module]);
  }
  return codes;
}
