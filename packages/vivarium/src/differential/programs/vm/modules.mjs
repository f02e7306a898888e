// Modules in contexts, their caches and time limits, `import()` from code that came from a string.
import vm from "node:vm";

const context = vm.createContext({ seen: [] });
const module = new vm.SourceTextModule("seen.push(typeof process); export const Kind = Array; export default [1]", { context });
await module.link(() => {});
await module.evaluate();
console.log(context.seen, module.namespace.default instanceof Array, module.namespace.Kind === Array);

const synthetic = new vm.SyntheticModule(["x"], function () {
  this.setExport("x", 5);
}, { context });
const user = new vm.SourceTextModule("import { x } from 'synthetic'; seen.push(x)", { context });
await user.link(() => synthetic);
await user.evaluate();
console.log(context.seen);

const endless = new vm.SourceTextModule("for (;;);");
await endless.link(() => {});
await endless.evaluate({ timeout: 15 }).catch((error) => console.log(error.code, error.message));

const source = "export const answer = 42;";
const cachedData = new vm.SourceTextModule(source).createCachedData();
console.log(Buffer.isBuffer(cachedData), new vm.SourceTextModule(source, { cachedData }).status);
try {
  new vm.SourceTextModule("export const other = 1;", { cachedData });
} catch (error) {
  console.log(error.code, error.message);
}

const importing = vm.createContext({}, { importModuleDynamically: (name) => (console.log("asked for", name), module) });
console.log((await vm.runInContext("Promise.resolve(\"import('it')\").then(eval)", importing)) === module.namespace);
await vm.runInContext("Promise.resolve(\"import('it')\").then(eval)", vm.createContext({})).catch((e) => console.log(e.code));
await Promise.resolve("import('node:fs')").then(eval).catch((error) => console.log(error.code));
