import { objectKeys, reflectApply } from "../primordials.ts";
import type { Binding, InstallBinding } from "../realm.ts";

type Method = (...args: unknown[]) => unknown;

/**
 * `internalBinding('inspector')`: nothing can be debugged here and nobody listens. The console of the inspector, which
 * Node lays under its own, is there by name only.
 */
export const install: InstallBinding = (binding) => {
  const console = binding["console"] as Binding;
  const names = objectKeys(console);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const { [name]: silent } = { [name]() {} };
    console[name] = silent;
  }
  // A method, because what Node binds from it for each console function must not be a constructor.
  const { consoleCall } = {
    consoleCall(this: unknown, _inspectorMethod: Method, nodeMethod: Method, ...args: unknown[]) {
      return reflectApply(nodeMethod, this, args);
    },
  };
  binding["consoleCall"] = consoleCall;
  binding["setConsoleExtensionInstaller"] = () => {};
  binding["registerAsyncHook"] = () => {};
  binding["setupNetworkTracking"] = () => {};
  binding["emitProtocolEvent"] = () => {};
  binding["isEnabled"] = () => false;
  binding["url"] = () => undefined;
};
