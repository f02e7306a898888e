import { hideOwnFrames } from "./lib/frames.ts";
import { SafeWeakMap } from "./primordials.ts";
import type { Binding, Realm } from "./realm.ts";

/** The scripts of `internal/bootstrap` after realm.js, in Node's order (src/node.cc). */
const BOOTSTRAP = [
  "internal/bootstrap/node",
  "internal/bootstrap/web/exposed-wildcard",
  "internal/bootstrap/web/exposed-window-or-worker",
  "internal/bootstrap/switches/is_main_thread",
  "internal/bootstrap/switches/does_own_process_state",
] as const;

interface PerContext {
  readonly domexception: Binding;
  readonly messageport: Binding;
}

const perContextExports = new SafeWeakMap<Realm, PerContext>();

/** What the per-context scripts exported: DOMException and the message port's helpers. */
export const perContext = (realm: Realm): PerContext => perContextExports.get(realm) as PerContext;

/**
 * Node's own bootstrap on our bindings (src/node_realm.cc, src/node.cc).
 * @param runMain runs a script of `internal/bootstrap` with what realm.js left
 */
export function bootstrap(realm: Realm, runMain: (id: string) => void): void {
  const { primordials, privateSymbols, symbols, process } = realm;
  const run = (id: string): Binding => {
    const exports: Binding = {};
    realm.compileBuiltin(id)(exports, primordials, privateSymbols, symbols);
    return exports;
  };
  run("internal/per_context/primordials");
  perContextExports.set(realm, {
    domexception: run("internal/per_context/domexception"),
    messageport: run("internal/per_context/messageport"),
  });
  const noLinked = () => {
    throw new Error("No such module");
  };
  realm.compileBuiltin("internal/bootstrap/realm")(
    process,
    noLinked,
    (name: string) => realm.internalBinding(name),
    primordials,
  );
  for (const id of BOOTSTRAP) runMain(id);
  hideOwnFrames(realm);
}
