const told = [];
const registry = new FinalizationRegistry((held) => told.push(held));
const log = (...args) => console.log(...args);
const round = () => new Promise((resolve) => setImmediate(resolve));
const token = {};
const kept = { kept: true };

function register() {
  for (let i = 0; i < 3; i++) registry.register({}, `object ${i}`);
  registry.register({}, "withdrawn", token);
  registry.register({}, "withdrawn too", token);
  registry.register(Symbol("s"), "symbol");
  registry.register(() => {}, "function");
  registry.register(kept, "kept");
  class Own extends FinalizationRegistry {}
  const own = new Own((held) => told.push(`own ${held}`));
  own.register({}, 1);
  return own;
}

function shows() {
  log(FinalizationRegistry.name, FinalizationRegistry.length, String(FinalizationRegistry), registry);
  log(Object.prototype.toString.call(registry), registry.constructor === FinalizationRegistry);
  log(Reflect.ownKeys(FinalizationRegistry.prototype), registry instanceof FinalizationRegistry);
  const { register, unregister } = FinalizationRegistry.prototype;
  log(register.name, register.length, String(register), unregister.name, unregister.length);
  const wrong = [
    () => FinalizationRegistry(() => {}),
    () => new FinalizationRegistry(),
    () => registry.register(1, 2),
    () => registry.register(Symbol.for("shared"), 2),
    () => registry.register(kept, kept),
    () => registry.register(kept, 1, "token"),
    () => registry.unregister("token"),
    () => register.call({}, {}, 1),
  ];
  for (const run of wrong) {
    try {
      log(run());
    } catch (error) {
      log(error.name, error.message);
    }
  }
}

async function main() {
  shows();
  const own = register();
  log(registry.unregister(token), registry.unregister(token), registry.unregister({}));
  await round();
  setTimeout(() => log("timer"), 0);
  gc();
  process.nextTick(() => log("tick", told.length));
  Promise.resolve().then(() => log("microtask", told.length));
  await round();
  await round();
  log(told.splice(0).sort());
  (() => {
    for (let i = 0; i < 1000; i++) registry.register({ i }, i);
  })();
  await round();
  gc();
  await round();
  await round();
  log(told.length, new Set(told).size, typeof kept, own.constructor.name);
  told.length = 0;
  (() => registry.register({}, "last"))();
  await round();
  setImmediate(() => {
    gc();
    process.on("beforeExit", () => log("after the loop", told));
  });
}
main();
