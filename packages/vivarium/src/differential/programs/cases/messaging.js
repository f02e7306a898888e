//// structuredClone of every kind
const circle = { a: [1, , 3], m: new Map([[{ k: 1 }, new Set([1])]]), d: new Date(0), r: /x/giu, e: new RangeError("e", { cause: "c" }), b: new Uint8Array([1, 2]), big: 10n, box: Object("s"), u: undefined, n: -0, ab: new ArrayBuffer(2) };
circle.self = circle;
const copy = structuredClone(circle);
console.log({ ...copy, e: [copy.e.name, copy.e.message, copy.e.cause] }, copy.self === copy, copy.m !== circle.m, Object.is(copy.n, -0));
class A { x = 1; get y() { return 2; } }
console.log(structuredClone(new A()), structuredClone(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })), structuredClone(Buffer.from("b")).constructor.name);

//// what cannot be cloned
for (const v of [() => {}, Symbol("s"), { f() {} }, new WeakMap(), Promise.resolve(), new (class { #p = 1; })(), function* () {}, [new WeakRef({})], new EventTarget(), (() => {}).bind()]) try { console.log(structuredClone(v)); } catch (e) { console.log(e.name, e.code, e.message, e instanceof DOMException); }
for (const f of [() => structuredClone(), () => structuredClone({ get x() { throw new Error("getter"); } }), () => structuredClone(1, { transfer: 5 }), () => structuredClone(1, 5)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// transfer
const ab = new ArrayBuffer(4);
const view = new Uint8Array(ab);
view[0] = 7;
const moved = structuredClone({ view, ab }, { transfer: [ab] });
console.log(ab.byteLength, ab.detached, view.length, moved.view, moved.view.buffer === moved.ab);
for (const list of [[ab], [view], [1], [moved.ab, moved.ab], [{}], null]) try { structuredClone(moved, { transfer: list }); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
const { port1 } = new MessageChannel();
console.log(structuredClone({ port1 }, { transfer: [port1] }).port1.constructor.name);

//// MessageChannel: order, events and close
const { port1, port2 } = new MessageChannel();
port2.on("message", (m) => { console.log("message", m); if (m === "last") port2.close(); });
port2.on("close", () => console.log("port2 close"));
port1.on("message", () => {}).on("close", () => console.log("port1 close"));
port1.postMessage({ a: 1 });
port1.postMessage([new Map([[1, 2]])]);
process.nextTick(() => console.log("tick"));
setImmediate(() => console.log("immediate"));
port1.postMessage("last");

//// onmessage, addEventListener, start and MessageEvent
const { port1, port2 } = new MessageChannel();
port1.addEventListener("message", (e) => { console.log("listener", e.data, e.type, e.constructor.name, e.target === port1, e.ports, e.origin, e.lastEventId); port1.close(); });
port1.start();
port2.onmessage = function (e) { console.log("on", e.data, this === port2); port2.postMessage("back"); };
port1.postMessage("there");
console.log(port1.onmessage, typeof port2.onmessage, Object.prototype.toString.call(port1), new MessageEvent("m", { data: 1, origin: "o" }).data);

//// receiveMessageOnPort
const { receiveMessageOnPort, MessageChannel } = require("worker_threads");
const { port1, port2 } = new MessageChannel();
port1.postMessage(1);
port1.postMessage(undefined);
console.log(receiveMessageOnPort(port2), receiveMessageOnPort(port2), receiveMessageOnPort(port2));
port1.close();
try { receiveMessageOnPort({}); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(require("worker_threads").isMainThread, require("worker_threads").threadId, require("worker_threads").parentPort, require("worker_threads").workerData);

//// ports travel through ports
const a = new MessageChannel();
const b = new MessageChannel();
a.port2.on("message", ({ port, text }) => { port.postMessage(`answer to ${text}`); port.close(); a.port2.close(); });
a.port1.postMessage({ port: b.port2, text: "hi" }, [b.port2]);
b.port1.on("message", (m) => console.log(m)).on("close", () => console.log("closed"));
for (const f of [() => a.port1.postMessage(b.port1), () => a.port1.postMessage(1, [a.port1]), () => a.port1.postMessage(() => {}), () => a.port1.postMessage(), () => new MessagePort()]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// BroadcastChannel
const one = new BroadcastChannel("c");
const two = new BroadcastChannel("c");
const other = new BroadcastChannel("d");
one.onmessage = (e) => { console.log("one", e.data); one.close(); other.close(); };
two.onmessage = (e) => { console.log("two", e.data, e.target === two); two.postMessage("back"); two.close(); };
other.onmessage = () => console.log("never");
one.postMessage({ x: 1 });
console.log(one.name, two);
const closed = new BroadcastChannel("e");
closed.close();
for (const f of [() => closed.postMessage(1), () => new BroadcastChannel(), () => two.postMessage(() => {}), () => BroadcastChannel.prototype.name]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// ref and unref of ports
const a = new MessageChannel();
console.log(a.port1.hasRef?.());
a.port1.on("message", () => {});
console.log(a.port1.hasRef?.());
a.port1.unref();
process.on("exit", () => console.log("exit"));
const b = new MessageChannel();
b.port1.onmessage = () => {};
b.port1.onmessage = null;

//// shared memory and Atomics
const shared = new SharedArrayBuffer(8);
const { port1, port2 } = new MessageChannel();
const cells = new Int32Array(shared);
port2.once("message", (got) => { Atomics.store(got, 0, 5); console.log(cells[0], got.buffer instanceof SharedArrayBuffer); port2.close(); });
port1.postMessage(cells);
console.log(Atomics.add(cells, 1, 2), Atomics.compareExchange(cells, 1, 2, 9), cells[1], Atomics.notify(cells, 0), Atomics.wait(cells, 0, 1));
try { structuredClone(shared, { transfer: [shared] }); } catch (e) { console.log(e.name, e.message); }

//// marked values, environment data and objects of Node
const { markAsUntransferable, isMarkedAsUntransferable, setEnvironmentData, getEnvironmentData, markAsUncloneable } = require("worker_threads");
const ab = new ArrayBuffer(1);
markAsUntransferable(ab);
console.log(isMarkedAsUntransferable(ab));
try { structuredClone(ab, { transfer: [ab] }); } catch (e) { console.log(e.name, e.code, e.message); }
const o = {};
markAsUncloneable?.(o);
try { structuredClone(o); } catch (e) { console.log(e.name, e.code, e.message); }
setEnvironmentData("k", { v: 1 });
console.log(getEnvironmentData("k"), getEnvironmentData("none"));
const { createHistogram } = require("perf_hooks");
console.log(structuredClone(createHistogram()).count, structuredClone(new DOMException("m", "AbortError")).name);

//// streams are transferred
(async () => {
  const { port1, port2 } = new MessageChannel();
  port2.on("message", async ({ readable, writable }) => {
    for await (const c of readable) console.log("read", c);
    const w = writable.getWriter();
    await w.write("back");
    await w.close();
    port2.close();
  });
  const readable = ReadableStream.from(["a", "b"]);
  const writable = new WritableStream({ write(c) { console.log("wrote", c); }, close() { console.log("closed"); } });
  port1.postMessage({ readable, writable }, [readable, writable]);
  console.log(readable.locked, writable.locked);
})();

//// messages wait for a listener, errors of listeners are uncaught
process.on("uncaughtException", (e) => console.log("uncaught", e.message));
const { port1, port2 } = new MessageChannel();
port1.postMessage(1);
port1.postMessage(2);
setImmediate(() => port2.on("message", (m) => { console.log("got", m); if (m === 2) port2.close(); throw new Error(`from ${m}`); }));
