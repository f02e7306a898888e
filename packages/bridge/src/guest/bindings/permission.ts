import { implement } from "../lib/implement.ts";
import type { InstallBinding } from "../realm.ts";

/** Node's own permission model is off in a sandbox (no `--permission`): it then allows everything. */
export const install: InstallBinding = (binding) => implement(binding, { has: () => true });
