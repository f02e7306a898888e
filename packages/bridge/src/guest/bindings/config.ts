import { implement } from "../lib/implement.ts";
import type { InstallBinding } from "../realm.ts";

/** The flags come from the manifest; the locale is the one Node's own build falls back to. */
export const install: InstallBinding = (binding) => implement(binding, { getDefaultLocale: () => "en-US" });
