import { dataDescriptor } from "../lib/define.ts";
import { objectDefineProperty } from "../primordials.ts";
import type { Binding } from "../realm.ts";

/** Puts a class into a binding under the name programs see when they inspect its instances, whatever bundling did to it. */
export function putClass(binding: Binding, name: string, Class: object): void {
  objectDefineProperty(Class, "name", dataDescriptor(name, false, false));
  binding[name] = Class;
}
