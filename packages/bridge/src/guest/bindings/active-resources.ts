import { append } from "../lib/define.ts";
import { NativeSet } from "../lib/intrinsics.ts";
import { SafeWeakMap, SetProto } from "../primordials.ts";
import type { Realm } from "../realm.ts";

/** A handle or request under way, as `process` tells about it. */
export interface Active {
  /** The name `process.getActiveResourcesInfo()` gives (`MemoryInfoName` of the class in Node's C++). */
  readonly name: string;
  readonly target: object;
  /** Whether it keeps the loop alive by itself: handles that are not ref'd are not told about. */
  isReferenced(): boolean;
}

/** The queues of handles and requests of src/env.h. */
export class ActiveResources {
  readonly #handles = new NativeSet<Active>();
  readonly #requests = new NativeSet<Active>();

  addHandle(handle: Active): void {
    SetProto.add(this.#handles, handle);
  }

  deleteHandle(handle: Active): void {
    SetProto.delete(this.#handles, handle);
  }

  addRequest(request: Active): void {
    SetProto.add(this.#requests, request);
  }

  deleteRequest(request: Active): void {
    SetProto.delete(this.#requests, request);
  }

  handles(): Active[] {
    return listOf(this.#handles);
  }

  requests(): Active[] {
    return listOf(this.#requests);
  }
}

function listOf(set: Set<Active>): Active[] {
  const list: Active[] = [];
  SetProto.forEach(set as Set<unknown>, (active) => {
    if ((active as Active).isReferenced()) append(list, active as Active);
  });
  return list;
}

const made = new SafeWeakMap<Realm, ActiveResources>();

/** The queues of one realm. */
export function activeResources(realm: Realm): ActiveResources {
  const known = made.get(realm) ?? new ActiveResources();
  made.set(realm, known);
  return known;
}

/** The library's objects for what is under way (`AsyncWrap::GetOwner`): a socket for its handle. */
export function ownersOf(realm: Realm, list: readonly Active[]): object[] {
  const owner = realm.symbols["owner_symbol"] as symbol;
  const owners: object[] = [];
  for (let i = 0; i < list.length; i++) {
    const { target } = list[i] as Active;
    const found = (target as Record<symbol, unknown>)[owner];
    append(owners, typeof found === "object" && found !== null ? found : target);
  }
  return owners;
}
