import { stalledAwaits } from "../bindings/module-wrap.ts";
import { arrowOf } from "../lib/arrow.ts";
import type { Caught, Realm } from "../realm.ts";
import { hasPendingEvaluation } from "./evaluations.ts";

const PENDING = 0;

/** Whether the main program still waits at its top level. */
export function isUnsettled(realm: Realm): boolean {
  const { native } = realm;
  if (!native) return hasPendingEvaluation(realm);
  const promise = hiddenGlobal(realm, "entry_point_promise_private_symbol");
  return native.promiseDetails(promise)?.[0] === PENDING;
}

const hiddenGlobal = (realm: Realm, name: string): unknown =>
  (realm.global as unknown as Record<symbol, unknown>)[realm.privateSymbols[name] as symbol];

/** Warns of top-level awaits that never settle, as `Environment::CheckUnsettled...` of src/env.cc before exit code 13. */
export function reportUnsettled(realm: Realm): void {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
  const print = (arrow: string | undefined): void => {
    if (arrow === undefined) return;
    realm.sys.stdio.write(2, Buffer.from(`Warning: Detected unsettled top-level await at ${arrow}\n\n\n`));
  };
  const module = hiddenGlobal(realm, "entry_point_module_private_symbol");
  if (module === undefined) return;
  const places = stalledAwaits(realm, module);
  for (let i = 0; i < places.length; i++) print(arrowOf(places[i] as Caught));
}
