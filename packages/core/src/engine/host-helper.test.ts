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

  /** Two ends of a connection: what the guest writes to `near`, `far` hears. */
  const connected = (code: string): string =>
    withGuest(`
      const net = require("net"), fs = require("fs");
      const server = net.createServer((far) => {
        const near = client;
        const write = (lease, text) => guest("const bytes = new Uint8Array(8); bytes.set(" + JSON.stringify([...Buffer.from(text)]) +
          ", 1); return String(native.writeLeased(" + lease + ", bytes, 1, " + (1 + text.length) + "))");
        ${code}
      }).listen(0, "127.0.0.1", () => { client = net.connect(server.address().port, "127.0.0.1"); });
      let client;`);

  it("openLease() lets the guest write to a socket, as many times and bytes as were said, until endLease()", () => {
    const code = `
      const lease = host.openLease(near._handle.fd, 3, 10);
      const said = [write(lease, "abc"), host.leaseLeft(lease).join(), write(lease, "12345678".slice(0, 7)), write(lease, "!"), write(lease, "")];
      const short = host.openLease(near._handle.fd, 1, 10);
      said.push(write(short, "d"), write(short, "e"), host.endLease(short).join(), write(short, "f"), String(host.endLease(short)));
      console.log(said.join(" "));
      near.end();
      host.endLease(lease);
      far.on("data", (data) => console.log(String(data))).on("end", () => { far.end(); server.close(); });`;
    expect(print(connected(code))).toBe(
      "3 2,7 7 undefined undefined 1 undefined 0,9 undefined undefined\nabc1234567d\n",
    );
  });

  it("openLease() is of the socket, not of whatever comes to have its descriptor", () => {
    const code = `
      const number = near._handle.fd;
      const lease = host.openLease(number, 10, 100);
      near.destroy();
      const file = fs.openSync("/dev/null", "w");
      console.log(file === number, write(lease, "to far"));
      host.endLease(lease);
      far.on("data", (data) => console.log(String(data))).on("end", () => { far.end(); server.close(); });`;
    expect(print(connected(code))).toBe("true 6\nto far\n");
  });

  it("openLease() gives nothing for what is no descriptor, and a guest cannot make a lease up", () => {
    const code = `
      console.log(host.openLease(-1, 1, 1), host.openLease(1e5, 1, 1), host.openLease("1", 1, 1), host.openLease(1, -1, 1), host.openLease());
      console.log(guest("return [0, 1, -1, 2, 4294967295, 1.5, '1', undefined].map((n) => String(native.writeLeased(n, new Uint8Array(1), 0, 1))).join()"));
      const lease = host.openLease(require("fs").openSync("/dev/null", "w"), 10, 100);
      console.log(guest("return [[new Uint8Array(4), 3, 5], [new Uint8Array(4), 2, 1], ['text', 0, 1], [new ArrayBuffer(4), 0, 1]].map((a) => String(native.writeLeased(" + lease + ", ...a))).join()"));
      console.log(guest("return String(native.writeLeased(" + lease + ", new Uint8Array(1), 0, 1))"));`;
    const none = "undefined";
    expect(print(withGuest(code))).toBe(
      `${Array(5).fill(none).join(" ")}\n${Array(8).fill(none).join()}\n${Array(4).fill(none).join()}\nENOTSOCK\n`,
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
