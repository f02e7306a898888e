// Small things of buffer, crypto, messaging, os, process, url, util, v8 and zlib, each told on a line of its own.
const assert = require("node:assert");
const { createSecretKey } = require("node:crypto");
const os = require("node:os");
const url = require("node:url");
const v8 = require("node:v8");
const vm = require("node:vm");
const zlib = require("node:zlib");
const { MessageChannel, MessagePort } = require("node:worker_threads");

const told = (run) => {
  try {
    return run();
  } catch (error) {
    return `${error.name} ${error.code} ${error.message}`;
  }
};

for (const directory of ["/a/", "/a//", "/", ""]) {
  process.env.TMPDIR = directory;
  if (directory !== "") console.log(os.tmpdir());
}
for (const zone of ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Etc/UTC", "UTC"]) {
  process.env.TZ = zone;
  const date = new Date("2018-04-14T12:34:56.789Z");
  console.log(`${date}`, date.getTimezoneOffset(), Intl.DateTimeFormat().resolvedOptions().timeZone);
}
for (const descriptor of [{ value: "x" }, { get() {} }, { writable: false, enumerable: true, configurable: true, value: 1 }])
  console.log(told(() => Object.defineProperty(process.env, "DEFINED", descriptor)));
for (const id of ["nobody-of-this-name", {}, -1]) console.log(told(() => process.setgroups([id])));

const windows = { windows: true };
for (const file of ["\\\\?\\C:\\path\\to", "\\\\nas\\share\\a b", "\\\\ex%\\s\\x", "C:\\a?b#c"])
  console.log(told(() => url.pathToFileURL(file, windows).href));
for (const text of ["x://0.0,1.1/", "http://Ä.example/", "http://a_b.c/", "http://xn--a/"])
  console.log(told(() => url.parse(text).hostname));

const buffer = new ArrayBuffer(4);
const view = new Uint8Array(buffer);
structuredClone(buffer, { transfer: [buffer] });
for (const label of ["utf-8", "latin1", "utf-16le"])
  for (const bytes of [buffer, view]) console.log(label, JSON.stringify(told(() => new TextDecoder(label).decode(bytes))));

const key = createSecretKey("0123456789", "utf8");
const copy = structuredClone(key);
console.log(copy.type, copy.export().toString(), copy.equals(key), copy.constructor === key.constructor);

console.log(told(() => MessagePort()), told(() => new MessagePort()));
const { port1, port2 } = new MessageChannel();
for (const list of [0, "x", { transfer: null }, { transfer: {} }, { transfer: { [Symbol.iterator]: () => ({}) } }])
  console.log(told(() => port1.postMessage(1, list)));
console.log(told(() => port1.postMessage(port1, [port1])));
port1.on("message", (message) => {
  console.log("got", message);
  port1.close();
});
port1.on("close", () => console.log("closed"));
port2.postMessage("one");
port2.postMessage("two");
const lost = new MessageChannel();
lost.port2.postMessage(null, [lost.port1]);

assert.throws(() => {
  "use strict";
  zlib.constants.Z_OK = 1;
}, TypeError);
console.log("v8BreakIterator" in Intl, vm.runInNewContext("'v8BreakIterator' in Intl"));
console.log(v8.getHeapSpaceStatistics().map(({ space_name, space_size }) => `${space_name} ${typeof space_size}`));
console.log(v8.getHeapCodeStatistics().code_and_metadata_size > 0, v8.getHeapStatistics().number_of_native_contexts > 0);
console.log(v8.cachedDataVersionTag() === v8.cachedDataVersionTag());
const profiler = new v8.GCProfiler();
profiler.start();
const { version, statistics } = profiler.stop();
console.log(version, Array.isArray(statistics));
