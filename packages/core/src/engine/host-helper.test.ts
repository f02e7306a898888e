import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { libraryDirectory } from "@vivarium/bridge/library";
import { describe, expect, it } from "vitest";
import { helperName } from "./engine.ts";

const helper = path.join(libraryDirectory, helperName());
const isolatedVm = createRequire(import.meta.url).resolve("isolated-vm");

/** What a process of its own prints: loading the helper ties a process to its parent. */
const print = (code: string): string =>
  execFileSync(
    process.execPath,
    [
      "--no-node-snapshot",
      "-e",
      `const host = {}; process.dlopen({ exports: host }, process.argv[1]); ${code}`,
      helper,
    ],
    {
      encoding: "utf8",
    },
  );

describe.skipIf(!existsSync(helper))("the helper in the cell (skipped without a C++ compiler)", () => {
  it("mapFile() gives a file's bytes", () => {
    const code = `console.log(Buffer.from(host.mapFile(helper)).equals(require("fs").readFileSync(helper)));`;
    expect(print(`const helper = process.argv[1]; ${code}`)).toBe("true\n");
  });

  it("mapFile() leaves the file alone when its buffer is written to", () => {
    const code = `new Uint8Array(host.mapFile(helper))[0] ^= 255; console.log(new Uint8Array(host.mapFile(helper))[0]);`;
    expect(print(`const helper = process.argv[1]; ${code}`)).toBe("127\n");
  });

  it("mapFile() gives nothing for a file that is missing or empty, and for a folder", () => {
    const code = `console.log(host.mapFile("/none"), host.mapFile("/dev/null"), host.mapFile("/"), host.mapFile());`;
    expect(print(code)).toBe("undefined undefined undefined undefined\n");
  });

  it("shrink() gives the garbage of Node's heap back to the system", () => {
    const code = `
      let garbage = [];
      for (let i = 0; i < 300_000; i++) garbage.push({ i });
      const used = process.memoryUsage().heapUsed;
      garbage = undefined;
      host.shrink();
      console.log(process.memoryUsage().heapUsed < used / 2);
    `;
    expect(print(code)).toBe("true\n");
  });

  /** A guest with the helper, which takes what is handed over and keeps it. */
  const withGuest = (code: string): string => `
    const ivm = require(${JSON.stringify(isolatedVm)});
    const isolate = new ivm.Isolate({ memoryLimit: 64 });
    const context = isolate.createContextSync();
    context.global.setSync("native", new ivm.NativeModule(process.argv[1]).createSync(context).derefInto());
    context.evalSync("globalThis.kept = []");
    const guest = (code) => context.evalSync("(() => { " + code + " })()");
    const take = () => guest("const buffer = native.takeHanded(); kept.push(buffer); return buffer && new Uint8Array(buffer).join();");
    ${code}`;

  it("handOver() moves memory to the guest, in order, and leaves nothing behind", () => {
    const code = `
      const one = new Uint8Array([1, 2, 3]), two = new Uint8Array([4]);
      const memory = one.buffer;
      console.log(host.handOver(one, 100), host.handOver(two, 100), one.length, memory.byteLength);
      console.log(take(), take(), take());`;
    expect(print(withGuest(code))).toBe("true true 0 0\n1,2,3 4 undefined\n");
  });

  it("handOver() leaves alone what the guest would hold too much with, until that has given some up", () => {
    const code = `
      const give = (size) => { const view = new Uint8Array(size); return [host.handOver(view, 100), view.length].join(); };
      const said = [give(60), give(60), give(40), give(1)];
      take(), take();
      guest("kept = []; native.collectGarbage()");
      // What is freed is counted where V8 frees it, on a thread of its own.
      const until = Date.now() + 10_000;
      while (said.length < 5 && Date.now() < until) { const last = give(60); if (last === "true,0") said.push(last); }
      console.log(said.join(" "));`;
    expect(print(withGuest(code))).toBe("true,0 false,60 true,0 false,1 true,0\n");
  });

  it("handOver() takes nothing that is not the whole of its memory, or that could not be taken away", () => {
    const code = `
      const part = new Uint8Array(8).subarray(1), shared = new Uint8Array(new SharedArrayBuffer(8));
      const kept = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
      for (const view of [part, shared, kept, new Uint8Array(0), new Uint16Array(4), "text", undefined])
        console.log(host.handOver(view, 1e9), view?.length);
      console.log(take());`;
    expect(print(withGuest(code))).toBe(
      "false 7\nfalse 8\nfalse 65536\nfalse 0\nfalse 4\nfalse 4\nfalse undefined\nundefined\n",
    );
  });

  it("dropHanded() forgets what nobody took, so that the next guest does not find it", () => {
    const code = `
      console.log(host.handOver(new Uint8Array(60), 100));
      host.dropHanded();
      console.log(take(), host.handOver(new Uint8Array(60), 100));`;
    expect(print(withGuest(code))).toBe("true\nundefined true\n");
  });
});
