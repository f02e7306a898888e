import { Guest } from "./guest.ts";
import { setPrivateSymbolMaker } from "./manifest.ts";

/** A library module's wrapper function, or nothing when the snapshot does not hold it. */
export type Table = Record<string, ((...args: unknown[]) => unknown) | undefined>;

/**
 * Boots a guest: runs Node's bootstrap on our bindings. With a table that holds every module the bootstrap needs this
 * works without a host, inside a snapshot.
 */
export function boot(
  table: Table,
  manifest: Readonly<Record<string, string>>,
  preload: readonly string[],
  privateSymbol?: (description: string) => symbol,
): Guest["enter"] {
  if (privateSymbol) setPrivateSymbolMaker(privateSymbol);
  const guest = new Guest(table, manifest);
  guest.bootstrap();
  for (const id of preload) guest.requireBuiltin(id);
  return (operation, ...args) => guest.enter(operation, ...args);
}
