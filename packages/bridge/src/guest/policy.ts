import type { TierConfig } from "../contract/boot.ts";
import { deferInPlace, deferredFacade } from "./lib/deferred.ts";
import { unsupportedModule } from "./lib/unsupported.ts";
import { ArrayProto, objectCreate, objectKeys, reflectApply } from "./primordials.ts";
import type { Realm } from "./realm.ts";

/** realm.js's own class for library modules, as far as the policy touches it. */
interface BuiltinModule {
  readonly id: string;
  exports: Record<string, unknown>;
  /** What programs get in its place (library/patches.ts). */
  publicFace?: BuiltinModule;
  compileForPublicLoader(): Record<string, unknown>;
}

interface BuiltinModuleClass {
  readonly prototype: BuiltinModule;
  readonly map: { get(id: string): BuiltinModule | undefined };
  getCanBeRequiredByUsersWithoutSchemeList(): string[];
}

/**
 * Modules whose deferred functions the library itself goes on using (`http` listens through `net`): programs get a
 * facade. Everywhere else the functions themselves are replaced, so that a program that patches the module patches
 * what everybody sees, as on Node.
 */
const FACADES: readonly string[] = ["net", "tls", "_tls_wrap", "_tls_common"];

/** Lays the compatibility policy over the library: what `require`, `import` and `getBuiltinModule` give out. */
export function applyTiers(realm: Realm): void {
  const { unsupported, deferred } = realm.config.tiers;
  const { BuiltinModule } = realm.requireBuiltin<{ BuiltinModule: BuiltinModuleClass }>("internal/bootstrap/realm");
  refuseUnsupported(BuiltinModule, realm.config.tiers);
  const ids = objectKeys(deferred);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as string;
    const builtin = unsupported[id] === undefined ? BuiltinModule.map.get(id) : undefined;
    if (builtin) deferModule(builtin, deferred[id] as Readonly<Record<string, string>>);
  }
}

function refuseUnsupported(Class: BuiltinModuleClass, { unsupported }: TierConfig): void {
  const { compileForPublicLoader } = Class.prototype;
  Class.prototype.compileForPublicLoader = function (this: BuiltinModule) {
    const code = unsupported[this.id];
    if (code !== undefined) throw unsupportedModule(this.id, code);
    return reflectApply(compileForPublicLoader, this, []) as Record<string, unknown>;
  };
  const { getCanBeRequiredByUsersWithoutSchemeList: all } = Class;
  Class.getCanBeRequiredByUsersWithoutSchemeList = () =>
    ArrayProto.filter(
      reflectApply(all, Class, []) as string[],
      (id) => unsupported[id as string] === undefined,
    ) as string[];
}

/** Changes one module when it is first given out; nothing is loaded before. */
function deferModule(builtin: BuiltinModule, apis: Readonly<Record<string, string>>): void {
  const compile = builtin.compileForPublicLoader;
  const isFacade = ArrayProto.includes(FACADES as string[], builtin.id);
  let given: Record<string, unknown> | undefined;
  builtin.compileForPublicLoader = () => {
    if (given) return given;
    const exports = reflectApply(compile, builtin, []) as Record<string, unknown>;
    given = isFacade ? deferredFacade(builtin.id, exports, apis) : deferInPlace(builtin.id, exports, apis);
    if (isFacade) {
      const face = objectCreate(builtin) as BuiltinModule;
      face.exports = given;
      builtin.publicFace = face;
    }
    return given;
  };
}
