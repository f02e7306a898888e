import type { InstallBinding } from "../realm.ts";

/** `internalBinding('builtins')`: how realm.js gets its modules. Sources are compiled when first required. */
export const install: InstallBinding = (binding, realm) => {
  const facts = realm.manifest("facts") as { builtinIds: string[]; config: string };
  binding["builtinIds"] = facts.builtinIds;
  binding["config"] = facts.config;
  binding["natives"] = {};
  binding["builtinCategories"] = { canBeRequired: facts.builtinIds, cannotBeRequired: [] };
  binding["compileFunction"] = (id: string) => realm.compileBuiltin(id);
  binding["setInternalLoaders"] = (internalBinding: unknown, requireBuiltin: unknown) => {
    realm.setLoaders(internalBinding, requireBuiltin);
  };
  binding["hasCachedBuiltins"] = () => true;
  binding["getCacheUsage"] = () => ({
    compiledWithCache: new Set(),
    compiledWithoutCache: new Set(),
    compiledInSnapshot: new Set(),
  });
};
