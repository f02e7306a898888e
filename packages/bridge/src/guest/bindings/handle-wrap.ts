import { append } from "../lib/define.ts";
import { NativeTypeError } from "../lib/intrinsics.ts";
import { SafeWeakMap } from "../primordials.ts";
import type { Realm } from "../realm.ts";
import { type Active, activeResources } from "./active-resources.ts";
import { type AsyncObject, type AsyncResource, asyncObjects } from "./async-object.ts";

/** What every handle has towards the library (src/handle_wrap.cc). */
export interface HandleObject extends AsyncObject {
  close(callback?: () => void): void;
  ref(): void;
  unref(): void;
  hasRef(): boolean;
}

/** Fixed facts of a kind of handle. */
export interface HandleKind {
  /** Its name in `async_hooks`, `TCPWRAP`. */
  readonly provider: string;
  /** What `process.getActiveResourcesInfo()` calls it. */
  readonly name: string;
}

/**
 * The inner side of a handle: it keeps the program alive while it is ref'd and does something, as libuv's handles do.
 * Kept apart from the object the library sees, on which a program finds nothing of it.
 */
export class Handle implements Active {
  readonly name: string;
  readonly target: object;
  readonly resource: AsyncResource;
  readonly #realm: Realm;
  readonly #releases: (() => void)[] = [];
  #isActive = false;
  #isReferenced = true;
  #isCounted = false;
  #isClosing = false;
  #isClosed = false;

  constructor(realm: Realm, target: object, { provider, name }: HandleKind) {
    this.#realm = realm;
    this.target = target;
    this.name = name;
    this.resource = asyncObjects(realm).begin(target, provider);
    activeResources(realm).addHandle(this);
  }

  /** Adds what gives up something the handle holds; runs once, when it is closed. */
  atClose(release: () => void): void {
    append(this.#releases, release);
  }

  /** `atClose`, as an assignment for those who hold one thing. */
  set onClose(release: () => void) {
    this.atClose(release);
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Says whether it does something: reads, listens, waits. */
  setActive(active: boolean): void {
    this.#isActive = active;
    this.#count();
  }

  setReferenced(referenced: boolean): void {
    this.#isReferenced = referenced;
    this.#count();
  }

  isReferenced(): boolean {
    return this.#isReferenced && !this.#isClosed;
  }

  #count(): void {
    const counted = this.#isActive && this.#isReferenced && !this.#isClosing;
    if (counted === this.#isCounted) return;
    this.#isCounted = counted;
    if (counted) this.#realm.loop.ref();
    else this.#realm.loop.unref();
  }

  /** Closes it; the callback runs in a later phase of the loop. */
  close(callback: unknown): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#count();
    for (let i = 0; i < this.#releases.length; i++) (this.#releases[i] as () => void)();
    this.#realm.loop.closing(() => {
      this.#isClosed = true;
      activeResources(this.#realm).deleteHandle(this);
      if (typeof callback === "function") this.resource.call(callback, []);
      this.resource.destroy();
    });
  }
}

/** `HandleWrap` of one realm, and the inner side of its objects. */
export interface Handles {
  readonly HandleWrap: new (kind: HandleKind) => HandleObject;
  innerOf(object: object): Handle;
}

const made = new SafeWeakMap<Realm, Handles>();

/** The one `HandleWrap` of a realm. */
export function handlesOf(realm: Realm): Handles {
  const known = made.get(realm) ?? create(realm);
  made.set(realm, known);
  return known;
}

function create(realm: Realm): Handles {
  const { AsyncWrap } = asyncObjects(realm);
  let read: Handles["innerOf"] | undefined;

  const innerOf: Handles["innerOf"] = (object) => {
    try {
      return (read as Handles["innerOf"])(object);
    } catch {
      throw new NativeTypeError("Illegal invocation");
    }
  };

  class HandleWrap extends AsyncWrap implements HandleObject {
    readonly #inner: Handle;

    static {
      read = (object) => (object as HandleWrap).#inner;
    }

    constructor(kind: HandleKind) {
      super();
      this.#inner = new Handle(realm, this, kind);
    }

    close(callback?: () => void): void {
      innerOf(this).close(callback);
    }

    ref(): void {
      innerOf(this).setReferenced(true);
    }

    unref(): void {
      innerOf(this).setReferenced(false);
    }

    hasRef(): boolean {
      return innerOf(this).isReferenced();
    }
  }
  return { HandleWrap, innerOf };
}
