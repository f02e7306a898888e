import { bindingError } from "./lib/binding-error.ts";
import { standIn } from "./lib/proxies.ts";
import {
  ArrayProto,
  objectDefineProperty,
  reflectConstruct,
  reflectDefineProperty,
  reflectDeleteProperty,
  reflectOwnKeys,
  StringProto,
} from "./primordials.ts";
import type { BootConfig, Realm } from "./realm.ts";

/** The facts of the Node this library comes from that `process` shows. */
export interface ProcessFacts {
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly release: Readonly<Record<string, string | undefined>>;
}

const fixed = (target: object, key: PropertyKey, value: unknown): void => {
  objectDefineProperty(target, key, { value, writable: false, enumerable: true, configurable: true });
};

const plain = (target: object, key: PropertyKey, value: unknown): void => {
  objectDefineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
};

/** The object `process` is before Node's bootstrap fills it (src/node_process_object.cc). */
export function createProcessObject(facts: ProcessFacts, privateSymbols: Readonly<Record<string, symbol>>): object {
  // A function named "process": inspecting `process.constructor` shows it.
  const { process: named } = { process: function process() {} };
  const made = reflectConstruct(named, []) as object;
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

/** Local time is in the zone `TZ` names, from when it is set (`DateTimeConfigurationChangeNotification`, src/node_env_var.cc). */
function zoneChanged(realm: Realm, key: PropertyKey, value: unknown): void {
  if (key === "TZ") realm.native?.setTimeZone(value as string | undefined);
}

/** Node's environment object turns what is assigned into strings (src/node_env_var.cc). */
function createEnvironment(realm: Realm, initial: Readonly<Record<string, string>>): object {
  const target: Record<string, string> = {};
  const keys = reflectOwnKeys(initial);
  for (let i = 0; i < keys.length; i++) plain(target, keys[i] as string, initial[keys[i] as string]);
  let warned = realm.config.options["--pending-deprecation"] !== true;
  const warnOfValue = (value: unknown): void => {
    if (warned || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return;
    warned = true;
    (realm.process as { emitWarning(...args: string[]): void }).emitWarning(
      "Assigning any value other than a string, number, or boolean to a process.env property is deprecated. " +
        "Please make sure to convert the value to a string before setting process.env with it.",
      "DeprecationWarning",
      "DEP0104",
    );
  };
  const { Proxy: NativeProxy } = realm.global;
  const coded = (message: string, code: string): Error => bindingError("TypeError", code, message);
  const proxy = new NativeProxy(target, {
    set(env, key, value) {
      if (typeof key === "symbol" || typeof value === "symbol") {
        throw new TypeError("Cannot convert a Symbol value to a string");
      }
      warnOfValue(value);
      // setenv(3) takes no such name; Node says nothing about it.
      if (key === "" || StringProto.includes(key, "=")) return true;
      env[key] = `${value as string}`;
      zoneChanged(realm, key, env[key]);
      return true;
    },
    deleteProperty(env, key) {
      const deleted = reflectDeleteProperty(env, key);
      zoneChanged(realm, key, undefined);
      return deleted;
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
      const value = `${descriptor.value as string}`;
      const defined = reflectDefineProperty(env, key, { ...descriptor, value });
      zoneChanged(realm, key, value);
      return defined;
    },
  });
  return standIn(proxy);
}

/** @throws ERR_OUT_OF_RANGE as `DebugPortSetter` of src/node_process_object.cc */
function debugPort(value: unknown): number {
  const port = +(value as number) | 0;
  if (port === 0 || (port >= 1024 && port <= 65_535)) return port;
  throw bindingError("RangeError", "ERR_OUT_OF_RANGE", "process.debugPort must be 0 or in range 1024 to 65535");
}

/** What differs from run to run (`PatchProcessObject` in src/node_process_object.cc). */
export function patchProcessObject(realm: Realm, config: BootConfig): void {
  const { process } = realm;
  const asked = config.options["--title"];
  let title = typeof asked === "string" && asked !== "" ? asked : config.title;
  objectDefineProperty(process, "title", {
    get: () => title,
    set: (value: unknown) => {
      title = `${value as string}`;
    },
    enumerable: true,
    configurable: true,
  });
  plain(process, "argv", ArrayProto.slice(config.argv));
  plain(process, "execArgv", ArrayProto.slice(config.execArgv));
  plain(process, "env", createEnvironment(realm, config.env));
  zoneChanged(realm, "TZ", config.env["TZ"]);
  fixed(process, "pid", config.pid);
  plain(process, "ppid", config.ppid);
  plain(process, "execPath", config.execPath);
  let port = 9229;
  objectDefineProperty(process, "debugPort", {
    get: () => port,
    set: (value: unknown) => {
      port = debugPort(value);
    },
    enumerable: true,
    configurable: true,
  });
}
