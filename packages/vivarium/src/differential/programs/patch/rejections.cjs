// Reasons nobody handles are the very ones, as far as they are errors.
const seen = [];
process.on("unhandledRejection", (reason, promise) => {
  console.log(reason, reason === seen.at(-1), promise instanceof Promise);
});
const reasons = [
  () => Object.assign(new Error("with more"), { code: "E_MORE", more: [1, 2], cause: new TypeError("why") }),
  () => new (class Special extends Error {})("special"),
  () => {
    const read = new RangeError("read before");
    console.log(read.stack.split("\n")[0]);
    return read;
  },
  () => "text",
  () => 5,
  () => null,
  () => undefined,
];
let at = 0;
const timer = setInterval(async () => {
  if (at === reasons.length) {
    clearInterval(timer);
    process.removeAllListeners("unhandledRejection");
    throw Object.assign(new Error("the last one"), { code: "E_LAST" });
  }
  seen.push(reasons[at++]());
  throw seen.at(-1);
}, 1);
