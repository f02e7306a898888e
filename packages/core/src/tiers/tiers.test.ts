import { builtinModules, createRequire, isBuiltin } from "node:module";
import { describe, expect, it } from "vitest";
import { unsupportedCode } from "../errors/unsupported.ts";
import { builtinModulesOf, codeOf, enabledBy, tierConfig, tierOf, unsupportedCodes } from "./config.ts";
import { registry } from "./registry.ts";

const require = createRequire(import.meta.url);
const SCHEME_ONLY = ["sea", "sqlite", "test", "test/reporters"];
const isNode22 = process.versions.node.startsWith("22.");

/** The value a key of `deferred` names: `api`, `object.api` or `Class#method`. */
const lookUp = (module: string, key: string): unknown => {
  const steps = key.replace("#", ".prototype.").split(".");
  return steps.reduce<unknown>((value, step) => Reflect.get(value as object, step), require(`node:${module}`));
};

describe("registry", () => {
  it.skipIf(!isNode22)(
    "has exactly the public modules of Node 22 (skipped under another Node: its list differs)",
    () => {
      const expected = [...builtinModules.filter((name) => !name.startsWith("node:")), ...SCHEME_ONLY];
      expect(Object.keys(registry).sort()).toEqual(expected.sort());
    },
  );

  it("marks the modules that only exist as node:name", () => {
    for (const [module, facts] of Object.entries(registry)) {
      expect(isBuiltin(`node:${module}`), module).toBe(true);
      expect(facts.schemeOnly === true, module).toBe(SCHEME_ONLY.includes(module));
    }
  });

  it("every exception names a function Node has", () => {
    for (const [module, { baseline, full }] of Object.entries(registry))
      for (const key of [...Object.keys(baseline.apis ?? {}), ...Object.keys(full.apis ?? {})])
        expect(typeof lookUp(module, key), `${module} ${key}`).toBe("function");
  });

  it("lists every method of SubtleCrypto", () => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(crypto.subtle)).filter(
      (name) => name !== "constructor",
    );
    const listed = Object.keys(registry.crypto?.baseline.apis ?? {});
    for (const name of methods) expect(listed).toContain(`subtle.${name}`);
  });

  it("a module at tier 4 says which of its functions throw", () => {
    for (const [module, facts] of Object.entries(registry))
      if (facts.baseline.tier === 4) expect(Object.keys(facts.baseline.apis ?? {}).length, module).toBeGreaterThan(0);
  });
});

describe("tierConfig()", () => {
  const baseline = tierConfig("baseline");

  it("baseline refuses the modules and functions published for it", () => {
    expect(Object.keys(baseline.unsupported).sort()).toEqual([
      "cluster",
      "dgram",
      "domain",
      "inspector",
      "inspector/promises",
      "repl",
      "sqlite",
      "test",
      "test/reporters",
      "trace_events",
      "wasi",
    ]);
    expect(baseline.unsupported["inspector/promises"]).toBe("ERR_SANDBOX_INSPECTOR_PROMISES_UNSUPPORTED");
    expect(baseline.deferred.net).toMatchObject({
      connect: "ERR_SANDBOX_NET_UNSUPPORTED",
      createServer: "ERR_SANDBOX_NET_UNSUPPORTED",
    });
    expect(baseline.deferred.fs).toEqual({
      watch: "ERR_SANDBOX_FS_UNSUPPORTED",
      watchFile: "ERR_SANDBOX_FS_UNSUPPORTED",
      "promises.watch": "ERR_SANDBOX_FS_UNSUPPORTED",
    });
    expect(baseline.deferred.child_process).toHaveProperty("fork", "ERR_SANDBOX_CHILD_PROCESS_UNSUPPORTED");
  });

  it("baseline leaves what packages use of the deferred modules without operating them", () => {
    for (const [module, keys] of [
      ["net", ["Socket", "Server", "isIP", "isIPv4", "BlockList"]],
      ["tls", ["TLSSocket", "checkServerIdentity"]],
      ["perf_hooks", ["performance", "performance.now"]],
      ["worker_threads", ["isMainThread", "MessageChannel"]],
      ["crypto", ["randomBytes", "randomUUID", "getRandomValues", "createHash", "createHmac", "createSecretKey"]],
    ] as const)
      for (const key of keys) expect(baseline.deferred[module], `${module}.${key}`).not.toHaveProperty([key]);
  });

  it("full refuses nothing by policy", () => {
    expect(tierConfig("full")).toEqual({ profile: "full", unsupported: {}, deferred: {} });
  });

  it("is plain data", () => {
    expect(JSON.parse(JSON.stringify(baseline))).toEqual(baseline);
  });
});

describe("tierOf(), enabledBy(), builtinModulesOf(), codes", () => {
  it("answer for module and API, with or without node:", () => {
    expect(tierOf("baseline", "node:fs")).toBe(1);
    expect(tierOf("baseline", "fs", "watch")).toBe(4);
    expect(tierOf("baseline", "fs", "readFile")).toBe(1);
    expect(tierOf("baseline", "child_process", "fork")).toBe(5);
    expect(tierOf("full", "child_process", "fork")).toBe(1);
    expect(tierOf("full", "left-pad")).toBeUndefined();
    expect(tierOf("full", "toString")).toBeUndefined();
    expect(enabledBy("dgram")).toBe('compat: "full"');
    expect(enabledBy("left-pad")).toBeUndefined();
  });

  it("builtinModules leaves out what cannot be required and what needs node:", () => {
    expect(builtinModulesOf("full")).toEqual([...builtinModulesOf("full")].sort());
    expect(builtinModulesOf("full")).toContain("dgram");
    expect(builtinModulesOf("baseline")).not.toContain("dgram");
    expect(builtinModulesOf("full")).not.toContain("sqlite");
  });

  it("codes are the module in capitals, a few under another module's area", () => {
    expect(unsupportedCode("node:worker_threads")).toBe("ERR_SANDBOX_WORKER_THREADS_UNSUPPORTED");
    expect(unsupportedCode("readline/promises")).toBe("ERR_SANDBOX_READLINE_PROMISES_UNSUPPORTED");
    expect(codeOf("_tls_wrap")).toBe("ERR_SANDBOX_TLS_UNSUPPORTED");
    const used = [tierConfig("baseline"), tierConfig("full")].flatMap(({ unsupported, deferred }) => [
      ...Object.values(unsupported),
      ...Object.values(deferred).flatMap((apis) => Object.values(apis)),
    ]);
    for (const code of used) expect([...unsupportedCodes().keys()]).toContain(code);
  });
});
