import { objectDefineProperty, reflectDefineProperty, reflectOwnKeys } from "./primordials.ts";
import type { BootConfig, Realm } from "./realm.ts";

/** The facts of the Node this library comes from that `process` shows. */
export interface ProcessFacts {
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly release: Readonly<Record<string, string | undefined>>;
}

const fixed = (target: object, key: PropertyKey, value: unknown): void => {
  objectDefineProperty(target, key, { value, writable: false, enumerable: true, configurable: false });
};

const plain = (target: object, key: PropertyKey, value: unknown): void => {
  objectDefineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
};

/** The object `process` is before Node's bootstrap fills it (src/node_process_object.cc). */
export function createProcessObject(facts: ProcessFacts, privateSymbols: Readonly<Record<string, symbol>>): object {
  // A function named "process": inspecting `process.constructor` shows it.
  const { process: named } = { process: function process() {} };
  const prototype = Object.create(Object.prototype, {
    constructor: { value: named, writable: true, configurable: true, enumerable: false },
  }) as object;
  const made = Object.create(prototype) as object;
  // Named fields of src/env.h ExitInfoField: kExiting, kExitCode, kHasExitCode.
  objectDefineProperty(made, privateSymbols["exit_info_private_symbol"] as symbol, {
    value: new Int32Array(3),
    enumerable: false,
    configurable: true,
    writable: true,
  });
  fixed(made, "version", facts.version);
  const versions = {};
  const names = reflectOwnKeys(facts.versions) as string[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    objectDefineProperty(versions, name, {
      value: facts.versions[name],
      writable: false,
      enumerable: true,
      configurable: true,
    });
  }
  fixed(made, "versions", versions);
  fixed(made, "arch", "x64");
  fixed(made, "platform", "linux");
  objectDefineProperty(made, "release", {
    value: { ...facts.release },
    writable: false,
    enumerable: true,
    configurable: true,
  });
  return made;
}

/** Node's environment object turns what is assigned into strings (src/node_env_var.cc). */
function createEnvironment(realm: Realm, initial: Readonly<Record<string, string>>): object {
  const target: Record<string, string> = {};
  const keys = reflectOwnKeys(initial);
  for (let i = 0; i < keys.length; i++) plain(target, keys[i] as string, initial[keys[i] as string]);
  const { Proxy: NativeProxy } = realm.global;
  const coded = (message: string, code: string): Error => {
    const errors = realm.requireBuiltin<{ codes: Record<string, new (...args: string[]) => Error> }>("internal/errors");
    const Coded = errors.codes[code] as new (...args: string[]) => Error;
    return new Coded(message);
  };
  return new NativeProxy(target, {
    set(env, key, value) {
      if (typeof key === "symbol" || typeof value === "symbol") {
        throw new TypeError("Cannot convert a Symbol value to a string");
      }
      env[key] = `${value as string}`;
      return true;
    },
    defineProperty(env, key, descriptor) {
      if ("get" in descriptor || "set" in descriptor) {
        throw coded(
          "'process.env' does not accept an accessor(getter/setter) descriptor",
          "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
        );
      }
      if (!descriptor.configurable || !descriptor.writable || !descriptor.enumerable) {
        throw coded(
          "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
          "ERR_INVALID_OBJECT_DEFINE_PROPERTY",
        );
      }
      return reflectDefineProperty(env, key, { ...descriptor, value: `${descriptor.value as string}` });
    },
  });
}

/** What differs from run to run (`PatchProcessObject` in src/node_process_object.cc). */
export function patchProcessObject(realm: Realm, config: BootConfig): void {
  const { process } = realm;
  let title = config.title;
  objectDefineProperty(process, "title", {
    get: () => title,
    set: (value: unknown) => {
      title = `${value as string}`;
    },
    enumerable: true,
    configurable: true,
  });
  plain(process, "argv", [...config.argv]);
  plain(process, "execArgv", [...config.execArgv]);
  plain(process, "env", createEnvironment(realm, config.env));
  plain(process, "pid", config.pid);
  plain(process, "ppid", config.ppid);
  plain(process, "execPath", config.execPath);
  plain(process, "debugPort", 9229);
}
