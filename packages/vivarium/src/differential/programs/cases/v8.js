//// serialize and deserialize everything
const v8 = require("v8");
const o = { a: [1, , 3], m: new Map([[1, { x: 1 }]]), s: new Set(["a"]), d: new Date(5), r: /x/g, b: Buffer.from("buf"), u16: new Uint16Array([1, 2]), dv: new DataView(new ArrayBuffer(2)), big: -5n, box: Object(1), u: undefined, n: null, neg: -0, nan: NaN, e: new TypeError("t"), ab: new ArrayBuffer(2) };
o.self = o;
const c = v8.deserialize(v8.serialize(o));
console.log({ ...c, e: [c.e.name, c.e.message] }, c.self === c);

//// the bytes are Node's
const v8 = require("v8");
for (const v of [1, -1, 1.5, "text", "€", true, null, undefined, [1, 2], { a: 1 }, new Date(0), 10n, new Map([[1, 2]]), new Uint8Array([9]), Buffer.from("x"), /a/i, new Set([1]), [, 1], "x".repeat(3)]) console.log(v8.serialize(v).toString("hex"));

//// bytes of a known kind are read, broken ones are refused
const v8 = require("v8");
for (const hex of ["ff0f4906", "ff0d6f22016149027b01", "ff0f22026869", "ff0f6f", "ff0fff", "ff634906", "ff0f22ff"]) try { console.log(hex, v8.deserialize(Buffer.from(hex, "hex"))); } catch (e) { console.log(hex, e.name, e.message); }
for (const bad of ["x", 5, undefined, {}]) try { v8.deserialize(bad); } catch (e) { console.log(e.name, e.code, e.message); }

//// what cannot be serialized
const v8 = require("v8");
for (const v of [() => {}, Symbol("s"), new WeakMap(), { f: class {} }, new SharedArrayBuffer(1), Promise.resolve(), { get a() { throw new Error("getter"); } }]) try { console.log(v8.serialize(v)); } catch (e) { console.log(e.name, e.message); }

//// Serializer and Deserializer by hand
const { Serializer, Deserializer } = require("v8");
const s = new Serializer();
s.writeHeader();
s.writeUint32(5);
s.writeUint64(1, 2);
s.writeDouble(1.5);
s.writeRawBytes(Buffer.from("raw"));
s.writeValue({ a: 1 });
const bytes = s.releaseBuffer();
const d = new Deserializer(bytes);
console.log(bytes.toString("hex"), d.readHeader(), d.readUint32(), d.readUint64(), d.readDouble(), d.readRawBytes(3).toString(), d.readValue(), d.getWireFormatVersion());
for (const f of [() => new Deserializer("x"), () => s.writeRawBytes(5)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// host objects and delegates of one's own
const { Serializer, Deserializer } = require("v8");
class S extends Serializer {
  _writeHostObject(o) { console.log("host object", o.constructor.name); this.writeUint32(o.length); }
  _getDataCloneError(m) { return new RangeError(`mine: ${m}`); }
}
const s = new S();
s._setTreatArrayBufferViewsAsHostObjects(true);
s.writeHeader();
s.writeValue({ v: new Uint8Array(3) });
class D extends Deserializer { _readHostObject() { return { length: this.readUint32() }; } }
const d = new D(s.releaseBuffer());
d.readHeader();
console.log(d.readValue());
try { new S().writeValue(() => {}); } catch (e) { console.log(e.name, e.message); }

//// heap statistics: their keys
const v8 = require("v8");
console.log(Object.keys(v8.getHeapStatistics()), Object.keys(v8.getHeapCodeStatistics()), v8.getHeapSpaceStatistics().map((s) => s.space_name), Object.keys(v8.getHeapSpaceStatistics()[0]), typeof v8.cachedDataVersionTag());
console.log(Object.keys(v8).sort().join(" "));
for (const f of [() => v8.setFlagsFromString(5), () => v8.setHeapSnapshotNearHeapLimit(0), () => v8.queryObjects(5)]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// large and deep values
const v8 = require("v8");
const many = Array.from({ length: 5000 }, (_, i) => ({ i, s: `text ${i}` }));
const bytes = v8.serialize(many);
console.log(bytes.length, v8.deserialize(bytes)[4999], v8.serialize("x".repeat(100000)).length, v8.serialize("€".repeat(1000)).length);
let deep = {};
for (let i = 0; i < 500; i++) deep = { deep };
console.log(v8.deserialize(v8.serialize(deep)).deep.deep.deep !== undefined, v8.deserialize(v8.serialize(Buffer.alloc(70000, 1))).length);

//// proxies and the global object cannot be cloned, and none of their code runs
const v8 = require("v8");
class K {}
const gone = Proxy.revocable({}, {});
gone.revoke();
const loud = new Proxy({}, { get() { console.log("get"); }, getPrototypeOf() { console.log("trap"); return null; }, getOwnPropertyDescriptor() { console.log("descriptor"); } });
const values = [new Proxy({}, {}), new Proxy([], {}), { p: new Proxy({}, {}) }, new Proxy(new K(), {}), new Proxy(() => {}, {}), new Proxy(new Proxy([], {}), {}), gone.proxy, new Proxy(new Error("m"), {}), new Proxy(new Date(0), {}), new Proxy({ constructor: 5 }, {}), loud, { __proto__: loud }, { __proto__: loud, f() {} }, globalThis];
for (const value of values) {
  for (const clone of [structuredClone, v8.serialize]) try { console.log(clone(value)); } catch (e) { console.log(e.name, e.message); }
}

//// bytes without a header, and reads past the end
const v8 = require("v8");
for (const hex of ["00", "", "ff", "ff0c"]) try { v8.deserialize(Buffer.from(hex, "hex")); } catch (e) { console.log(e.message); }
const s = new v8.Serializer();
s.writeHeader();
const d = new v8.Deserializer(s.releaseBuffer());
console.log(d.getWireFormatVersion(), d.readHeader(), d.getWireFormatVersion());
for (const f of [() => d.readUint32(), () => d.readUint64(), () => d.readDouble(), () => d.readRawBytes(9), () => v8.Serializer(), () => v8.Deserializer(), () => v8.Serializer.prototype.writeHeader.call({})]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(Object.keys(v8.Serializer.prototype), Object.getOwnPropertyDescriptor(v8.Deserializer, "prototype"), v8.Serializer.name, v8.Serializer.length, String(v8.Serializer));

//// _readHostObject that answers no object
const { Serializer, Deserializer } = require("v8");
const s = new Serializer();
s._setTreatArrayBufferViewsAsHostObjects(true);
s._writeHostObject = () => {};
s.writeHeader();
s.writeValue(new Uint8Array(1));
const d = new Deserializer(s.releaseBuffer());
d._readHostObject = () => 5;
d.readHeader();
try { d.readValue(); } catch (e) { console.log(e.name, e.code, e.message, typeof e.stack, Object.keys(e)); }

//// the environment can be cloned, and is no proxy
process.env.ONE = "1";
const { ONE } = structuredClone(process.env);
console.log(ONE, require("util").types.isProxy(process.env));

//// a garbage collector for contexts that are made from now on
const v8 = require("v8"), vm = require("vm");
console.log(typeof gc, v8.setFlagsFromString("--expose-gc"), typeof gc, typeof vm.runInNewContext("gc"));
const collect = vm.runInNewContext("gc");
const gone = new WeakRef({});
setImmediate(() => { console.log(collect(), gone.deref(), Object.keys(vm.runInNewContext("this"))); v8.setFlagsFromString("--no-expose_gc"); console.log(typeof vm.runInNewContext("typeof gc === 'function' ? gc : 1")); });
