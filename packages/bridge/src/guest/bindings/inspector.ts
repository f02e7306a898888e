import { answerPortably, stopListening } from "../modules/portable-inspector.ts";
import { jsonParse, jsonStringify, objectKeys, reflectApply } from "../primordials.ts";
import type { Binding, InstallBinding, NativeHelper, Realm } from "../realm.ts";

type Method = (...args: unknown[]) => unknown;
type Answer = (message: string) => void;

/** JSON-RPC's "method not found", which is what an inspector answers to what it does not have. */
const NOT_FOUND = -32601;

interface Command {
  readonly id: number;
  readonly method: string;
  readonly params?: unknown;
}

/** One `inspector.Session`: V8's own answers where the native helper is loaded, otherwise an inspector that knows contexts only. */
class Link {
  readonly #answer: Answer;
  readonly #native: NativeHelper | undefined;
  readonly #session: number | undefined;
  readonly #realm: Realm;
  readonly #tell: Answer;

  constructor(realm: Realm, answer: Answer) {
    const { native } = realm;
    this.#answer = answer;
    this.#realm = realm;
    this.#tell = (message) => void reflectApply(answer, this, [message]);
    this.#native = native;
    this.#session = native?.inspectorConnect(this.#tell);
  }

  dispatch(message: string): void {
    const { id, method, params } = jsonParse(message) as Command;
    const session = this.#session;
    const given = params === undefined ? undefined : jsonStringify(params);
    if (session !== undefined && this.#native?.inspectorDispatch(session, id, method, given)) return;
    const result = this.#native ? undefined : answerPortably(this.#realm, method, params, this.#tell);
    if (result !== undefined) {
      this.#tell(`{"id":${+id},"result":${result}}`);
      return;
    }
    const text = jsonStringify(`'${method}' wasn't found`);
    reflectApply(this.#answer, this, [`{"error":{"code":${NOT_FOUND},"message":${text}},"id":${+id}}`]);
  }

  disconnect(): void {
    stopListening(this.#realm, this.#tell);
    if (this.#session !== undefined) this.#native?.inspectorDisconnect(this.#session);
  }
}

/**
 * `internalBinding('inspector')` (src/inspector_js_api.cc): a program looks at its own isolate. Nobody listens from
 * outside, so there is no address and nothing to wait for.
 */
export const install: InstallBinding = (binding, realm) => {
  const console = binding["console"] as Binding;
  const fromV8 = realm.global.console as unknown as Binding;
  const names = objectKeys(console);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const { [name]: silent } = { [name]() {} };
    console[name] = "context" in fromV8 ? (fromV8[name] ?? silent) : silent;
  }
  let isInside = false;
  // A method, because what Node binds from it for each console function must not be a constructor.
  const { consoleCall } = {
    consoleCall(this: unknown, inspectorMethod: Method, nodeMethod: Method, ...args: unknown[]) {
      if (!isInside && realm.native?.inspectorIsWatched()) {
        isInside = true;
        try {
          reflectApply(inspectorMethod, undefined, args);
        } finally {
          isInside = false;
        }
      }
      return reflectApply(nodeMethod, this, args);
    },
  };
  // Named in stacks, which show what a session is called on.
  const { Connection } = {
    Connection: class extends Link {
      constructor(answer: Answer) {
        super(realm, answer);
      }
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
