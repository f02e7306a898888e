import { tellWrappers } from "../lib/wrappers.ts";
import { reflectApply, SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** The part of lib/internal/async_hooks.js that stands for src/async_wrap.cc. */
interface AsyncHooks {
  newAsyncId(): number;
  getDefaultTriggerAsyncId(): number;
  emitInit(asyncId: number, type: string, triggerId: number, resource: object): void;
  emitBefore(asyncId: number, triggerId: number, resource: object): void;
  emitAfter(asyncId: number): void;
  emitDestroy(asyncId: number): void;
  defaultTriggerAsyncIdScope<T>(triggerId: number, block: () => T): T;
}

type Fn = (...args: never[]) => unknown;

/** `AsyncWrap` of src/async_wrap.cc: one resource of `async_hooks`, with the context its callbacks run in. */
export class AsyncResource {
  readonly #realm: Realm;
  readonly #hooks: AsyncHooks;
  readonly #target: object;
  readonly provider: string;
  #resource: object;
  #frame: unknown;
  #triggerId: number;
  id: number;

  /**
   * Emits `init`.
   * @param provider its name in `async_hooks`, `TCPWRAP`
   */
  constructor(realm: Realm, target: object, provider: string, resource = target) {
    this.#realm = realm;
    this.#hooks = realm.requireBuiltin<AsyncHooks>("internal/async_hooks");
    this.#target = target;
    this.provider = provider;
    this.#resource = resource;
    this.id = this.#hooks.newAsyncId();
    this.#triggerId = this.#hooks.getDefaultTriggerAsyncId();
    this.#frame = realm.loop.hooks.getFrame();
    this.#hooks.emitInit(this.id, provider, this.#triggerId, resource);
  }

  /** The object goes on as another resource (`AsyncWrap::AsyncReset`). */
  reset(resource: object = this.#target): void {
    this.destroy();
    this.#resource = resource;
    this.id = this.#hooks.newAsyncId();
    this.#triggerId = this.#hooks.getDefaultTriggerAsyncId();
    this.#frame = this.#realm.loop.hooks.getFrame();
    this.#hooks.emitInit(this.id, this.provider, this.#triggerId, resource);
  }

  /** `MakeCallback`. When the callback throws, the loop clears the stack of contexts. */
  call(fn: unknown, args: readonly unknown[]): unknown {
    const { id } = this;
    const { hooks } = this.#realm.loop;
    const outer = hooks.getFrame();
    hooks.setFrame(this.#frame);
    this.#hooks.emitBefore(id, this.#triggerId, this.#resource);
    const result: unknown = reflectApply(fn as Fn, this.#target, args as never[]);
    this.#hooks.emitAfter(id);
    hooks.setFrame(outer);
    return result;
  }

  /** What is made meanwhile was triggered by this one (`AsyncHooks::DefaultTriggerAsyncIdScope`). */
  trigger<T>(make: () => T): T {
    return this.#hooks.defaultTriggerAsyncIdScope(this.id, make);
  }

  destroy(): void {
    if (this.id > 0) this.#hooks.emitDestroy(this.id);
    this.id = -1;
  }
}

/** What every handle and request of Node's C++ has (src/async_wrap.h). */
export interface AsyncObject {
  getAsyncId(): number;
  getProviderType(): number;
  asyncReset(resource?: object): void;
}

/** The class of such objects, and what only bindings do with them. */
export interface AsyncObjects {
  readonly AsyncWrap: new () => AsyncObject;
  /** Makes an object a resource from now on: a handle with its constructor, a request when its operation begins. */
  begin(target: object, provider: string, resource?: object): AsyncResource;
}

const made = new SafeWeakMap<Realm, AsyncObjects>();

/**
 * The one `AsyncWrap` of a realm. The classes below it are declared by their names: V8 calls an object in a stack by the
 * name its class has in the source.
 */
export function asyncObjects(realm: Realm): AsyncObjects {
  const known = made.get(realm) ?? create(realm);
  made.set(realm, known);
  return known;
}

function create(realm: Realm): AsyncObjects {
  let begin: AsyncObjects["begin"] | undefined;

  class AsyncWrap implements AsyncObject {
    #resource: AsyncResource | undefined;

    static {
      tellWrappers((object) => #resource in object);
      begin = (target, provider, resource) => {
        const started = new AsyncResource(realm, target, provider, resource);
        if (#resource in target) target.#resource = started;
        return started;
      };
    }

    getAsyncId(): number {
      return this.#resource?.id ?? -1;
    }

    getProviderType(): number {
      const providers = realm.internalBinding("async_wrap")["Providers"] as Record<string, number>;
      return providers[this.#resource?.provider ?? "NONE"] ?? 0;
    }

    asyncReset(resource?: object): void {
      this.#resource?.reset(resource);
    }
  }
  return { AsyncWrap, begin: begin as unknown as AsyncObjects["begin"] };
}
