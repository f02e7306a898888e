//// compile, instantiate and call
const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11);
console.log(WebAssembly.validate(bytes), WebAssembly.validate(bytes.subarray(0, 20)));
const module_ = new WebAssembly.Module(bytes);
const { exports: e } = new WebAssembly.Instance(module_);
console.log(e.add(2, 3), e.add(2 ** 31 - 1, 1), e, WebAssembly.Module.exports(module_), WebAssembly.Module.imports(module_), e.add.name, e.add.length, Object.isFrozen(e));
(async () => { const r = await WebAssembly.instantiate(bytes); console.log(r.instance.exports.add(20, 22), r.module instanceof WebAssembly.Module, (await WebAssembly.compile(bytes)).constructor.name); })();

//// imports and traps
const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0, 3, 3, 2, 0, 0, 7, 9, 2, 1, 103, 0, 1, 1, 104, 0, 2, 10, 10, 2, 4, 0, 16, 0, 11, 3, 0, 0, 11);
const { exports: e } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { f: () => console.log("called from wasm") } });
e.g();
try { e.h(); } catch (error) { console.log(error.name, error.message, error instanceof WebAssembly.RuntimeError); }
for (const imports of [undefined, {}, { env: {} }, { env: { f: 1 } }]) try { new WebAssembly.Instance(new WebAssembly.Module(bytes), imports); } catch (error) { console.log(error.name, error.message); }

//// memory, tables and globals
const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
const before = memory.buffer;
console.log(before.byteLength, memory.grow(1), before.byteLength, memory.buffer.byteLength, memory);
const table = new WebAssembly.Table({ initial: 2, element: "externref" }, "x");
table.set(1, { a: 1 });
const g = new WebAssembly.Global({ value: "i64", mutable: true }, 5n);
g.value += 1n;
console.log(table.get(0), table.get(1), table.length, g.value, g, table);
for (const f of [() => memory.grow(1), () => table.get(9), () => new WebAssembly.Global({ value: "i32" }, 1).value = 2, () => new WebAssembly.Memory({}), () => new WebAssembly.Module(new Uint8Array(3))]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.message); }

//// errors of broken modules, sync and async
for (const bytes of [[], [0, 97, 115, 109], [0, 97, 115, 109, 2, 0, 0, 0], [0, 97, 115, 109, 1, 0, 0, 0, 99]]) { try { new WebAssembly.Module(Uint8Array.from(bytes)); console.log("fine"); } catch (e) { console.log(e.name, e.message); } }
(async () => {
  await WebAssembly.compile(new Uint8Array(4)).catch((e) => console.log(e.name, e.message));
  await WebAssembly.instantiate(new Uint8Array(3)).catch((e) => console.log(e.name, e.message));
  await WebAssembly.compileStreaming(Promise.resolve(new Response(new Uint8Array(8), { headers: { "content-type": "application/wasm" } }))).catch((e) => console.log(e.name, e.message));
  await WebAssembly.compileStreaming(5).catch((e) => console.log(e.name, e.code, e.message));
})();

//// instantiate of what is no source
(async () => {
  for (const value of [5, "x", null, undefined, {}, [], () => {}]) {
    for (const name of ["instantiate", "compile"]) await WebAssembly[name](value).catch((e) => console.log(name, e.name, e.message));
  }
})();
