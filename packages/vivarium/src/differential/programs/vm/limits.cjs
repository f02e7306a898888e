// Time limits, code caches, what a context may compile, microtasks of a context's own.
const vm = require("node:vm");

function show(label, run) {
  try {
    console.log(label, run());
  } catch (error) {
    console.log(label, "throws", error.name, error.message, error.code);
  }
}

show("a script that does not end", () => vm.runInThisContext("for (;;);", { timeout: 15 }));
show("in a context", () => vm.runInNewContext("for (;;);", {}, { timeout: 15 }));
show("one that does", () => vm.runInNewContext("1 + 1", {}, { timeout: 5000 }));
show("catch does not help", () => vm.runInNewContext("try { for (;;); } catch {} finally { for (;;); }", {}, { timeout: 15 }));
show("the outer limit ends the inner script", () =>
  vm.runInNewContext("inner()", { inner: () => vm.runInNewContext("for (;;);", {}, { timeout: 10_000 }) }, { timeout: 30 }),
);
show("the inner limit leaves the outer script", () =>
  vm.runInNewContext(
    "inner()",
    {
      inner() {
        try {
          vm.runInNewContext("for (;;);", {}, { timeout: 10 });
        } catch (error) {
          return `caught ${error.code}`;
        }
      },
    },
    { timeout: 10_000 },
  ),
);
show("its own microtasks count", () =>
  vm.runInNewContext(
    "Promise.resolve().then(() => { for (;;); })",
    {},
    { timeout: 15, microtaskMode: "afterEvaluate" },
  ),
);
show("and are through when the script is", () => {
  const box = { seen: [] };
  vm.runInNewContext("Promise.resolve().then(() => seen.push(1)).then(() => seen.push(2))", box, {
    microtaskMode: "afterEvaluate",
  });
  return box.seen;
});
show("after all of that", () => vm.runInThisContext("6 * 7", { timeout: 1000 }));

const source = "(function named() { return 'cached' })";
const script = new vm.Script(source, { produceCachedData: true });
show("produced", () => [script.cachedDataProduced, Buffer.isBuffer(script.cachedData)]);
const cachedData = script.createCachedData();
show("taken", () => {
  const again = new vm.Script(source, { cachedData });
  return [again.cachedDataRejected, again.runInThisContext()()];
});
show("as any view", () => new vm.Script(source, { cachedData: new DataView(new Uint8Array(cachedData).buffer) }).cachedDataRejected);
show("for another source", () => new vm.Script(`${source} `, { cachedData }).cachedDataRejected);
show("cut", () => new vm.Script("'cut'", { cachedData: cachedData.subarray(4) }).cachedDataRejected);
show("empty", () => new vm.Script("'empty'", { cachedData: Buffer.alloc(0) }).cachedDataRejected);
show("a function's", () => {
  const made = vm.compileFunction("return a + b", ["a", "b"], { produceCachedData: true });
  const again = vm.compileFunction("return a + b", ["a", "b"], { cachedData: made.cachedData });
  return [made.cachedDataProduced, made.cachedDataRejected, again.cachedDataRejected, again(1, 2)];
});
show("extensions", () => vm.compileFunction("return x + y", [], { contextExtensions: [{ x: 1 }, { y: 2 }] })());

const closed = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
show("no code from strings", () => vm.runInContext("try { eval('1') } catch (e) { e.name + ': ' + e.message }", closed));
show("nor functions", () => vm.runInContext("try { new Function('1') } catch (e) { e.name }", closed));
show("nor WebAssembly", () =>
  vm.runInContext("try { new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) } catch (e) { e.name }", closed),
);
show("elsewhere both", () => [
  eval("1 + 1"),
  vm.runInNewContext("new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) instanceof WebAssembly.Module"),
]);
const later = vm.createContext({ log: console.log, bytes: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) });
vm.runInContext(
  "WebAssembly.instantiate(bytes).then(({ instance }) => log('instance', instance instanceof WebAssembly.Instance))",
  later,
);
show("not a boolean", () => vm.createContext({}, { codeGeneration: { strings: 1 } }));
show("the caret under a shifted line", () => {
  try {
    vm.runInThisContext(" throw new Error('here')", { filename: "shifted.js", lineOffset: 9, columnOffset: 40 });
  } catch (error) {
    return error.stack.split("\n").slice(0, 6).join("|");
  }
});
show("names of a script", () => ({ ...new vm.Script("1 //# sourceURL=named.js\n//# sourceMappingURL=x.map") }));
