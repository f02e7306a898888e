// A module's namespace before, while and after it is evaluated.
const { SourceTextModule } = require("node:vm");
const { inspect } = require("node:util");
(async () => {
  const inner = new SourceTextModule("console.log('inner'); export let late = 1; export function early() { return 2; } export var middle = 3;");
  const outer = new SourceTextModule("import * as all from 'inner'; console.log('outer'); export default all; await 1; export const end = 4;");
  await outer.link(() => inner);
  console.log(inspect(inner.namespace), inspect(outer.namespace), inner.status, outer.status);
  try {
    console.log(inner.namespace.late);
  } catch (error) {
    console.log(`${error}`);
  }
  const evaluation = outer.evaluate();
  console.log(inspect(inner.namespace), inspect(outer.namespace));
  await evaluation;
  console.log(inspect(outer.namespace), outer.namespace.default === inner.namespace, outer.status);
})();
