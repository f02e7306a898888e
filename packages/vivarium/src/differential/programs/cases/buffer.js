//// from strings in every encoding and back
for (const encoding of ["utf8", "utf16le", "latin1", "ascii", "base64", "base64url", "hex", "binary", "ucs2"]) {
  const b = Buffer.from("48656c6c6f€ä", encoding);
  console.log(encoding, b, JSON.stringify(b.toString(encoding)), Buffer.byteLength("48656c6c6f€ä", encoding), Buffer.isEncoding(encoding));
}
console.log(Buffer.isEncoding("UTF-8"), Buffer.isEncoding("nope"), Buffer.from("zz", "hex"), Buffer.from("a b=c", "base64"), Buffer.from("_-8", "base64"));

//// from arrays, views, buffers and objects
console.log(Buffer.from([1, 256, -1, 1.9, "7", "x"]), Buffer.from(new Uint16Array([1, 300])), Buffer.from(new Uint16Array([258]).buffer), Buffer.from(Buffer.from("copy")));
console.log(Buffer.from({ length: 2, 0: 5, 1: 6 }), Buffer.from(new String("boxed")), Buffer.from({ type: "Buffer", data: [1, 2] }), Buffer.from({ [Symbol.toPrimitive]: () => "prim" }), Buffer.of(1, 2, 3));
for (const bad of [null, undefined, 5, true, {}, () => {}, Symbol("s"), 10n]) try { console.log(Buffer.from(bad)); } catch (e) { console.log(e.name, e.code, e.message); }

//// alloc, fill and their errors
console.log(Buffer.alloc(3), Buffer.alloc(5, "ab"), Buffer.alloc(4, "616263", "hex"), Buffer.alloc(3, 257), Buffer.alloc(3, Buffer.from([1, 2])), Buffer.alloc(2, ""));
console.log(Buffer.alloc(6).fill("€"), Buffer.alloc(6).fill("xy", 1, 4), Buffer.alloc(4).fill(-1), Buffer.alloc(4).fill("a", "utf16le"), Buffer.allocUnsafe(3).fill(0));
for (const f of [() => Buffer.alloc(-1), () => Buffer.alloc("5"), () => Buffer.alloc(NaN), () => Buffer.alloc(2, "zz", "hex"), () => Buffer.alloc(2).fill("a", 5), () => Buffer.alloc(2).fill("a", "nope"), () => Buffer.allocUnsafe(2 ** 53)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// concat, compare and equals
console.log(Buffer.concat([Buffer.from("ab"), new Uint8Array([99])]), Buffer.concat([Buffer.from("abc")], 2), Buffer.concat([Buffer.from("a")], 3), Buffer.concat([]));
const a = Buffer.from("abc");
console.log(a.compare(Buffer.from("abd")), Buffer.compare(a, a), a.compare(Buffer.from("xbcx"), 1, 3, 1), a.equals(new Uint8Array([97, 98, 99])), [Buffer.from("b"), Buffer.from("a")].sort(Buffer.compare));
for (const f of [() => Buffer.concat("x"), () => Buffer.concat([1]), () => a.compare("abc"), () => a.equals(5), () => a.compare(a, 99), () => Buffer.compare(a, "x")]) try { f(); console.log("fine"); } catch (e) { console.log(e.code, e.message); }

//// indexOf, lastIndexOf, includes
const b = Buffer.from("this is a buffer, this is");
console.log(b.indexOf("is"), b.indexOf("is", 3), b.lastIndexOf("is"), b.lastIndexOf("is", 20), b.includes("buffer"), b.indexOf(Buffer.from("a b")), b.indexOf(97), b.indexOf(99.9), b.indexOf(""), b.indexOf("", 99), b.indexOf("is", -3), b.lastIndexOf("is", -10), b.indexOf("no"));
const w = Buffer.from("ἀβγ", "utf16le");
console.log(w.indexOf("γ", 0, "utf16le"), w.indexOf("γ", "utf16le"), w.lastIndexOf("β", undefined, "ucs2"), b.indexOf("dGhpcw==", "base64"), b.indexOf("20", 5, "hex"));
for (const f of [() => b.indexOf({}), () => b.indexOf(), () => b.indexOf("x", 0, "nope")]) try { f(); } catch (e) { console.log(e.code, e.message); }

//// integers, little and big
const b = Buffer.alloc(8);
for (const [name, value] of [["UInt8", 255], ["Int8", -128], ["UInt16LE", 65535], ["UInt16BE", 258], ["Int16LE", -2], ["Int16BE", -2], ["UInt32LE", 4294967295], ["UInt32BE", 16909060], ["Int32LE", -5], ["Int32BE", -5]]) {
  b.fill(0);
  console.log(name, b[`write${name}`](value, 1), b.toString("hex"), b[`read${name}`](1));
}
for (const f of [() => b.writeUInt8(256, 0), () => b.writeInt16LE(40000), () => b.readInt32BE(6), () => b.readUInt8(1.5), () => b.readUInt8("0"), () => b.writeUInt32BE(-1, 0), () => b.readInt8(-1), () => Buffer.alloc(1).readUInt16LE()]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// integers of any width and big integers
const b = Buffer.alloc(8);
for (let n = 1; n <= 6; n++) {
  b.fill(0);
  b.writeUIntBE(2 ** (8 * n) - 2, 0, n);
  const big = b.readUIntBE(0, n);
  b.writeIntLE(-3, 0, n);
  console.log(n, big, b.toString("hex"), b.readIntLE(0, n), b.readUIntLE(0, n));
}
b.writeBigUInt64LE(2n ** 64n - 1n);
console.log(b.readBigInt64LE(), b.readBigUInt64BE(), b.writeBigInt64BE(-2n), b);
for (const f of [() => b.readUIntBE(0, 7), () => b.readUIntBE(0), () => b.writeUIntLE(2 ** 24, 0, 3), () => b.writeBigUInt64LE(-1n), () => b.writeBigInt64LE(2n ** 63n), () => b.writeBigInt64LE(1)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }

//// floats and doubles
const b = Buffer.alloc(8);
for (const v of [0, -0, 1.1, NaN, Infinity, 1e-45, 3.4e38, 5e-324, "2.5"]) {
  b.writeFloatBE(v);
  const f = b.toString("hex", 0, 4);
  b.writeDoubleLE(v);
  console.log(v, f, b.toString("hex"), b.readDoubleLE(), b.readFloatLE(4));
}
try { b.readDoubleBE(1); } catch (e) { console.log(e.code, e.message); }
try { b.writeFloatLE(1, 6); } catch (e) { console.log(e.code, e.message); }

//// swap16, swap32, swap64
console.log(Buffer.from("01020304", "hex").swap16(), Buffer.from("01020304", "hex").swap32(), Buffer.from("0102030405060708", "hex").swap64());
const long = Buffer.alloc(256, "abcdefgh");
console.log(long.swap64().toString("latin1", 0, 16), long.swap32().toString("latin1", 250), long.swap16().toString("latin1", 0, 8));
for (const n of [16, 32, 64]) try { Buffer.alloc(3)[`swap${n}`](); } catch (e) { console.log(e.name, e.code, e.message); }

//// slice, subarray and shared memory
const b = Buffer.from("abcdef");
const s = b.subarray(1, -1);
s[0] = 120;
console.log(String(b), String(s), s.buffer === b.buffer, s.byteOffset - b.byteOffset, s.parent === b.parent, b.slice(2).toString(), b.subarray(4, 2), b.subarray("1", 3.9).toString());
console.log(Buffer.prototype.slice.call(new Uint8Array([1, 2, 3]), 1), Uint8Array.prototype.slice.call(b, 0, 2).constructor.name, b.map((x) => x + 1).toString(), b.filter((x) => x > 100).constructor.name);

//// copy
const a = Buffer.from("abcdef");
const b = Buffer.alloc(6, ".");
console.log(a.copy(b, 1, 2, 4), String(b), a.copy(b, 5), String(b), a.copy(a, 2), String(a), a.copy(new Uint8Array(2)), a.copy(b, 9), a.copy(b, 0, 3, 1));
for (const f of [() => a.copy(), () => a.copy(b, -1), () => a.copy(b, 0, -1), () => a.copy(b, 0, 9), () => a.copy("x"), () => a.copy(b, 0, 0, -1)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// write in every form
const b = Buffer.alloc(8, ".");
console.log(b.write("abc"), b.write("de", 3), b.write("fghij", 6), String(b), b.write("€€€€", 0), b, b.write("abcd", 0, 2), b.write("6162", "hex"), b.write("xyz", 1, "latin1"), b.write("YQ", 0, 1, "base64"), String(b));
for (const f of [() => b.write(5), () => b.write("a", 9), () => b.write("a", -1), () => b.write("a", 0, 99), () => b.write("a", 0, 1, "nope"), () => b.write("a", "zzz")]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }
console.log(b.utf8Write("ü", 0), b.hexWrite("ff", 2), b.latin1Slice(0, 2), b.hexSlice(), b.asciiSlice(0, 3), b.base64urlSlice(0, 4));

//// toString: ranges, broken bytes
const b = Buffer.from("a€😀");
console.log([b.toString("utf8", 1, 3), b.toString("utf8", -5, 99), b.toString("utf8", 4, 2), b.toString(undefined, 0, 1), b.toString("hex", 1, 2)].map(escape));
console.log(escape(Buffer.from([0xff, 0xe2, 0x82, 0x41, 0xed, 0xa0, 0x80]).toString()), Buffer.from([0xe1, 0x80]).toString("ascii"), escape(Buffer.from([0x3d, 0xd8, 0x41]).toString("utf16le")));
try { b.toString("nope"); } catch (e) { console.log(e.name, e.code, e.message); }

//// toJSON, inspect and iteration
const b = Buffer.from("hey");
console.log(JSON.stringify(b), b.toJSON(), [...b], [...b.entries()], [...b.keys()], require("util").inspect(b), b.inspect(), require("util").inspect(Object.assign(Buffer.from("x"), { extra: 1 })));
require("buffer").INSPECT_MAX_BYTES = 2;
console.log(b, Buffer.alloc(60));
console.log(Buffer.from(JSON.parse(JSON.stringify(b))).toString(), b.parent === b.buffer, b.offset === b.byteOffset, b.toLocaleString === b.toString);

//// from an ArrayBuffer, with offset and length
const ab = new Uint8Array([1, 2, 3, 4]).buffer;
console.log(Buffer.from(ab, 1), Buffer.from(ab, 1, 2), Buffer.from(ab, "2"), Buffer.from(ab).buffer === ab, Buffer.from(new SharedArrayBuffer(2)));
for (const f of [() => Buffer.from(ab, 5), () => Buffer.from(ab, 0, 9), () => Buffer.from(ab, -1)]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }
const wide = new Uint16Array([1, 2]);
console.log(Buffer.copyBytesFrom(wide, 1), Buffer.copyBytesFrom(wide, 0, 1), Buffer.from(wide.buffer));

//// the pool and unsafe buffers
console.log(Buffer.poolSize, Buffer.from("a").buffer.byteLength === Buffer.poolSize, Buffer.allocUnsafeSlow(5).buffer.byteLength, Buffer.alloc(5).buffer.byteLength, Buffer.allocUnsafe(10).length);
const buffer = require("buffer");
console.log(buffer.kMaxLength === buffer.constants.MAX_LENGTH, buffer.constants, Object.keys(buffer).sort().join(" "));

//// the old constructor
process.on("warning", (w) => console.log(w.name, w.code));
console.log(new Buffer("abc"), Buffer(3), new Buffer([1, 2]), Buffer.isBuffer(new Buffer(1)), new buffer_().SlowBuffer?.(2).length);
function buffer_() { return require("buffer"); }
try { new Buffer(5, "utf8"); } catch (e) { console.log(e.code, e.message); }

//// atob and btoa
console.log(atob("aGk="), atob(" aG k "), btoa("hi"), btoa("\xff"), btoa(null), atob(""), btoa(12));
for (const f of [() => atob("a"), () => atob("a?bc"), () => btoa("€"), () => atob(), () => btoa(), () => atob(Symbol())]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message, e instanceof DOMException); }

//// transcode, isUtf8, isAscii
const { transcode, isUtf8, isAscii } = require("buffer");
console.log(transcode(Buffer.from("€ä"), "utf8", "latin1"), transcode(Buffer.from("€"), "utf8", "ascii"), transcode(Buffer.from("ab"), "latin1", "utf16le"), transcode(Buffer.from("€", "utf16le"), "ucs2", "utf8"));
console.log(isUtf8(Buffer.from("€")), isUtf8(Buffer.from([0xff])), isAscii(Buffer.from("a")), isAscii(Buffer.from("ä")), isUtf8(new ArrayBuffer(1)));
for (const f of [() => transcode("x", "utf8", "latin1"), () => transcode(Buffer.from("a"), "hex", "utf8"), () => isUtf8("x")]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }

//// isBuffer, Symbol.species and subclasses
class Mine extends Buffer {}
console.log(Buffer.isBuffer(Buffer.alloc(1)), Buffer.isBuffer(new Uint8Array(1)), Buffer.prototype.constructor === Buffer, Object.getPrototypeOf(Buffer) === Uint8Array, Buffer[Symbol.species] === Buffer, Buffer.name, Buffer.length);
console.log(Object.getPrototypeOf(Buffer.prototype) === Uint8Array.prototype, Buffer.alloc(1) instanceof Uint8Array, Object.prototype.toString.call(Buffer.alloc(1)), structuredClone(Buffer.from("x")).constructor.name, Object.getOwnPropertyNames(Buffer).sort().join(" "));

//// byteLength of everything
for (const v of ["€", "", new ArrayBuffer(3), new DataView(new ArrayBuffer(5), 1), new Uint16Array(2), Buffer.from("ab")]) console.log(Buffer.byteLength(v));
console.log(Buffer.byteLength("abc=", "base64"), Buffer.byteLength("abcd", "hex"), Buffer.byteLength("abc", "nope"), Buffer.byteLength("\ud800"));
for (const bad of [1, null, {}, undefined]) try { Buffer.byteLength(bad); } catch (e) { console.log(e.code, e.message); }

//// large texts, whole and in pieces
const text = "aé€😀".repeat(20000);
const b = Buffer.from(text);
console.log(b.length, b.toString() === text, b.toString("base64").length, Buffer.from(b.toString("base64"), "base64").equals(b), Buffer.from(b.toString("hex"), "hex").equals(b), Buffer.from(text, "utf16le").toString("utf16le") === text);
console.log(b.indexOf("😀aé", 100), b.lastIndexOf("€"), b.includes("zz"), b.subarray(0, 5).toString("latin1"));

//// long texts, whole and cut off, in every encoding
const { createHash } = require("crypto");
const short = (bytes) => `${bytes.length} ${createHash("sha1").update(bytes).digest("hex")}`;
const alphabet = { ascii: "abc ~\0", latin1: "aé\xff", two: "жß", three: "€漢", pairs: "😀a", lone: "\ud800x\udc00", mixed: "aé€😀\ud83d" };
for (const [name, unit] of Object.entries(alphabet)) for (const size of [70, 71, 72, 73, 100, 5000]) {
  const text = unit.repeat(size).slice(0, size);
  const bytes = Buffer.from(text);
  const back = bytes.toString();
  console.log(name, size, short(bytes), Buffer.byteLength(text), short(Buffer.from(back, "utf16le")), bytes.toString("latin1").length, short(Buffer.from(text, "latin1")), short(Buffer.from(text, "ascii")));
  const room = Buffer.alloc(size + 7, 0x2e);
  console.log(room.write(text, 3), short(room), room.fill(0x2e).write(text, 5, "latin1"), short(room), new TextEncoder().encodeInto(text, room.fill(0x2e)), short(room));
  const broken = Buffer.concat([Buffer.from([0xe2, 0x82]), bytes.subarray(1), Buffer.from([0xf0, 0x9f])]);
  console.log(short(Buffer.from(broken.toString(), "utf16le")), short(Buffer.from(new TextDecoder().decode(broken), "utf16le")), short(Buffer.from(broken.toString("latin1"), "utf16le")));
  for (const input of [bytes, broken]) try { console.log(new TextDecoder("utf-8", { fatal: true }).decode(input).length); } catch (e) { console.log(e.name, e.code, e.message); }
}
