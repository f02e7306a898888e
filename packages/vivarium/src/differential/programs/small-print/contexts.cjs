// Which async resources there are, and which of them carry a store along.
const { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, executionAsyncResource } = require("async_hooks");
const crypto = require("node:crypto");
const fs = require("node:fs");
const vm = require("node:vm");
const zlib = require("node:zlib");
const { promiseHooks } = require("node:v8");
const { MessageChannel } = require("node:worker_threads");

const storage = new AsyncLocalStorage();
const types = new Map();
const hook = createHook({
  init(id, type, trigger, resource) {
    types.set(type, (types.get(type) ?? 0) + 1);
    resource.bornIn = executionAsyncId();
  },
}).enable();
const seen = [];
const note = (name) => seen.push(`${name} ${storage.getStore()} ${typeof executionAsyncResource().bornIn}`);

storage.run("job", () => {
  crypto.randomBytes(1, () => note("randomBytes"));
  crypto.pbkdf2("a", "b", 1, 8, "sha256", () => note("pbkdf2"));
  zlib.deflate("x", () => note("deflate"));
  fs.readFile(__filename, () => note("readFile"));
  fs.promises.stat(__filename).then(() => note("stat"));
  setImmediate(() => note("immediate"));
  queueMicrotask(() => note("microtask"));
  vm.runInNewContext("(async () => { await 1; note('context'); })()", { note });
  const { port1, port2 } = new MessageChannel();
  port1.on("message", () => {
    note("message");
    port1.close(() => note("close"));
  });
  storage.run("sender", () => port2.postMessage(1));
  (async () => {
    await null;
    note("await");
  })();
});
console.log(storage.getStore());

// The stack of contexts grows.
const depths = [];
(function down(n) {
  const resource = new AsyncResource("deep");
  resource.runInAsyncScope(() => {
    if (n > 0) down(n - 1);
    depths.push(resource.asyncId() === executionAsyncId());
  });
})(500);
console.log(depths.length, depths.every(Boolean));

process.once("beforeExit", () => {
  hook.disable();
  console.log(seen.sort().join("\n"));
  for (const type of ["RANDOMBYTESREQUEST", "PBKDF2REQUEST", "ZLIB", "FSREQCALLBACK", "MESSAGEPORT", "deep"])
    console.log(type, types.get(type));
  storage.disable();

  // What a promise hook throws is an uncaught exception, and the promise goes its way.
  process.on("uncaughtException", ({ message }) => console.log("uncaught", message));
  for (const name of ["onInit", "onBefore", "onAfter", "onSettled"]) {
    const stop = promiseHooks[name](() => {
      stop();
      throw new Error(name);
    });
  }
  Promise.resolve(1).then((value) => console.log("then", value));
});
