// Calls what a guest is lent of V8's runtime functions with values of every kind, made to look like what they are not,
// while V8 collects and throws bytecode away. Run in a process of its own: a mistake in their tests ends the process.
import v8 from "node:v8";
import ivm from "isolated-vm";
import { RUNTIME_FUNCTIONS } from "../engine/runtime-functions.ts";

const rounds = Number(process.argv[2]);
v8.setFlagsFromString("--allow-natives-syntax");
const snapshot = ivm.Isolate.createSnapshot([{ code: `globalThis.lent = ${RUNTIME_FUNCTIONS};`, filename: "lent" }]);
v8.setFlagsFromString("--no-allow-natives-syntax");

const program = `(rounds) => {
  const { runMicrotasks, enqueueMicrotask, isProxy, proxyDetails, haveSameMap, isPromise, promiseDetails } = lent;
  const nothing = () => {};
  const revoked = () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; };
  class Derived extends Promise {}
  const withMaker = (get) => Object.defineProperty(Object.create(Promise.prototype), "constructor", { get, configurable: true });
  const liar = { get() { throw 1; }, getPrototypeOf: () => Promise.prototype, defineProperty: () => true, getOwnPropertyDescriptor: nothing, isExtensible: () => true };
  // [value, whether it is a proxy, the state of the promise it is]
  const made = [
    () => [undefined], () => [null], () => [0], () => [-1], () => [1.5], () => [10n], () => ["text"], () => [Symbol("s")], () => [true],
    () => [{}], () => [[]], () => [nothing], () => [class {}], () => [function* () {}()], () => [async () => {}], () => [/x/],
    () => [new Map()], () => [new Map([[1, 2]]).entries()], () => [new WeakRef({})], () => [new Error("e")], () => [new Uint8Array(9)],
    () => [new ArrayBuffer(8)], () => [new WeakMap()], () => [globalThis], () => [Promise], () => [Promise.prototype], () => [new Date()],
    () => [Object.create(Promise.prototype)], () => [Object.freeze(Object.create(Promise.prototype))],
    () => [Object.setPrototypeOf(new Map(), Promise.prototype)], () => [Object.setPrototypeOf(() => {}, Promise.prototype)],
    () => [Object.setPrototypeOf(function* () {}(), Promise.prototype)], () => [Object.setPrototypeOf(new Uint8Array(1), Derived.prototype)],
    () => { const fake = withMaker(() => function (run) { run(nothing, nothing); return fake; }); return [fake]; },
    () => { const fake = { constructor: function (run) { run(nothing, nothing); return fake; }, then: nothing }; return [fake]; },
    () => [new Proxy({}, {}), true], () => [new Proxy(nothing, liar), true], () => [new Proxy(Promise.resolve(1), {}), true],
    () => [new Proxy(Promise.resolve(1), liar), true], () => [revoked(), true], () => [new Proxy(new Proxy([], {}), {}), true],
    () => [Promise.resolve(7), false, 1], () => [new Promise(nothing), false, 0], () => [Derived.resolve(7), false, 1],
    () => { const failed = Promise.reject(7); failed.catch(nothing); return [failed, false, 2]; },
    () => { const failed = Derived.reject(7); failed.catch(nothing); return [failed, false, 2]; },
    () => [Object.assign(Promise.resolve(7), { own: 1 }), false, 1], () => [Object.setPrototypeOf(Promise.resolve(7), null), false, 1],
    () => [Object.setPrototypeOf(Promise.resolve(7), new Proxy({}, {})), false, 1],
    () => [(async () => 7)(), false, 1], () => [(async () => { await new Promise(nothing); })(), false, 0],
  ];
  // What cannot be seen without asking the program is left open.
  const open = [() => Object.freeze(Promise.resolve(7)), () => Object.assign(Promise.resolve(7), { constructor: nothing })];
  const wrong = [];
  const expect = (fact, is) => { if (!is && wrong.length < 5) wrong.push(fact); };
  let order = 0;
  for (let i = 0; i < rounds; i++) {
    const which = i % made.length;
    const [value, proxy = false, state] = made[which]();
    expect("isProxy " + which, isProxy(value) === proxy);
    const details = proxyDetails(value);
    expect("proxyDetails " + which, proxy ? Array.isArray(details) && details.length === 2 : details === undefined);
    const promise = promiseDetails(value);
    expect("promiseDetails " + which, state === undefined ? promise === undefined : promise[0] === state && (state === 0 || promise[1] === 7));
    expect("isPromise " + which, state === undefined ? !isPromise(value) : isPromise(value) === true);
    expect("haveSameMap " + which, haveSameMap(value, value) === (which > 8));
    haveSameMap(made[(i * 7) % made.length]()[0], value);
    const keys = typeof value === "object" && value !== null && !proxy ? Reflect.ownKeys(value).length : 0;
    isPromise(value);
    expect("changed " + which, keys === 0 || Reflect.ownKeys(value).length === keys);
    for (const make of open) { const kept = make(); expect("open", isPromise(kept) === undefined && promiseDetails(kept) === undefined); }
    if (i % 500 === 0) {
      Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFunction()).filter((fn) => /%|checkpoint/.test(String(fn)));
      Promise.resolve().then(() => expect("call sites", new Error().stack.length === 0));
      runMicrotasks();
      delete Error.prepareStackTrace;
    }
    let seen = 0;
    Promise.resolve().then(() => { seen = seen * 10 + 1; runMicrotasks(); }).then(() => { seen = seen * 10 + 3; });
    enqueueMicrotask(() => { seen = seen * 10 + 2; });
    runMicrotasks();
    expect("order", seen === 123);
    order += seen;
  }
  return wrong.join("; ") || rounds + " rounds";
}`;

const isolate = new ivm.Isolate({ snapshot, memoryLimit: 128 });
const context = isolate.createContextSync();
const run = context.evalSync(`(${program})`, { reference: true });
const answer = run.applySync(undefined, [rounds]);
// Bytecode grows old in whole collections in which it did not run.
for (let i = 0; i < 40; i++) {
  context.evalSync("{ const list = []; for (let i = 0; i < 100000; i++) list.push({ i }); }");
  isolate.getHeapStatisticsSync();
}
const later = run.applySync(undefined, [100]);
process.stdout.write(later === "100 rounds" ? answer : `${answer}, then ${later}`);
