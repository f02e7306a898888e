// V8 shows a frame of its own under the callback.
Error.stackTraceLimit = 1;
const registry = new FinalizationRegistry((held) => {
  console.log("called");
  throw new Error(`about ${held}`);
});
process.on("exit", (code) => console.log("exit", code));
process.on("uncaughtExceptionMonitor", (error, origin) => console.log(error.message, origin));
(() => registry.register({}, "it"))();
setImmediate(() => {
  gc();
  setTimeout(() => console.log("not reached"), 1000);
});
