import { exposeCollector } from "../lib/collector.ts";
import { fromManifest } from "../manifest.ts";
import { arrayIsArray, objectCreate, objectHasOwn, objectKeys, StringProto } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";

type Values = Record<string, unknown>;

/** Sets one option the way Node's parser would: typed as its default is, with its `--no-` form beside it. */
function set(values: Values, name: string, value: unknown): void {
  const known = values[name];
  let typed = value;
  if (typeof known === "number") typed = +(value as string);
  else if (arrayIsArray(known) && typeof value === "string") typed = StringProto.split(value, ",");
  values[name] = typed;
  const opposite = `--no-${StringProto.slice(name, 2)}`;
  if (objectHasOwn(values, opposite)) values[opposite] = typed === false;
}

/** `internalBinding('options')`: Node's command line options, with what the run changes. */
export const install: InstallBinding = (binding, realm) => {
  const { cliOptions } = realm.manifest("facts") as { cliOptions: Record<string, unknown> };
  const values: Values = objectCreate(null) as Values;
  for (const key of objectKeys(cliOptions)) values[key] = fromManifest("options", cliOptions[key]);
  // The dump was made with --expose-internals and without warnings.
  set(values, "--expose-internals", false);
  set(values, "--warnings", true);
  realm.onAttach(() => {
    // AsyncLocalStorage rides on async hooks, as Node 22 has it. V8's promise hooks are out of reach without the helper:
    // there it rides on context frames, which every callback of the loop carries along.
    set(values, "--experimental-async-context-frame", realm.native === undefined);
    const { options } = realm.config;
    const names = objectKeys(options);
    for (let i = 0; i < names.length; i++) set(values, names[i] as string, options[names[i] as string]);
    if (options["--expose-gc"] === true) exposeCollector(realm);
    // V8 reads the limit from the constructor whenever an error is made.
    const traceLimit = +(options["--stack-trace-limit"] as string);
    if (traceLimit >= 0) realm.global.Error.stackTraceLimit = traceLimit;
  });
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
