import type { InstallBinding } from "../realm.ts";

/** `internalBinding('mksnapshot')`: guest programs cannot build startup snapshots of their own. */
export const install: InstallBinding = (binding) => {
  binding["isBuildingSnapshotBuffer"] = new Uint8Array(1);
  binding["setSerializeCallback"] = () => {};
  binding["setDeserializeCallback"] = () => {};
  binding["setDeserializeMainFunction"] = () => {};
};
