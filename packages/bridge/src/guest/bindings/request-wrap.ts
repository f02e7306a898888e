import type { Realm } from "../realm.ts";
import { type Active, activeResources } from "./active-resources.ts";
import { type AsyncResource, asyncObjects } from "./async-object.ts";

/**
 * One request under way (`ReqWrap` of src/req_wrap.h): an async resource from its beginning to its answer, and it keeps
 * the program alive that long, whatever its handle does.
 */
export class Request implements Active {
  readonly name: string;
  readonly target: object;
  readonly #realm: Realm;
  readonly #resource: AsyncResource;
  #isDone = false;

  /**
   * @param target the library's request object, with its `oncomplete`
   * @param name what `process.getActiveResourcesInfo()` calls it
   * @param parent the handle it belongs to
   */
  constructor(realm: Realm, target: object, provider: string, name: string, parent?: AsyncResource) {
    this.#realm = realm;
    this.target = target;
    this.name = name;
    const begin = (): AsyncResource => asyncObjects(realm).begin(target, provider);
    this.#resource = parent ? parent.trigger(begin) : begin();
    realm.loop.ref();
    activeResources(realm).addRequest(this);
  }

  isReferenced(): boolean {
    return !this.#isDone;
  }

  /** Calls `oncomplete`. To be run as a callback of the loop; nothing happens a second time. */
  finish(...args: readonly unknown[]): void {
    if (!this.#end()) return;
    const { oncomplete } = this.target as { oncomplete?: unknown };
    if (typeof oncomplete === "function") this.#resource.call(oncomplete, args);
    this.#resource.destroy();
  }

  /** The operation could not begin: nobody is told. */
  drop(): void {
    if (this.#end()) this.#resource.destroy();
  }

  #end(): boolean {
    if (this.#isDone) return false;
    this.#isDone = true;
    this.#realm.loop.unref();
    activeResources(this.#realm).deleteRequest(this);
    return true;
  }
}
