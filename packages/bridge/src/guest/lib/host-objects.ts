import { SafeWeakMap } from "../primordials.ts";

/** An object with state JavaScript does not show, as Node's C++ classes have it. */
export interface HostObject {
  /** A second object for the same state; absent where it cannot be cloned. */
  readonly clone?: () => object;
}

const registered = new SafeWeakMap<object, HostObject>();

/** Says how an object that a binding made behaves in a structured clone. */
export const registerHostObject = (object: object, behaviour: HostObject): void =>
  void registered.set(object, behaviour);

export const hostObject = (object: object): HostObject | undefined => registered.get(object);
