import { jsonParse, jsonStringify, objectKeys, reflectApply } from "../primordials.ts";
import type { Binding, InstallBinding } from "../realm.ts";

type Method = (...args: unknown[]) => unknown;

/** JSON-RPC's "method not found", which is what an inspector answers to what it does not have. */
const NOT_FOUND = -32601;

interface Command {
  readonly id: number;
  readonly method: string;
}

/** A session with an inspector that has no domains: every command comes back as unknown, as the protocol has it. */
class Connection {
  readonly #answer: (message: string) => void;
  constructor(answer: (message: string) => void) {
    this.#answer = answer;
  }
  dispatch(message: string): void {
    const { id, method } = jsonParse(message) as Command;
    const text = jsonStringify(`'${method}' wasn't found`);
    reflectApply(this.#answer, undefined, [`{"error":{"code":${NOT_FOUND},"message":${text}},"id":${+id}}`]);
  }
  disconnect(): void {}
}

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
  binding["Connection"] = Connection;
  binding["MainThreadConnection"] = Connection;
  binding["setConsoleExtensionInstaller"] = () => {};
  binding["registerAsyncHook"] = () => {};
  binding["setupNetworkTracking"] = () => {};
  binding["emitProtocolEvent"] = () => {};
  binding["isEnabled"] = () => false;
  binding["url"] = () => undefined;
};
