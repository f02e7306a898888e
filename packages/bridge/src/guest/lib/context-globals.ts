import { objectDefineProperty, reflectDeleteProperty } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { dataDescriptor } from "./define.ts";
import { NativeError } from "./intrinsics.ts";
import { runtimeFunctions } from "./runtime-functions.ts";

/** The globals Node changes in each context, its own and those of `vm`. */
interface ContextGlobals {
  readonly Object: { readonly prototype: object };
  readonly Intl?: object;
}

function protoAccess(): never {
  const error = new NativeError("Accessing Object.prototype.__proto__ has been disallowed with --disable-proto=throw");
  objectDefineProperty(error, "code", dataDescriptor("ERR_PROTO_ACCESS"));
  throw error;
}

/** `InitializeContextRuntime` of src/api/environment.cc. */
export function finishContext(realm: Realm, global: object): void {
  const { Object: Plain, Intl: international } = global as ContextGlobals;
  // A leftover of V8's own.
  if (international) reflectDeleteProperty(international, "v8BreakIterator");
  const mode = realm.config.options["--disable-proto"];
  if (mode === "delete") reflectDeleteProperty(Plain.prototype, "__proto__");
  else if (mode === "throw") {
    objectDefineProperty(Plain.prototype, "__proto__", { get: protoAccess, set: protoAccess, configurable: true });
  }
}

/** The same for the main context, with what the command line says about it. */
export function finishMainContext(realm: Realm): void {
  finishContext(realm, realm.global);
  if (realm.config.options["--disallow-code-generation-from-strings"] !== true) return;
  (realm.native ?? runtimeFunctions).disallowStrings?.();
}
