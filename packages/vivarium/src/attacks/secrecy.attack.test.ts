import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { WALK } from "../testing/graph-walk.ts";
import { type GuestOptions, runGuest } from "../testing/run-guest.ts";

const SECRET = `planted-${Math.random().toString(36).slice(2)}`;
const REPOSITORY = realpathSync(resolve(fileURLToPath(import.meta.url), "../../../../.."));
/** What only the host knows. Short and general words would be found by chance. */
const MARKERS = [
  REPOSITORY,
  process.cwd(),
  process.execPath,
  homedir(),
  hostname(),
  SECRET,
  "isolated-vm",
  "isolated_vm",
  "node-driver",
  "/dist/cell",
  "node_modules/.pnpm",
  "<isolate",
].filter((marker) => marker.length > 5 && marker !== tmpdir());

const limits = { memoryMiB: 1024, cpuTimeMs: 20_000, wallTimeMs: 30_000, payloadBytes: 64 * 1024 * 1024 };

beforeAll(() => {
  process.env["VIVARIUM_PLANTED"] = SECRET;
});
afterAll(async () => {
  delete process.env["VIVARIUM_PLANTED"];
  await closePool();
});

/** The markers among the strings, each with the text around it. */
function found(strings: readonly string[]): string[] {
  const hits: string[] = [];
  for (const text of strings) {
    for (const marker of MARKERS) {
      const at = text.indexOf(marker);
      if (at >= 0) hits.push(`${marker}: ${text.slice(Math.max(0, at - 100), at + marker.length + 100)}`);
    }
  }
  return hits;
}

interface Walked {
  readonly strings: readonly string[];
  readonly objects: number;
  readonly engineObjects: readonly string[];
}

async function walked(program: string, options: GuestOptions = {}): Promise<Walked> {
  const { result, stderr } = await runGuest(`${WALK}\n${program}`, { limits, ...options });
  expect([result.outcome, result.code, stderr, result.error]).toEqual(["exit", 0, "", undefined]);
  return result.exports as Walked;
}

const bindings = {
  t: {
    fail: async () => {
      throw Object.assign(new Error("refused"), { code: "E_NO", hidden: SECRET });
    },
    deep: async () => {
      const inner = new Error("inner");
      throw new TypeError("outer", { cause: inner });
    },
    odd: async () => {
      throw { message: "a bare object" };
    },
    uncloneable: async () => () => SECRET,
    echo: async (value: unknown) => value,
  },
};

describe("what a guest can reach by walking", () => {
  it.each(["baseline", "full"] as const)(
    "from the global object, process and every module holds no host data (%s)",
    async (compat) => {
      const { strings, objects, engineObjects } = await walked(
        `
      process.emitWarning = () => {};
      process.noDeprecation = true;
      const { builtinModules } = require("module");
      const roots = [globalThis, process, require, module, require.cache, new Error("here"), arguments];
      for (const id of [...builtinModules, "node:test", "node:sea", "node:sqlite"]) {
        try { roots.push(require(id)); } catch (error) { roots.push(error); }
        try { roots.push(process.getBuiltinModule(id)); } catch (error) { roots.push(error); }
      }
      try { roots.push(process.report.getReport()); } catch (error) { roots.push(error); }
      roots.push(process.memoryUsage(), process.resourceUsage(), require("os").userInfo(), process.config, process.features);
      module.exports = walk(roots);`,
        { compat },
      );
      expect(objects).toBeGreaterThan(3000);
      expect(engineObjects).toEqual([]);
      expect(found(strings)).toEqual([]);
    },
  );

  it("from every internal binding that process.binding() gives out holds no host data", async () => {
    const { strings, engineObjects } = await walked(`
      process.removeAllListeners("warning");
      process.noDeprecation = true;
      const names = ["async_wrap","buffer","builtins","cares_wrap","config","constants","contextify","credentials","crypto","errors","fs","fs_event_wrap","http_parser","icu","inspector","js_stream","mksnapshot","module_wrap","modules","natives","options","os","performance","permission","pipe_wrap","process_methods","process_wrap","report","serdes","signal_wrap","spawn_sync","stream_wrap","string_decoder","symbols","task_queue","tcp_wrap","timers","tls_wrap","trace_events","tty_wrap","types","udp_wrap","url","util","uv","v8","vivarium","wasm_web_api","worker","zlib"];
      const roots = [];
      for (const name of names) {
        try { roots.push(process.binding(name)); } catch (error) { roots.push(error); }
        try { roots.push(process._linkedBinding(name)); } catch (error) { roots.push(error); }
      }
      module.exports = walk(roots);`);
    expect(engineObjects).toEqual([]);
    expect(found(strings)).toEqual([]);
  });

  it("through call sites and callers while the host's side is on the stack holds no host function", async () => {
    const { strings, engineObjects } = await walked(
      `
      const roots = [];
      const look = () => {
        const prepare = Error.prepareStackTrace;
        Error.prepareStackTrace = (error, sites) => sites;
        Error.stackTraceLimit = Infinity;
        const { stack } = new Error("x");
        Error.prepareStackTrace = prepare;
        for (const site of stack) {
          roots.push(site);
          for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(site))) {
            try { roots.push([site[name]()]); } catch (error) { roots.push([error]); }
          }
        }
        for (let f = look, i = 0; i < 20; i++) { try { f = f.caller; roots.push([f]); } catch (error) { roots.push([error]); break; } if (!f) break; }
      };
      look();
      const spy = new Proxy({}, { ownKeys() { look(); return ["a"]; }, getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get() { look(); return 1; } });
      t.echo(spy).catch(() => {});
      try { require("fs").writeFileSync("/x", { toString() { look(); return ""; } }); } catch (error) { roots.push(error); }
      console.log({ [Symbol.for("nodejs.util.inspect.custom")]() { look(); return ""; } });
      try { structuredClone({ get x() { look(); return 1; } }); } catch (error) { roots.push(error); }
      process.on("exit", look);
      setTimeout(() => { look(); t.echo(1).then(() => { look(); module.exports = walk(roots); }); }, 1);`,
      { bindings },
    );
    expect(engineObjects).toEqual([]);
    expect(found(strings)).toEqual([]);
  });
});

describe("errors of every kind tell nothing of the host", () => {
  it("whether thrown, rejected, or given to a callback", async () => {
    const program = `
      const fs = require("fs"), vm = require("vm"), crypto = require("crypto"), path = require("path");
      const errors = [];
      const paths = ["/etc/passwd", "/proc/self/environ", "/x", "..", "/../../..", "/tmp/d/e", "/app/node_modules/none/x", "a\\0b", "x".repeat(5000), "/" + "y/".repeat(9000), "", 5, null];
      const sync = (run) => { try { run(); } catch (error) { errors.push(error); } };
      const late = [];
      const async_ = (run) => { try { late.push(Promise.resolve(run()).catch((error) => errors.push(error))); } catch (error) { errors.push(error); } };
      for (const name of Object.keys(fs)) {
        if (!name.endsWith("Sync")) continue;
        for (const at of paths) { sync(() => fs[name](at)); sync(() => fs[name](at, at)); sync(() => fs[name](at, "x", at)); }
        sync(() => fs[name](99)); sync(() => fs[name](2 ** 40)); sync(() => fs[name](-1, Buffer.alloc(1), 2, 3, 4));
      }
      for (const name of Object.keys(fs.promises)) {
        if (typeof fs.promises[name] !== "function" || name === "watch") continue;
        for (const at of paths) { async_(() => fs.promises[name](at)); async_(() => fs.promises[name](at, at)); }
      }
      for (const at of paths) sync(() => require(at));
      for (const id of ["none", "./none", "/none", "node:none", "#none", "none/deep", "file:///etc/passwd", "../../../../etc/passwd", "/etc/hostname", "./x.node"]) {
        sync(() => require(id)); async_(() => import(id)); sync(() => require.resolve(id));
      }
      for (const source of ["(", "await 1", "import.meta", "\\\\u{110000}", "let a; let a", "'"]) {
        sync(() => new vm.Script(source)); sync(() => vm.runInNewContext(source)); sync(() => eval(source)); sync(() => new Function(source));
        sync(() => vm.compileFunction(source)); async_(() => import("data:text/javascript," + encodeURIComponent(source)));
      }
      sync(() => vm.runInThisContext("throw new Error('x')", { filename: "/made/up.js" }));
      for (const [name, run] of Object.entries(crypto)) if (typeof run === "function") { sync(() => run()); sync(() => run("x", "y", "z")); sync(() => run({})); }
      for (const id of ["net", "http", "https", "dns", "tls", "dgram", "child_process", "worker_threads", "cluster", "v8", "zlib", "inspector", "http2", "os", "process", "url", "util", "tty", "readline", "perf_hooks"]) {
        let exports;
        try { exports = require(id); } catch (error) { errors.push(error); continue; }
        for (const name of Object.keys(exports)) {
          let run;
          try { run = exports[name]; } catch (error) { errors.push(error); continue; }
          if (typeof run !== "function" || /^(abort|exit|kill|reallyExit|_kill|_debugEnd|_debugProcess|setUncaught|_rawDebug|on|once|emit|addListener|prepend|removeAll|chdir|umask|dlopen|_startProfiler|_stopProfiler|nextTick|_tickCallback|openStdin|off|removeListener|setMaxListeners|ref|unref|setSourceMapsEnabled|_fatalException)/.test(name)) continue;
          sync(() => run("/etc/passwd")); sync(() => run(1e9, {})); sync(() => run({ path: "/etc/passwd", host: "127.0.0.1", port: 1 }));
        }
      }
      sync(() => process.dlopen({ exports: {} }, "/etc/passwd")); sync(() => process.chdir("/none")); sync(() => process.kill(99999, 0));
      sync(() => process.binding("none")); sync(() => process._linkedBinding("none")); sync(() => process.setuid(5)); sync(() => process.initgroups("a", 1));
      sync(() => new WebAssembly.Module(new Uint8Array(3))); async_(() => WebAssembly.compile(new Uint8Array(3)));
      sync(() => structuredClone(() => {})); sync(() => new URL("x")); sync(() => new TextDecoder("x")); sync(() => atob("%"));
      async_(() => t.fail()); async_(() => t.deep()); async_(() => t.odd()); async_(() => t.uncloneable()); async_(() => t.echo(() => {})); async_(() => t.echo(Symbol()));
      async_(() => fetch("http://127.0.0.1:1/")); async_(() => fetch("file:///etc/passwd"));
      process.on("uncaughtException", (error) => errors.push(error));
      process.on("unhandledRejection", (error) => errors.push(error));
      Promise.allSettled(late).then(() => { setTimeout(() => { module.exports = { ...walk(errors.map((e) => [e, e?.stack])), count: errors.length }; for (const h of process._getActiveHandles?.() ?? []) h.unref?.(); setImmediate(() => process.emit("done")); }, 50); });`;
    const { result } = await runGuest(`${WALK}\n${program}`, {
      limits,
      bindings,
      driver: { permissions: { fs: { read: ["/tmp/**"], write: ["/tmp/**"] } } },
    });
    expect([result.outcome, result.error]).toEqual(["exit", undefined]);
    const { strings, engineObjects, count } = result.exports as Walked & { readonly count: number };
    expect(count).toBeGreaterThan(500);
    expect(strings.some((text) => text.startsWith("EACCES: permission denied"))).toBe(true);
    expect(engineObjects).toEqual([]);
    expect(found(strings)).toEqual([]);
  });

  it("nor does what is printed of them, or the result", async () => {
    for (const code of [
      "require('fs').readFileSync('/etc/passwd')",
      "require('./none')",
      "null.x",
      "(",
      "Promise.reject(new Error('x'))",
      "require('vm').runInThisContext('(')",
      "t.fail()",
      "t.uncloneable()",
      "process.binding('fs').open()",
      "Error.prepareStackTrace = (e, sites) => sites.map(String).join(); throw new Error('x')",
      "const e = new Error('x'); Error.stackTraceLimit = Infinity; Error.captureStackTrace(e); throw e",
    ]) {
      const { result, stdout, stderr } = await runGuest(code, { bindings });
      expect(result.code).toBe(1);
      expect(found([stdout, stderr, JSON.stringify(result.error)])).toEqual([]);
    }
  });
});

describe("the cell itself", () => {
  it("has nothing of the embedder's environment, and the guest not even that", async () => {
    const { result } = await runGuest(
      "module.exports = [Object.keys(process.env), process.pid, process.ppid, process.argv, process.execPath, process.cwd(), require('os').hostname(), require('os').userInfo().username]",
    );
    const [env, pid, ppid, ...rest] = result.exports as [string[], number, number, ...unknown[]];
    expect(env).toEqual([]);
    expect([process.pid, process.ppid]).not.toContain(pid);
    expect([process.pid, process.ppid]).not.toContain(ppid);
    expect(found([JSON.stringify(rest)])).toEqual([]);
    expect(rest).not.toContain(userInfo().username);
  });

  it.runIf(process.platform === "linux")(
    "was not given the embedder's environment (Linux: /proc shows it)",
    async () => {
      let environments: string[] = [];
      await runGuest("console.log(1); setTimeout(() => {}, 50);", {
        onStdio: () => {
          environments = childrenOf(process.pid).map((pid) => readFileSync(`/proc/${pid}/environ`, "latin1"));
        },
      });
      expect(environments.length).toBeGreaterThan(0);
      for (const text of environments) expect(text).not.toContain(SECRET);
    },
  );
});

function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "latin1")
      .split(" ")
      .filter((child) => child !== ""),
  );
}
