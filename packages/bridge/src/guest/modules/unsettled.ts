import { stalledAwaits } from "../bindings/module-wrap.ts";
import { arrowOf } from "../lib/arrow.ts";
import { StringProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { hasPendingEvaluation } from "./evaluations.ts";
import { topLevelAwait } from "./top-level-await.ts";

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

/** The entry's first top-level await, where V8 does not tell which one it is. */
function guessedPlace(realm: Realm, url: string): string | undefined {
  const source = realm.sourceText(decodeURIComponent(StringProto.slice(url, "file://".length)));
  const at = topLevelAwait(realm, source);
  if (at === undefined) return undefined;
  const lines = StringProto.split(StringProto.slice(source, 0, at), "\n");
  const column = (lines[lines.length - 1] as string).length;
  const text = StringProto.split(source, "\n")[lines.length - 1] as string;
  return `${url}:${lines.length}\n${text}\n${StringProto.repeat(" ", column)}^\n`;
}

/** Warns of top-level awaits that never settle, as `Environment::CheckUnsettled...` of src/env.cc before exit code 13. */
export function reportUnsettled(realm: Realm): void {
  const { Buffer } = realm.requireBuiltin<{ Buffer: { from(text: string): Uint8Array } }>("buffer");
  const print = (arrow: string | undefined): void => {
    if (arrow === undefined) return;
    realm.sys.stdio.write(2, Buffer.from(`Warning: Detected unsettled top-level await at ${arrow}\n\n\n`));
  };
  const module = hiddenGlobal(realm, "entry_point_module_private_symbol") as { readonly url: string } | undefined;
  if (module === undefined) return;
  const places = stalledAwaits(realm, module);
  if (places) for (let i = 0; i < places.length; i++) print(arrowOf(places[i] as never));
  else if (StringProto.startsWith(module.url, "file://")) print(guessedPlace(realm, module.url));
}
