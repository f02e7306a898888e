/**
 * Guest code: `walk(roots)` follows every property, getter, prototype, map entry and constructor from its roots and
 * returns the strings it met, and how many objects looked like the engine's own.
 */
export const WALK = `
const LONGEST = 256 * 1024;
function walk(roots) {
  const strings = new Set();
  const seen = new Set();
  const engineObjects = [];
  const queue = [...roots];
  const take = (value) => {
    if (typeof value === "string") strings.add(value.slice(0, LONGEST));
    else if (typeof value === "symbol") strings.add(String(value.description));
    else if ((typeof value === "object" && value !== null) || typeof value === "function") {
      if (!seen.has(value)) { seen.add(value); queue.push(value); }
    }
  };
  const attempt = (run) => {
    try {
      const value = run();
      if (value instanceof Promise) value.catch(() => {});
      take(value);
    } catch (error) { take(error); }
  };
  while (queue.length > 0) {
    const object = queue.pop();
    if (ArrayBuffer.isView(object)) continue;
    if (typeof object === "function") attempt(() => Function.prototype.toString.call(object));
    attempt(() => Object.prototype.toString.call(object));
    attempt(() => Object.getPrototypeOf(object));
    let constructorName;
    try { constructorName = object.constructor?.name; } catch {}
    if (["Reference", "Callback", "ExternalCopy", "Isolate", "Context", "NativeModule", "Session"].includes(constructorName) && !(object instanceof Error)) {
      if (typeof object.applySync === "function" || typeof object.copyInto === "function" || typeof object.derefInto === "function" || typeof object.createContextSync === "function") engineObjects.push(constructorName);
    }
    let keys = [];
    try { keys = Reflect.ownKeys(object); } catch (error) { take(error); }
    for (const key of keys) {
      take(key);
      let descriptor;
      try { descriptor = Reflect.getOwnPropertyDescriptor(object, key); } catch (error) { take(error); }
      if (!descriptor) continue;
      if ("value" in descriptor) take(descriptor.value);
      else { take(descriptor.get); take(descriptor.set); attempt(() => descriptor.get && Reflect.apply(descriptor.get, object, [])); }
    }
    if (object instanceof Map) { try { for (const [k, v] of object) { take(k); take(v); } } catch {} }
    if (object instanceof Set) { try { for (const v of object) take(v); } catch {} }
  }
  return { strings: [...strings], objects: seen.size, engineObjects };
}
`;
