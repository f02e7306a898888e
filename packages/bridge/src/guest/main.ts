import { Operation, Turn } from "../contract/operations.ts";
import { Guest } from "./guest.ts";
import { installFinalization, uninstallFinalization } from "./lib/finalization.ts";
import { type RuntimeFunctions, setRuntimeFunctions } from "./lib/runtime-functions.ts";

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
  functions?: RuntimeFunctions,
): Guest["enter"] {
  if (functions) setRuntimeFunctions(functions);
  const guest = new Guest(table, manifest);
  const { realm } = guest;
  installFinalization(realm);
  realm.bootstrap();
  for (const id of preload) realm.requireBuiltin(id);
  // No spread: it asks Array.prototype for its iterator, which a program may have taken away.
  return (operation, ...args) => {
    if (operation !== Operation.leave) return guest.enter(operation, args[0], args[1], args[2], args[3]);
    uninstallFinalization();
    return Turn.done;
  };
}
