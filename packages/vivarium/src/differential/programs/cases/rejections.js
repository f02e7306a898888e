//// an unhandled rejection ends with code 1
console.log("before");
Promise.reject(new TypeError("nobody listens"));
setImmediate(() => console.log("never"));
process.on("exit", (code) => console.log("exit", code));

//// the rejections of callbacks that run one after the other are all told
const seen = [];
process.on("unhandledRejection", (reason) => seen.push(reason));
process.on("exit", () => console.log(seen.sort((a, b) => a - b)));
const reject = (value) => { process.nextTick(() => {}); Promise.reject(value); };
for (let i = 0; i < 4; i++) setTimeout(reject, 1, i);
for (let i = 10; i < 14; i++) setImmediate(reject, i);
const fs = require("fs");
for (let i = 20; i < 24; i++) fs.stat(".", () => reject(i));

//// a rejection with something that is no error ends the same way
process.on("exit", (code) => console.log("exit", code));
Promise.reject({ a: 1, b: [2] });

//// a rejection with undefined ends with ERR_UNHANDLED_REJECTION
async function f() { await null; throw undefined; }
f();

//// the listeners unhandledRejection and rejectionHandled
process.on("unhandledRejection", (reason, promise) => { console.log("unhandled", reason.message, promise instanceof Promise); setImmediate(() => promise.catch(() => console.log("caught late"))); });
process.on("rejectionHandled", (promise) => console.log("handled", promise instanceof Promise));
Promise.reject(new Error("one"));
const p = Promise.reject(new Error("two, handled in a tick"));
process.nextTick(() => p.catch(() => console.log("in time")));

//// handled later in the same turn is no rejection
const p = Promise.reject(new Error("x"));
process.on("unhandledRejection", () => console.log("never"));
queueMicrotask(() => p.catch((e) => console.log("microtask", e.message)));
const q = Promise.reject(new Error("y"));
q.then(() => {}, (e) => console.log("then", e.message));
(async () => { try { await Promise.reject(new Error("z")); } catch (e) { console.log("await", e.message); } })();

//// a chain: only the last promise is unhandled
process.on("unhandledRejection", (e, p) => console.log("unhandled", e.message, p === last));
const last = Promise.reject(new Error("chain")).then(() => 1).finally(() => console.log("finally"));

//// --unhandled-rejections=warn
//: flags --unhandled-rejections=warn
Promise.reject(new Error("only a warning"));
setTimeout(() => console.log("goes on", process.exitCode), 5);

//// --unhandled-rejections=none
//: flags --unhandled-rejections=none
Promise.reject(new Error("silent"));
process.on("exit", (code) => console.log("exit", code));
setTimeout(() => console.log("goes on"), 5);

//// --unhandled-rejections=strict goes to uncaughtException first
//: flags --unhandled-rejections=strict
process.on("uncaughtException", (e, origin) => console.log("uncaught", e.message, origin));
process.on("unhandledRejection", (e) => console.log("unhandled", e.message));
Promise.reject(new Error("strict"));
setTimeout(() => console.log("goes on"), 5);

//// --unhandled-rejections=warn-with-error-code ends with code 1
//: flags --unhandled-rejections=warn-with-error-code
Promise.reject(new Error("warned"));
process.on("exit", (code) => console.log("exit", code, process.exitCode));
setTimeout(() => console.log("goes on"), 5);

//// uncaughtException gets a rejection, with its origin
process.on("uncaughtException", (e, origin) => console.log(e.name, e.code, e.message, origin));
process.on("uncaughtExceptionMonitor", (e, origin) => console.log("monitor", origin));
Promise.reject(new RangeError("to uncaught"));
Promise.reject("text");
Promise.reject(null);

//// a listener that throws ends with code 7 or 1
process.on("unhandledRejection", (e) => { throw new Error(`from the listener: ${e.message}`); });
process.on("exit", (code) => console.log("exit", code));
Promise.reject(new Error("first"));

//// multipleResolves and await of many
process.on("unhandledRejection", (e) => console.log("unhandled", e));
new Promise((resolve, reject) => { resolve(1); reject(2); resolve(3); }).then((v) => console.log("value", v));
Promise.all([Promise.reject("a"), Promise.reject("b")]).catch((e) => console.log("all", e));
Promise.race([Promise.reject("c"), Promise.resolve("d")]).catch((e) => console.log("race", e));
Promise.allSettled([Promise.reject("e")]).then((v) => console.log(v));
Promise.any([]).catch((e) => console.log(e.constructor.name, e.errors));

//// an ES module's rejected top-level await ends with code 1
//: name program.mjs
process.on("exit", (code) => console.log("exit", code));
await null;
await Promise.reject(new Error("at the top"));

//// an error whose stack was read before it is rejected: its place is forgotten
(async () => {
  const error = new Error("read");
  console.log(typeof error.stack);
  await 1;
  throw error;
})();

//// an error whose stack is captured anew: its place is that of the capture
(async () => {
  const error = new Error("anew");
  await 1;
  Error.captureStackTrace(error);
  throw error;
})();
