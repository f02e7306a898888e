import type { InstallBinding } from "../realm.ts";

/** All symbols come from the manifest. */
export const install: InstallBinding = () => {};
