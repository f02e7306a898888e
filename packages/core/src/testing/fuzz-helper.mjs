// Calls everything the native helper offers with values of every kind, nested and in any order, from inside an isolate.
// Run in a process of its own: a mistake in the helper ends the process.
import ivm from "isolated-vm";

const [, , file, seed, calls] = process.argv;
const helper = new ivm.NativeModule(file);
const isolate = new ivm.Isolate({ memoryLimit: 256 });
const context = isolate.createContextSync();
const native = helper.createSync(context);

const program = `(native, seed, calls) => {
  let state = seed >>> 0;
  const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 4294967296; };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const names = Object.keys(native).filter((name) => typeof native[name] === "function");
  const types = Object.values(native.types ?? {});
  const nothing = () => {};
  const revoked = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; };
  const made = [
    () => undefined, () => null, () => true, () => 0, () => -1, () => 1.5, () => NaN, () => 2 ** 53, () => 10n,
    () => "", () => "text", () => "import x from 'y'; export default 1", () => "({", () => "throw 1", () => "\\0\\ud800",
    () => "x".repeat(70000), () => Symbol("s"), () => Symbol.iterator, () => ({}), () => Object.create(null),
    () => [], () => [1, "a", null], () => new Array(3), () => ["a", "a"], () => [{ valueOf() { throw 1; } }],
    () => nothing, () => class {}, () => async () => {}, () => function* () {}, () => () => { throw new Error("thrown"); },
    () => new Proxy({}, {}), () => new Proxy(nothing, { get() { throw 2; }, apply() { throw 3; } }), revoked,
    () => Promise.resolve(1), () => Promise.reject(1).catch(nothing) && Promise.resolve(), () => new Promise(nothing),
    () => new Map([[1, 2]]), () => new Set([1]).values(), () => new Map([[1, 2]]).entries(), () => new WeakMap(),
    () => new Error("e"), () => new Date(NaN), () => /x/g, () => new Uint8Array(8), () => new ArrayBuffer(4),
    () => new DataView(new ArrayBuffer(2)), () => new SharedArrayBuffer(4), () => new Int32Array(new SharedArrayBuffer(8)),
    () => globalThis, () => native, () => native.types, () => Object.freeze({ a: 1 }),
    () => ({ get x() { throw new Error("getter"); } }), () => ({ toString() { throw 4; }, valueOf() { throw 5; } }),
    () => new WeakRef({}), () => (function () { return arguments; })(1, 2), () => Math.floor(random() * 40),
    () => { const detached = new ArrayBuffer(8); try { structuredClone(detached, { transfer: [detached] }); } catch {} return detached; },
    () => { const view = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 })); view.buffer.resize(0); return view; },
  ];
  const kept = [];
  const value = () => (kept.length > 0 && random() < 0.2 ? pick(kept) : pick(made)());
  let thrown = 0;
  for (let i = 0; i < calls; i++) {
    const name = random() < 0.05 && types.length > 0 ? undefined : pick(names);
    // A whole collection takes longer than everything else together.
    if (name === "collectGarbage" && random() < 0.95) continue;
    const target = name === undefined ? pick(types) : native[name];
    const args = Array.from({ length: Math.floor(random() * 9) }, value);
    try {
      const result = random() < 0.1 ? Reflect.apply(target, value(), args) : target(...args);
      if (result !== undefined && typeof result !== "function" && kept.length < 200) kept.push(result);
      if (typeof result?.then === "function") result.then(nothing, nothing);
    } catch {
      thrown++;
    }
  }
  return names.length + " functions, " + calls + " calls" + (thrown > calls ? "!" : "");
}`;

const run = isolate.compileScriptSync(program).runSync(context, { reference: true });
// Hooks that call themselves may take for ever, as any guest may; they must still be stoppable.
const TIME_MS = 10_000;
try {
  const told = run.applySync(undefined, [native.derefInto(), Number(seed), Number(calls)], { timeout: TIME_MS });
  process.stdout.write(told);
} catch (error) {
  if (!/timed out/.test(String(error))) throw error;
  process.stdout.write("stopped");
}
// A second context of the same isolate gets functions of its own, and what the first one set does not outlive it.
context.release();
const second = isolate.createContextSync();
helper.createSync(second);
isolate.dispose();
