import { objectDefineProperty, objectKeys } from "../primordials.ts";
import type { Binding } from "../realm.ts";
import { dataDescriptor } from "./define.ts";
import { looksNative } from "./proxies.ts";

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Puts functions into a binding looking as Node's do: made by C++, without declared parameters. */
export function implement(binding: Binding, functions: Functions): void {
  const names = objectKeys(functions);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const fn = functions[name] as (...args: never[]) => unknown;
    objectDefineProperty(fn, "length", dataDescriptor(0, false, false));
    objectDefineProperty(fn, "name", dataDescriptor(name, false, false));
    binding[name] = looksNative(fn, name);
  }
}
