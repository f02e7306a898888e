import { fromManifest } from "../manifest.ts";
import { objectAssign, objectKeys } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

/** `internalBinding('options')`: Node's command line options, with what the run changes. */
export const install: InstallBinding = (binding, realm) => {
  const { cliOptions } = realm.manifest("facts") as { cliOptions: Record<string, unknown> };
  const values: Record<string, unknown> = {};
  for (const key of objectKeys(cliOptions)) values[key] = fromManifest("options", cliOptions[key]);
  // The dump was made with --expose-internals and without warnings.
  objectAssign(values, { "--expose-internals": false, "--warnings": true });
  // AsyncLocalStorage rides on context frames, which every callback of the loop carries along with or without the
  // helper; V8's promise hooks, which Node 22 uses by default, are out of reach without it.
  realm.onAttach(() => objectAssign(values, { "--experimental-async-context-frame": true }, realm.config.options));
  let info: unknown;
  binding["getCLIOptionsValues"] = () => values;
  binding["getCLIOptionsInfo"] = () => {
    info ??= fromManifest("options", realm.manifest("cliOptionsInfo"));
    return info;
  };
  binding["getEmbedderOptions"] = () => ({
    shouldNotRegisterESMLoader: false,
    noGlobalSearchPaths: false,
    noBrowserGlobals: false,
    hasEmbedderPreload: false,
  });
};
