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
  /**
   * Makes the memory of a view the guest's to take, unless it then held more than `most` bytes of such memory. The view has
   * to be all of it, and is empty afterwards. Bytes the guest gave up count until V8 has collected them.
   * @returns whether it is handed over
   */
  handOver(bytes: Uint8Array, most: number): boolean;
  /** So many bytes, zeros, that are the guest's to take too. */
  shareMemory(size: number): ArrayBuffer | undefined;
  /** Forgets what was handed over and not taken. */
  dropHanded(): void;
  /**
   * Lets the guest write to a socket itself, with as many writes and bytes as are said; both below 2^32.
   * @returns the lease's number, for the guest; nothing where the system has no descriptor left for it
   */
  openLease(descriptor: number, writes: number, bytes: number): number | undefined;
  /** What is left of a lease. */
  leaseLeft(lease: number): LeaseLeft | undefined;
  /** Ends it. -> what was left */
  endLease(lease: number): LeaseLeft | undefined;
}

export type LeasingHost = Pick<HostHelper, "openLease" | "leaseLeft" | "endLease">;
export type LeaseLeft = readonly [writes: number, bytes: number];

/** Loads the helper into Node's own isolate. @throws Node's ERR_DLOPEN_FAILED */
export function loadHostHelper(file: string): HostHelper {
  const loaded = { exports: {} };
  process.dlopen(loaded, file);
  return loaded.exports as HostHelper;
}
