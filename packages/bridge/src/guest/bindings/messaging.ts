import { perContext } from "../bootstrap.ts";
import { bindingError } from "../lib/binding-error.ts";
import { type CloneContext, CloneMessage } from "../lib/clone-message.ts";
import { append, putHidden, putOwn } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { Ports } from "../lib/message-port.ts";
import { looksNative } from "../lib/proxies.ts";
import { tellWrappers } from "../lib/wrappers.ts";
import { arrayIsArray, objectSetPrototypeOf, reflectApply, reflectConstruct, symbolIterator } from "../primordials.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";
import { offerMessaging } from "../workers/threads.ts";
import { typeTests } from "./types.ts";

type DomExceptionClass = new (message: string, name: string) => Error;
type CreateObject = (info: string) => object;

const domException = (realm: Realm) => perContext(realm).domexception.DOMException as DomExceptionClass;

const isUnfinished = (result: unknown): result is { readonly value: unknown } =>
  typeof result === "object" && result !== null && !(result as { done?: unknown }).done;

/** Elements of any iterable, or nothing where it is none. */
function listOf(value: unknown): unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (arrayIsArray(value)) {
    const copy: unknown[] = [];
    for (let i = 0; i < value.length; i++) append(copy, value[i]);
    return copy;
  }
  const method = (value as Record<symbol, unknown>)[symbolIterator];
  if (typeof method !== "function") return undefined;
  const iterator = reflectApply(method as () => unknown, value, []);
  if (typeof iterator !== "object" || iterator === null) return undefined;
  const { next } = iterator as { next?: unknown };
  if (typeof next !== "function") return undefined;
  const step = (): unknown => reflectApply(next as () => unknown, iterator, []);
  const out: unknown[] = [];
  for (let result = step(); isUnfinished(result); result = step()) append(out, result.value);
  return out;
}

/** The second argument of `postMessage`: a list, or `{ transfer }`. */
function transferList(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object") {
    throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "Optional transferList argument must be an iterable");
  }
  const list = listOf(value);
  if (list !== undefined) return list;
  const { transfer } = value as { transfer?: unknown };
  if (transfer === undefined) return [];
  const nested = listOf(transfer);
  if (nested === undefined) {
    throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", "Optional options.transfer argument must be an iterable");
  }
  return nested;
}

/** `MessagePort`, a class only C++ can construct, above the methods every handle has. */
function portClass(ports: Ports, context: CloneContext): new () => object {
  let allowed = false;
  // A function, not a class: calling it says the same as constructing it.
  function MessagePort(): void {
    if (!allowed) throw bindingError("TypeError", "ERR_CONSTRUCT_CALL_INVALID", "Constructor cannot be called");
    allowed = false;
  }
  class Methods {
    postMessage(...args: unknown[]): boolean | undefined {
      if (args.length === 0) {
        throw bindingError("TypeError", "ERR_MISSING_ARGS", "Not enough arguments to MessagePort.postMessage");
      }
      const { end, isDetached } = ports.state(this);
      const list = transferList(args[1]);
      const message = CloneMessage.pack(context, args[0], list, this, {
        isFar: ports.isFar(end),
        counter: ports.libraryMemory?.(this, args[0]),
      });
      if (!end || isDetached) return undefined;
      if (ports.isLost(end, message)) {
        const { emitWarning } = context.realm.process as { emitWarning(text: string): void };
        emitWarning("The target port was posted to itself, and the communication channel was lost");
        ports.close(this);
        return true;
      }
      ports.post(end, message);
      return true;
    }
    start(): void {
      ports.start(this);
    }
  }
  const handle = {
    close(this: object) {
      ports.close(this);
    },
    hasRef(this: object) {
      return ports.hasRef(this);
    },
    ref(this: object) {
      ports.setReferenced(this, true);
    },
    unref(this: object) {
      ports.setReferenced(this, false);
    },
  };
  const prototype = MessagePort.prototype as object;
  objectSetPrototypeOf(prototype, handle);
  // C++ methods are enumerable; the library copies them by descriptor.
  putOwn(prototype, "postMessage", Methods.prototype.postMessage);
  putOwn(prototype, "start", Methods.prototype.start);
  ports.create = () => {
    allowed = true;
    return reflectConstruct(MessagePort, []) as object;
  };
  return MessagePort as unknown as new () => object;
}

function channelClass(ports: Ports): object {
  return function MessageChannel(this: object): void {
    if (new.target === undefined) {
      throw bindingError("TypeError", "ERR_CONSTRUCT_CALL_REQUIRED", "Cannot call constructor without `new`");
    }
    const { 0: first, 1: second } = ports.pair();
    putOwn(this, "port1", ports.attach(first));
    putOwn(this, "port2", ports.attach(second));
  };
}

export const install: InstallBinding = (binding: Binding, realm: Realm) => {
  let createObject: CreateObject = () => ({});
  const ports = new Ports(realm, () => perContext(realm).messageport.emitMessage as () => void);
  tellWrappers((object) => ports.isPort(object));
  const context: CloneContext = {
    realm,
    ports,
    types: typeTests(realm),
    domException: () => domException(realm),
    createObject: () => createObject,
  };
  offerMessaging(realm, { ports, context });
  binding.MessagePort = looksNative(portClass(ports, context), "MessagePort");
  binding.MessageChannel = looksNative(channelClass(ports), "MessageChannel");
  binding.DOMException = domException(realm);
  implement(binding, {
    setDeserializerCreateObjectFunction(create: CreateObject) {
      createObject = create;
    },
    structuredClone(value: unknown, options?: { transfer?: unknown }) {
      return CloneMessage.pack(context, value, listOf(options?.transfer) ?? []).open();
    },
    stopMessagePort: (port: object) => ports.stop(port),
    drainMessagePort(port: object | undefined) {
      if (port === undefined || !ports.isPort(port)) return;
      for (let next = ports.take(port); next; next = ports.take(port)) ports.emit(port, next.message);
    },
    receiveMessageOnPort(port: unknown) {
      if (typeof port !== "object" || port === null || !ports.isPort(port)) {
        throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", 'The "port" argument must be a MessagePort instance');
      }
      const received = ports.take(port);
      return received ? received.message.open() : realm.symbols.no_message_symbol;
    },
    broadcastChannel(name: string) {
      return ports.attach(ports.join(ports.broadcastGroup(name)));
    },
    moveMessagePortToContext(port: unknown) {
      if (typeof port !== "object" || port === null || !ports.isPort(port)) {
        throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", 'The "port" argument must be a MessagePort instance');
      }
      if (ports.isDetached(port)) {
        throw bindingError("Error", "ERR_CLOSED_MESSAGE_PORT", "Cannot send data on closed MessagePort");
      }
      throw bindingError(
        "Error",
        "ERR_SANDBOX_WORKER_THREADS_UNSUPPORTED",
        "worker_threads.moveMessagePortToContext is not supported in sandbox",
      );
    },
    exposeLazyDOMExceptionProperty: (target: object) => putHidden(target, "DOMException", domException(realm)),
  });
};
