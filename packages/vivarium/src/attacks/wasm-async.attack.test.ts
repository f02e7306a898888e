import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

const EMPTY = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])";
const IMPORTS_A_B = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0])";

describe("WebAssembly's promises, which V8 would never settle in an isolate", () => {
  it("settle on a later turn, and keep the program alive until then", async () => {
    const code = `
      const seen = [];
      WebAssembly.compile(${EMPTY}).then((m) => seen.push(m instanceof WebAssembly.Module));
      WebAssembly.instantiate(${EMPTY}).then(({ module, instance }) => seen.push(module instanceof WebAssembly.Module && instance instanceof WebAssembly.Instance));
      WebAssembly.instantiate(new WebAssembly.Module(${EMPTY})).then((i) => seen.push(i instanceof WebAssembly.Instance));
      WebAssembly.instantiate(${IMPORTS_A_B}, { a: { b() {} } }).then(() => seen.push("linked"));
      queueMicrotask(() => queueMicrotask(() => seen.push("microtask")));
      process.on("exit", () => console.log(seen.join()));`;
    const { stdout } = await attack(code);
    expect(stdout).toBe("true,microtask,true,true,linked\n");
  });

  it("reject as Node's do: name, message, and no frames of ours", async () => {
    const code = `
      const tell = (promise) => promise.then(() => "settled", (e) => [e.name, e.message, /vivarium:|isolated-vm|new Promise/.test(e.stack)].join("|"));
      Promise.all([
        tell(WebAssembly.compile(new Uint8Array([1]))), tell(WebAssembly.compile()), tell(WebAssembly.instantiate({})),
        tell(WebAssembly.instantiate(${IMPORTS_A_B})), tell(WebAssembly.instantiate(${IMPORTS_A_B}, { a: { b: 1 } })),
      ]).then((all) => { module.exports = all; });`;
    const { result } = await attack(code);
    expect(result.exports).toEqual([
      "CompileError|WebAssembly.compile(): expected 4 bytes, fell off end @+0|false",
      "TypeError|WebAssembly.compile(): Argument 0 must be a buffer source|false",
      "TypeError|WebAssembly.instantiate(): Argument 0 must be a buffer source|false",
      "TypeError|WebAssembly.instantiate(): Imports argument must be present and must be an object|false",
      'LinkError|WebAssembly.instantiate(): Import #0 module="a" function="b": function import requires a callable|false',
    ]);
  });

  it("a start function that loops ends by the CPU limit", async () => {
    const looping = "new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,8,1,0,10,9,1,7,0,3,64,12,0,11,11])";
    const { result } = await attack(`WebAssembly.instantiate(${looping});`, { limits: { wallTimeMs: 10_000 } });
    expect(result).toMatchObject({ outcome: "timeout", error: { message: "CPU time limit exceeded" } });
  });
});
