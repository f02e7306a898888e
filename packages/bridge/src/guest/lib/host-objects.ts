import { SafeMap, SafeWeakMap } from "../primordials.ts";
import { wasmKind } from "./wasm-objects.ts";

/** An object with state JavaScript does not show, as Node's C++ classes have it. */
export interface HostObject {
  /** A second object for the same state; absent where it cannot be cloned. */
  readonly clone?: () => object;
  /** Takes the state away from the object -> what makes one of it again; absent where it cannot be transferred. */
  readonly transfer?: () => () => object;
  /** The state as data, for another thread; absent where it cannot go there. */
  readonly portable?: () => Portable;
}

/** State on its way to another thread: data `encodeWire` takes, and who makes an object of it there. */
export interface Portable {
  readonly kind: string;
  readonly data: unknown;
}

type Revive = (data: unknown) => object;

const registered = new SafeWeakMap<object, HostObject>();
const revivers = new SafeMap<string, Revive>();

/** Says how an object that a binding made behaves in a structured clone. */
export const registerHostObject = (object: object, behaviour: HostObject): void =>
  void registered.set(object, behaviour);

/** Whether a binding made the object and said how it behaves. */
export const isHostObject = (object: object): boolean => registered.has(object);

/** How an object behaves. A compiled module has no state of its own: here it serves as its own copy. */
export const hostObject = (object: object): HostObject | undefined =>
  registered.get(object) ?? (wasmKind(object) === "Module" ? { clone: () => object } : undefined);

/** Says who makes an object of a kind of portable data. */
export const registerReviver = (kind: string, revive: Revive): void => void revivers.set(kind, revive);

/** The library module that has to be loaded before a kind's reviver is there. */
const homes = new SafeMap<string, string>();

/** Says which module of the library makes objects of a kind, for a thread that has not loaded it yet. */
export const registerHome = (kind: string, module: string): void => void homes.set(kind, module);

/** Makes the object again. Nothing where nobody here knows the kind. */
export function revived({ kind, data }: Portable, requireBuiltin: (id: string) => unknown): object | undefined {
  const home = homes.get(kind);
  if (home !== undefined) requireBuiltin(home);
  return revivers.get(kind)?.(data);
}
