/** What the native helper does for the cell itself (native/host.h). It is not what a guest gets of it. */
export interface HostHelper {
  /**
   * The bytes of a file as the file itself: processes that map it share its memory. The file must not be written to
   * while it is mapped, only replaced.
   * @returns nothing when it cannot be mapped
   */
  mapFile(path: string): ArrayBuffer | undefined;
  /** Collects the garbage of Node's own heap, some 10 ms, and gives unused memory back to the system. */
  shrink(): void;
}

/** Loads the helper into Node's own isolate. @throws Node's ERR_DLOPEN_FAILED */
export function loadHostHelper(file: string): HostHelper {
  const loaded = { exports: {} };
  process.dlopen(loaded, file);
  return loaded.exports as HostHelper;
}
