"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const assert = require("node:assert");
const fs = require("node:fs");
const { Transform, pipeline } = require("node:stream");
const { setTimeout: sleep } = require("node:timers/promises");
const { inspect, promisify } = require("node:util");

const store = new AsyncLocalStorage();
const log = (...what) => console.log(store.getStore() ?? "-", ...what);

process.nextTick(log, "tick");
queueMicrotask(() => log("microtask"));
Promise.resolve()
  .then(() => log("then"))
  .finally(() => process.nextTick(log, "tick of a microtask"));
const unref = setTimeout(() => log("never"), 60_000).unref();
log("main", typeof unref[Symbol.toPrimitive](), __filename.endsWith("everything.cjs"), process.argv.length);

fs.mkdirSync("out/deep", { recursive: true });
fs.writeFileSync("out/a.txt", "line 1\nline 2 ✓\n");
log(fs.readFileSync("out/a.txt", "utf8").split("\n"), fs.statSync("out").isDirectory(), fs.existsSync("no"));
try {
  fs.readFileSync("no/such");
} catch (error) {
  log(error, error.errno);
}

function phases(done) {
  let rounds = 0;
  const interval = setInterval(() => {
    log("interval", interval.hasRef());
    if (++rounds === 2) {
      clearInterval(interval);
      done();
    }
  }, 1);
  setTimeout(log, 1, "timeout");
  setImmediate(() => {
    log("immediate");
    process.nextTick(log, "tick of an immediate");
  });
  setImmediate(log, "second immediate");
}
fs.readFile("no", (error, data) => {
  log("callback", error.code, error.syscall, data);
  const shout = new Transform({
    transform(chunk, _encoding, done) {
      done(null, chunk.toString().toUpperCase());
    },
  });
  pipeline(
    fs.createReadStream("out/a.txt", { highWaterMark: 5 }),
    shout,
    fs.createWriteStream("out/b.txt"),
    (failure) => {
      log("pipeline", failure, fs.readFileSync("out/b.txt", "latin1"));
      phases(() => store.run("inside", () => work("worker").then(() => log("done"))));
    },
  );
});

const url = new URL("https://user:pw@example.org:8443/a/../b?q=1&q=2#x");
log(url.pathname, [...url.searchParams], url, URL.canParse("nope"), new URLSearchParams({ a: "b c" }).toString());
log(structuredClone(new Map([[{ a: 1n }, new Set([new Date(0), /x/gi, new Uint8Array([1, 2])])]])));
log(
  new TextDecoder("utf-16le").decode(new Uint8Array([104, 0, 105, 0])),
  new TextEncoder().encode("é"),
  Buffer.from("aGk", "base64"),
);
try {
  structuredClone(() => {});
} catch (error) {
  log(error.name, error.code, error.message);
}
try {
  new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff]));
} catch (error) {
  log(error.code);
}
try {
  assert.deepStrictEqual({ a: [1, 2] }, { a: [1, 3] });
} catch (error) {
  log(error.message);
}
class Point {
  #x = 1;
  constructor() {
    this.y = [undefined, null, -0, NaN];
  }
  get x() {
    return this.#x;
  }
}
log(
  inspect(new Point(), { getters: true, depth: 0 }),
  [1.5, new Array(2), "three"],
  { [Symbol("s")]: class A extends Map {} },
  new WeakMap(),
);

async function work(name) {
  const controller = new AbortController();
  controller.signal.addEventListener("abort", (event) => log(event.type, controller.signal.reason.name), {
    once: true,
  });
  setTimeout(() => controller.abort(), 8);
  await sleep(60_000, null, { signal: controller.signal }).catch((error) => log(name, error.code, error.cause?.name));
  await fs.promises.appendFile("out/a.txt", name);
  for await (const entry of await fs.promises.opendir("out/deep")) log(entry);
  const handle = await fs.promises.open("out/a.txt");
  log(
    (await handle.stat()).size,
    (await handle.read(Buffer.alloc(6), 0, 6, 0)).buffer.toString(),
    await promisify(fs.access)("out"),
  );
  await handle.close();
  console.error("%s has %d %o %j", name, "42", [1], { j: 1 });
  setTimeout(() => {
    throw Object.assign(new RangeError("nobody catches this"), { code: "E_END", cause: new Error("below") });
  }, 1);
}
process.on("beforeExit", () => log("never"));
process.on("exit", (code) => log("exit", code, process.exitCode));
