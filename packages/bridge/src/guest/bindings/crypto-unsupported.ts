import { objectKeys } from "../primordials.ts";
import type { Binding } from "../realm.ts";
import { putClass } from "./crypto-class.ts";
import { unsupported } from "./crypto-error.ts";

/** What the binding has and the sandbox does not, by the public API a program calls. */
const CRYPTO: Readonly<Record<string, string>> = {
  internalVerifyIntegrity: "internalVerifyIntegrity",
};

/** The functions can be called and constructed, as what they stand for. */
function refuse(binding: Binding, table: Readonly<Record<string, string>>): void {
  const names = objectKeys(table);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const api = table[name] as string;
    function refusing(): never {
      throw unsupported(api, refusing);
    }
    putClass(binding, name, refusing);
  }
}

/** Makes everything the sandbox has no implementation for throw with the name of the public API and its code. */
export function installUnsupported(binding: Binding): void {
  refuse(binding, CRYPTO);
}
