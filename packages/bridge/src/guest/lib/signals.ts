import { objectKeys, SafeMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** Of two names for one number the one Node tells (`signo_string`, src/util.cc). */
const SECOND_NAMES = ["SIGIOT", "SIGPOLL", "SIGUNUSED"] as const;

let names: SafeMap<number, string> | undefined;

/** A signal's name, "" for 0 and for numbers without one. */
export function signalName(realm: Realm, signal: number): string {
  if (names === undefined) {
    names = new SafeMap();
    const { os } = realm.internalBinding("constants") as { os: { signals: Record<string, number> } };
    const keys = objectKeys(os.signals);
    for (let i = 0; i < keys.length; i++) {
      const name = keys[i] as string;
      if (name !== SECOND_NAMES[0] && name !== SECOND_NAMES[1] && name !== SECOND_NAMES[2]) {
        names.set(os.signals[name] as number, name);
      }
    }
  }
  return names.get(signal) ?? "";
}
