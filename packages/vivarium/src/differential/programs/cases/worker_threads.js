//// a file as a worker: facts, data, messages both ways, exit code
const { Worker, isMainThread, parentPort, workerData, threadId, threadName } = require("worker_threads");
if (isMainThread) {
  const w = new Worker(__filename, { workerData: { a: [1, new Map([[1, { 2: 3n }]])], d: new Date(0) }, argv: ["x", 1], name: "N" });
  console.log(w.threadId, w.threadName, threadId, parentPort, workerData);
  w.on("online", () => console.log("online"));
  w.on("message", (m) => { console.log("parent got", m); if (m === "ready") w.postMessage({ re: /x/g }); });
  w.on("exit", (code) => console.log("exit", code, w.threadId));
} else {
  const facts = [isMainThread, threadId, threadName, workerData, process.argv.slice(2), process.argv.length, process.pid === process.ppid, require.main === module];
  parentPort.postMessage(facts);
  parentPort.postMessage("ready");
  parentPort.once("message", (m) => { parentPort.postMessage({ echo: m, type: m.re.constructor.name }); process.exitCode = 7; });
}

//// eval, ES modules, data: URLs and what is no file
const { Worker } = require("worker_threads");
const run = (...args) => new Promise((resolve) => {
  const out = [];
  try {
    new Worker(...args).on("message", (m) => out.push(m)).on("error", (e) => out.push([e.name, e.code, e.message])).on("exit", (code) => resolve([code, ...out]));
  } catch (e) { resolve([e.name, e.code, e.message]); }
});
(async () => {
  console.log(await run(`require("worker_threads").parentPort.postMessage([__filename, typeof require, process.argv.length])`, { eval: true }));
  console.log(await run("./m.mjs"));
  console.log(await run(new URL("./m.mjs", require("url").pathToFileURL(__filename))));
  console.log(await run(new URL("data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.postMessage(import.meta.url.length)")));
  console.log(await run("relative.js"));
  console.log(await run(5));
  console.log(await run("import fs from 'fs'; import { parentPort } from 'worker_threads'; parentPort.postMessage(typeof fs.readFileSync)", { eval: true }));
  console.log(await run("syntax error", { eval: true }));
  const missing = await run("./none.js");
  console.log(missing[0], missing[1].slice(0, 2));
})();
//: file m.mjs
import { parentPort, isMainThread } from "node:worker_threads";
const { x } = await import("./x.mjs");
parentPort.postMessage([isMainThread, x, import.meta.url.endsWith("m.mjs")]);
//: file x.mjs
export const x = await Promise.resolve(9);

//// what a worker throws arrives as its parent's error
const { Worker } = require("worker_threads");
const run = (code) => new Promise((resolve) => {
  const w = new Worker(code, { eval: true });
  w.on("error", (e) => console.log(e instanceof Error ? [e.constructor.name, e.message, e.code, e.extra, String(e.stack).split("\n")[0]] : ["no error", e]));
  w.on("exit", (code) => { console.log("exit", code); resolve(); });
});
(async () => {
  await run(`throw Object.assign(new RangeError("too much"), { code: "E_MUCH", extra: { deep: [1] } })`);
  await run(`Promise.reject(new TypeError("rejected"))`);
  await run(`throw "a string"`);
  await run(`setTimeout(() => { null.x }, 1)`);
  await run(`process.on("uncaughtException", (e) => { require("worker_threads").parentPort.postMessage(1); process.exit(5); }); throw new Error("handled")`);
  await run(`process.on("exit", (code) => { process.exitCode = code + 40; }); throw new Error("exit code")`);
  await run(`throw () => {}`);
})();

//// process.exit and terminate end the worker alone
const { Worker } = require("worker_threads");
const { once } = require("events");
(async () => {
  const exits = new Worker("process.on('exit', (c) => console.log('exiting', c)); process.exit(42); console.log('never')", { eval: true });
  console.log(await once(exits, "exit"));
  const busy = new Worker("require('worker_threads').parentPort.postMessage('up'); for (;;);", { eval: true });
  console.log(await once(busy, "message"));
  const ended = once(busy, "exit");
  console.log(await busy.terminate(), await ended, await busy.terminate(), busy.threadId);
  const waits = new Worker("setInterval(() => {}, 1e6)", { eval: true });
  await once(waits, "online");
  console.log(await waits.terminate());
  console.log("main goes on", process.exitCode);
})();

//// standard streams of a worker
const { Worker } = require("worker_threads");
const { text } = require("stream/consumers");
const { once } = require("events");
(async () => {
  const code = `
    process.stdin.setEncoding("utf8").on("data", (d) => process.stdout.write("in:" + d)).on("end", () => { console.error("err"); process.stdout.write("end"); });
    process.on("exit", () => process.stdout.write(" bye"));`;
  const w = new Worker(code, { eval: true, stdin: true, stdout: true, stderr: true });
  const all = Promise.all([text(w.stdout), text(w.stderr), once(w, "exit")]);
  w.stdin.write("one ");
  w.stdin.end("two");
  console.log(await all);
  const plain = new Worker("console.log('to stdout'); console.error('to stderr'); process.stdin.on('data', () => {}).on('end', () => console.log('no input'))", { eval: true });
  await once(plain, "exit");
  console.log(plain.stdin, typeof plain.stdout.read);
})();

//// a transferred MessagePort speaks across, and through a third thread
const { Worker, MessageChannel } = require("worker_threads");
const { once } = require("events");
(async () => {
  const code = `
    const { parentPort, Worker } = require("worker_threads");
    parentPort.once("message", ({ port, depth }) => {
      if (depth > 0) {
        const next = new Worker(${JSON.stringify("CODE")}.length ? require("worker_threads").getEnvironmentData("code") : "", { eval: true });
        next.postMessage({ port, depth: depth - 1 }, [port]);
        next.on("exit", (c) => parentPort.postMessage(["inner", c]));
      } else {
        port.on("message", (m) => { port.postMessage({ got: m, at: require("worker_threads").threadId > 0 }); if (m === "end") port.close(); });
        port.postMessage("hello");
      }
    });`;
  require("worker_threads").setEnvironmentData("code", code);
  for (const depth of [0, 1]) {
    const { port1, port2 } = new MessageChannel();
    const w = new Worker(code, { eval: true });
    const ended = once(w, "exit");
    w.on("message", (m) => console.log("worker says", m));
    w.postMessage({ port: port2, depth }, [port2]);
    port1.on("message", (m) => console.log(depth, m));
    port1.postMessage("one");
    port1.postMessage("end");
    await Promise.all([once(port1, "close"), ended]);
    console.log("closed", depth, await ended);
  }
})();

//// messages queued in a channel travel with its port, and a port comes back
const { Worker, MessageChannel } = require("worker_threads");
const { port1, port2 } = new MessageChannel();
port1.postMessage("before 1");
port1.postMessage({ before: 2 });
const w = new Worker(`
  const { parentPort, workerData } = require("worker_threads");
  const list = [];
  workerData.port.on("message", (m) => {
    list.push(m);
    if (list.length === 3) parentPort.postMessage({ list, port: workerData.port }, [workerData.port]);
  });`, { eval: true, workerData: { port: port2 }, transferList: [port2] });
port1.postMessage("after");
w.on("message", ({ list, port }) => {
  console.log(list, port.constructor.name);
  port.postMessage("local again");
});
port1.once("message", (m) => {
  console.log("back", m);
  port1.close();
});
port1.on("close", () => console.log("closed"));

//// transferred buffers, and what cannot cross
const { Worker } = require("worker_threads");
const w = new Worker(`const { parentPort } = require("worker_threads"); parentPort.on("message", (m) => { parentPort.postMessage(m, m.buffer ? [m.buffer] : []); if (m === "end") parentPort.close(); })`, { eval: true });
const view = new Uint16Array([1, 2, 65535]);
w.postMessage(view, [view.buffer]);
console.log(view.length, view.buffer.detached);
w.on("message", (m) => console.log(m, m.constructor.name));
for (const value of [() => {}, Symbol("s"), { deep: [new WeakMap()] }, Promise.resolve()]) {
  try { w.postMessage(value); } catch (e) { console.log(e.name, e.code, e.message); }
}
for (const list of [[view.buffer], [5], [new Uint8Array(1)]]) try { w.postMessage(1, list); } catch (e) { console.log(e.name, e.message); }
w.postMessage({ big: "x".repeat(300000) + "é", s: "\u{1F600}" }.s);
w.postMessage(new Error("an error", { cause: 1 }).message);
w.postMessage("end");
w.on("exit", (code) => { console.log("exit", code); console.log(w.postMessage("late")); });

//// megabytes both ways arrive whole and in order
const { Worker } = require("worker_threads");
const w = new Worker(`const { parentPort } = require("worker_threads"); let n = 0; parentPort.on("message", (m) => { n++; parentPort.postMessage([n, m.length, m[m.length - 1]]); if (n === 40) parentPort.close(); else if (n === 20) parentPort.postMessage(m); })`, { eval: true });
for (let i = 1; i <= 40; i++) w.postMessage(new Uint8Array(i * 20000).fill(i));
let count = 0;
w.on("message", (m) => { count++; if (m instanceof Uint8Array) console.log("whole", m.length, m.every((b) => b === 20)); else if (m[0] % 10 === 0) console.log(m); });
w.on("exit", () => console.log(count));

//// the environment: a copy, one of its own, and environment data
const { Worker, setEnvironmentData, getEnvironmentData } = require("worker_threads");
const { once } = require("events");
(async () => {
  process.env.FOR_ALL = "1";
  setEnvironmentData("key", { value: [1] });
  setEnvironmentData("gone", 1);
  setEnvironmentData("gone");
  const code = `const { parentPort, getEnvironmentData } = require("worker_threads"); process.env.ADDED = "x"; parentPort.postMessage([process.env.FOR_ALL, process.env.OWN, getEnvironmentData("key"), getEnvironmentData("gone"), "gone" in process.env]);`;
  for (const env of [undefined, null, process.env, { OWN: 5 }, {}]) console.log((await once(new Worker(code, { eval: true, env }), "message"))[0]);
  console.log(process.env.ADDED, getEnvironmentData("key"));
  try { new Worker(code, { eval: true, env: 5 }); } catch (e) { console.log(e.code); }
})();

//// execArgv, NODE_OPTIONS and resource limits
const { Worker, resourceLimits, SHARE_ENV } = require("worker_threads");
const run = (options) => new Promise((resolve) => {
  try {
    const w = new Worker(`const { parentPort, resourceLimits } = require("worker_threads"); parentPort.postMessage([process.execArgv, resourceLimits.stackSizeMb, Object.keys(resourceLimits)])`, { eval: true, ...options });
    w.on("message", resolve).on("error", resolve);
    if (options.resourceLimits) console.log(w.resourceLimits.maxOldGenerationSizeMb, w.resourceLimits.stackSizeMb);
  } catch (e) { resolve([e.code, e.message]); }
});
(async () => {
  console.log(resourceLimits, typeof SHARE_ENV);
  for (const options of [{}, { execArgv: ["--no-warnings"] }, { execArgv: ["--nonsense"] }, { execArgv: ["--title=x"] }, { execArgv: 5 }, { execArgv: ["--input-type"] }, { env: { NODE_OPTIONS: "--title=y" } }, { env: { NODE_OPTIONS: "--bad" } }, { resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 2 } }]) console.log(await run(options));
})();
//: flags --no-deprecation

//// ref and unref, and what keeps a program alive
const { Worker } = require("worker_threads");
const w = new Worker("setInterval(() => {}, 1e6)", { eval: true });
w.unref();
process.on("exit", () => console.log("the program ends, its worker with it"));
w.on("exit", () => console.log("never"));

//// workers start workers, and end with who started them
const { Worker } = require("worker_threads");
const w = new Worker(`
  const { Worker, parentPort, threadId } = require("worker_threads");
  const inner = new Worker('const { parentPort, threadId } = require("worker_threads"); parentPort.postMessage(threadId); setInterval(() => {}, 1e6)', { eval: true });
  inner.on("message", (id) => { parentPort.postMessage([threadId, id, inner.threadId]); process.exit(3); });
  inner.on("exit", () => parentPort.postMessage("never"));`, { eval: true });
w.on("message", (m) => console.log(m));
w.on("exit", (code) => console.log("exit", code));

//// BroadcastChannel reaches every thread but the sender
const { Worker, BroadcastChannel } = require("worker_threads");
const code = `const { BroadcastChannel, parentPort, threadId, workerData } = require("worker_threads");
  const c = new BroadcastChannel("all");
  c.onmessage = ({ data }) => { parentPort.postMessage([workerData, data]); if (data === "end") c.close(); };
  parentPort.postMessage("ready");`;
const channel = new BroadcastChannel("all");
const other = new BroadcastChannel("other");
other.onmessage = () => console.log("never");
channel.onmessage = () => console.log("never");
const heard = [];
let ready = 0;
let left = 2;
for (const name of ["a", "b"]) {
  const w = new Worker(code, { eval: true, workerData: name });
  w.on("message", (m) => {
    if (m !== "ready") heard.push(JSON.stringify(m));
    else if (++ready === 2) { channel.postMessage({ x: 1 }); channel.postMessage("end"); }
  });
  w.on("exit", () => { if (--left === 0) { console.log(heard.sort()); channel.close(); other.close(); } });
}

//// process.chdir is seen by workers, which cannot do it
const { Worker } = require("worker_threads");
const path = require("path");
const w = new Worker(`const { parentPort } = require("worker_threads"); const path = require("path");
  const errors = [];
  for (const f of [() => process.chdir("/"), () => process.abort(), () => process.umask(0), () => process.setuid(1)]) try { f(); } catch (e) { errors.push([e.code, e.message]); }
  parentPort.on("message", (m) => { if (m === "end") return parentPort.close(); parentPort.postMessage([errors, path.basename(process.cwd())]); });`, { eval: true });
require("fs").mkdirSync("below");
process.chdir("below");
w.postMessage("where");
w.on("message", (m) => { console.log(m); w.postMessage("end"); });
w.on("exit", () => console.log(path.basename(process.cwd())));

//// files are shared: a descriptor and a FileHandle cross
const { Worker } = require("worker_threads");
const fs = require("fs");
fs.writeFileSync("shared.txt", "0123456789");
const fd = fs.openSync("shared.txt", "r+");
(async () => {
  const handle = await fs.promises.open("shared.txt", "r");
  const w = new Worker(`const { workerData, parentPort } = require("worker_threads"); const fs = require("fs");
    fs.writeSync(workerData.fd, "AB");
    const b = Buffer.alloc(4);
    workerData.handle.read(b, 0, 4, 0).then(async ({ bytesRead }) => { await workerData.handle.close(); parentPort.postMessage([bytesRead, b.toString()]); });`,
    { eval: true, workerData: { fd, handle }, transferList: [handle] });
  console.log(handle.fd);
  w.on("message", (m) => console.log(m));
  w.on("exit", (code) => { fs.closeSync(fd); console.log(code, fs.readFileSync("shared.txt", "utf8")); });
})();

//// streams, blobs and event targets cross as Node lets them
const { Worker } = require("worker_threads");
const readable = new ReadableStream({ start(c) { c.enqueue("one"); c.enqueue("two"); c.close(); } });
const w = new Worker(`const { parentPort } = require("worker_threads"); const { text } = require("stream/consumers");
  const alive = setInterval(() => {}, 1e6);
  parentPort.once("message", async ({ readable, blob }) => { parentPort.postMessage([await text(readable), await blob.text(), blob.size, blob.type]); clearInterval(alive); });`, { eval: true });
w.postMessage({ readable, blob: new Blob(["blob ", "text"], { type: "text/plain" }) }, [readable]);
console.log(readable.locked);
w.on("message", (m) => console.log(m));
w.on("exit", (code) => console.log("exit", code));

//// async hooks, storage and events around a worker
const { Worker } = require("worker_threads");
const { AsyncLocalStorage, createHook } = require("async_hooks");
const types = new Set();
createHook({ init(id, type) { if (type === "WORKER" || type === "MESSAGEPORT") types.add(type); } }).enable();
const store = new AsyncLocalStorage();
process.on("worker", (w) => console.log("process event", w.constructor.name));
require("diagnostics_channel").subscribe("worker_threads", ({ worker }) => console.log("channel", worker instanceof Worker));
store.run("s", () => {
  const w = new Worker(`require("worker_threads").parentPort.postMessage(1)`, { eval: true });
  w.on("message", () => console.log("in", store.getStore()));
  w.on("exit", () => console.log("exit in", store.getStore(), [...types].sort()));
});

//// performance, heap statistics and CPU time of a worker
const { Worker } = require("worker_threads");
const { once } = require("events");
(async () => {
  const w = new Worker(`const { parentPort } = require("worker_threads"); parentPort.postMessage([performance.timeOrigin, performance.now()]); parentPort.once("message", () => {})`, { eval: true });
  const [[origin, now]] = await once(w, "message");
  console.log(origin === performance.timeOrigin, now > 0 && now < performance.now() + 1000);
  const heap = await w.getHeapStatistics();
  console.log(heap.used_heap_size > 0, heap.total_heap_size >= heap.used_heap_size);
  const cpu = await w.cpuUsage();
  console.log(Object.keys(cpu), cpu.user >= 0);
  console.log(Object.keys(w.performance.eventLoopUtilization()));
  w.postMessage("end");
  console.log(await once(w, "exit"), await w.getHeapStatistics().catch((e) => e.code));
})();

//// receiveMessageOnPort takes what has arrived
const { MessageChannel, receiveMessageOnPort, Worker } = require("worker_threads");
const { port1, port2 } = new MessageChannel();
const w = new Worker(`const { workerData } = require("worker_threads"); workerData.postMessage(1); workerData.postMessage({ two: 2 }); workerData.close();`, { eval: true, workerData: port2, transferList: [port2] });
w.on("exit", () => {
  console.log(receiveMessageOnPort(port1), receiveMessageOnPort(port1), receiveMessageOnPort(port1));
});

//// postMessageToThread finds any thread by its number
const { Worker, postMessageToThread, threadId } = require("worker_threads");
const { once } = require("events");
(async () => {
  const echoed = new Promise((resolve) => process.on("workerMessage", (m, from) => resolve(["main got", m, from > 0])));
  const code = `const { postMessageToThread, parentPort } = require("worker_threads");
    process.on("workerMessage", (m, from) => {
      if (m === "throw") throw new Error("no");
      if (m === "end") return parentPort.close();
      postMessageToThread(0, { echo: m, from });
    });
    parentPort.on("message", () => {});
    parentPort.postMessage("ready");`;
  const [a, b] = [new Worker(code, { eval: true }), new Worker(code, { eval: true })];
  const ended = Promise.all([once(a, "exit"), once(b, "exit")]);
  await Promise.all([once(a, "message"), once(b, "message")]);
  await postMessageToThread(a.threadId, { to: "a" });
  console.log(await echoed);
  const failed = (e) => console.log(e.code, e.message);
  await postMessageToThread(b.threadId, "throw").catch(failed);
  await postMessageToThread(99, "nobody").catch(failed);
  await postMessageToThread(threadId, "self").catch(failed);
  await postMessageToThread(a.threadId, 1, [], -1).catch(failed);
  await postMessageToThread(a.threadId, "end");
  await postMessageToThread(b.threadId, "end");
  console.log(await ended);
})();
