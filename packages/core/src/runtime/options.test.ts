import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { allowAll } from "../permissions/allow.ts";
import {
  OptionsError,
  parseDriverOptions,
  parseExecOptions,
  parseProgram,
  parseRuntimeOptions,
  resolveOsInfo,
  resolveProcessInfo,
} from "./options.ts";

const problems = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof OptionsError) return error.problems;
    throw error;
  }
  return [];
};
const runtime = (options: unknown) => problems(() => parseRuntimeOptions(options));
const driver = (options: unknown) => problems(() => parseDriverOptions(options));
const exec = (options: unknown) => problems(() => parseExecOptions(options));
const program = (value: unknown) => problems(() => parseProgram(value));

describe("what fits passes unchanged", () => {
  it("nothing at all", () => {
    expect(parseRuntimeOptions(undefined)).toEqual({});
    expect(parseDriverOptions({})).toEqual({});
    expect(parseExecOptions(undefined)).toEqual({});
  });

  it("everything at once", () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const bindings = { tools: { search: async () => [] } };
    const full = {
      driver: {},
      compat: "full",
      limits: { memoryMiB: 64, wallTimeMs: 0, cpuTimeMs: Number.POSITIVE_INFINITY },
      bindings,
      onStdio() {},
      onDecision() {},
      logger: log,
      pool: { size: 2 },
      tenant: "a",
    };
    expect(parseRuntimeOptions(full)).toEqual(full);
    const files = { "a.txt": "text", "/b/c.bin": new Uint8Array(2) };
    const driverOptions = {
      permissions: allowAll,
      fs: { quotaBytes: 1, files },
      mounts: [
        { guest: "/d", kind: "host", host: "./d", mode: "rw" },
        { guest: "/m", kind: "memory", files },
        { guest: "/o/node_modules", kind: "overlay", host: "." },
      ],
      moduleAccess: { cwd: "." },
      network: false,
      nodePath: "/usr/bin/node",
      env: { LANG: "C", OFF: undefined },
      commands: () => ({ code: 0 }),
      processInfo: { pid: 7, umask: 0o77 },
      osInfo: { hostname: "h", cpus: 2 },
      artifacts: { quotaBytes: 10, quotaFiles: 1 },
    };
    expect(parseDriverOptions(driverOptions)).toEqual(driverOptions);
    expect(driver({ moduleAccess: false, artifacts: true })).toEqual([]);
    for (const network of [true, {}, { lookup: async () => ["1.2.3.4"] }]) expect(driver({ network })).toEqual([]);
    expect(
      exec({
        filePath: "/app/a.mjs",
        cwd: "/app",
        argv: ["x"],
        env: {},
        stdin: "in",
        signal: AbortSignal.timeout(1),
        limits: { cpuTimeMs: 1 },
        onStdio() {},
      }),
    ).toEqual([]);
    for (const stdin of [new Uint8Array(1), Readable.from(["a"]), ["a"], (async function* () {})()])
      expect(exec({ stdin })).toEqual([]);
  });

  it("every kind of permission", () => {
    const ask = () => true;
    for (const permissions of [
      { fs: true, network: false },
      { fs: ask, network: ask, childProcess: ask, env: ask, bindings: ask },
      {
        fs: { read: ["/data/**"] },
        network: { connect: ["a.test:443", "*.b.test", "10.0.0.0/8"], listen: ["8080"], dns: ["*"] },
      },
      { childProcess: { commands: ["git", "/opt/My App/x"] }, env: ["LANG", "*"], bindings: ["tools.search"] },
    ])
      expect(driver({ permissions })).toEqual([]);
  });
});

describe("what does not fit is named with its cure", () => {
  it.each<[string, readonly string[], string]>([
    [
      "memory",
      runtime({ limits: { memoryMiB: 8 } }),
      "options.limits.memoryMiB must be a whole number from 16 to 4096 (MiB); got 8",
    ],
    [
      "NaN",
      runtime({ limits: { memoryMiB: Number.NaN } }),
      "options.limits.memoryMiB must be a whole number from 16 to 4096 (MiB); got NaN",
    ],
    [
      "a limit as text",
      exec({ limits: { cpuTimeMs: "5s" } }),
      'options.limits.cpuTimeMs must be a whole number from 1 to 2147483647 (milliseconds), or 0 or Infinity for no limit; got "5s"',
    ],
    ["compat", runtime({ compat: "fulll" }), 'options.compat must be "baseline" or "full"; got "fulll"'],
    [
      "a slip",
      runtime({ limits: { memoryMb: 64 } }),
      "options.limits has no option memoryMb (did you mean memoryMiB?)",
    ],
    ["another case", runtime({ onstdio() {} }), "options has no option onstdio (did you mean onStdio?)"],
    ["something else", runtime({ pool: { x: 1 } }), "options.pool has no option x (known: size)"],
    ["a list", runtime([]), "options must be an object; got an array"],
    ["null", driver(null), "options must be an object; got null"],
    [
      "a glob",
      driver({ permissions: { fs: { read: ["data/**"] } } }),
      'options.permissions.fs.read[0] must be an absolute guest path such as /data/**; got "data/**"'.replace(
        "must be an",
        "must be an",
      ),
    ],
    [
      "a URL",
      driver({ permissions: { network: { connect: ["ok.test", "https://a.test"] } } }),
      'options.permissions.network.connect[1] must be host:port, not a URL (write api.example.com:443); got "https://a.test"',
    ],
    [
      "a look-up that is none",
      driver({ network: { lookup: "8.8.8.8" } }),
      'options.network.lookup must be a function (hostname, { family }) => addresses; got "8.8.8.8"',
    ],
    [
      "a domain",
      driver({ permissions: { fs: "all" } }),
      'options.permissions.fs must be true, false, a function or { read, write }; got "all"',
    ],
    [
      "a list for fs",
      driver({ permissions: { fs: ["/data"] } }),
      "options.permissions.fs must be an object; got an array",
    ],
    [
      "a domain's name",
      driver({ permissions: { childprocess: true } }),
      "options.permissions has no option childprocess (did you mean childProcess?)",
    ],
    [
      "a rule's name",
      driver({ permissions: { fs: { reads: [] } } }),
      "options.permissions.fs has no option reads (did you mean read?)",
    ],
    [
      "a command line",
      driver({ permissions: { childProcess: { commands: ["git status"] } } }),
      'options.permissions.childProcess.commands[0] must be one command without arguments; got "git status"',
    ],
    [
      "env as one text",
      driver({ permissions: { env: "LANG" } }),
      'options.permissions.env must be an array of names; got "LANG"',
    ],
    [
      "a mount's kind",
      driver({ mounts: [{ guest: "/d", kind: "disk" }] }),
      'options.mounts[0].kind must be "memory", "host" or "overlay"; got "disk"',
    ],
    [
      "a mount's path",
      driver({ mounts: [{ guest: "/d/../e", kind: "memory" }] }),
      'options.mounts[0].guest must be an absolute guest path without . or .. (such as /data); got "/d/../e"',
    ],
    [
      "the root",
      driver({ mounts: [{ guest: "/", kind: "memory" }] }),
      'options.mounts[0].guest must not be / (the option fs is the file system there); got "/"',
    ],
    [
      "a mode",
      driver({ mounts: [{ guest: "/d", kind: "host", host: "x", mode: "w" }] }),
      'options.mounts[0].mode must be "ro" or "rw"; got "w"',
    ],
    [
      "a mount's slip",
      driver({ mounts: [{ guest: "/d", kind: "host", host: "x", readonly: true }] }),
      "options.mounts[0] has no option readonly (known: guest, kind, host, mode)",
    ],
    [
      "twice",
      driver({
        mounts: [
          { guest: "/d", kind: "memory" },
          { guest: "/d", kind: "memory" },
        ],
      }),
      "options.mounts must not mount /d twice; got an array",
    ],
    [
      "artifacts twice",
      driver({ artifacts: true, mounts: [{ guest: "/artifacts", kind: "memory" }] }),
      "options.mounts must leave /artifacts to the option artifacts; got an array",
    ],
    ["argv", exec({ argv: ["a", 1] }), "options.argv[1] must be a string; got 1"],
    [
      "cwd",
      exec({ cwd: "app" }),
      'options.cwd must be an absolute guest path without . or .. (such as /data); got "app"',
    ],
    ["signal", exec({ signal: {} }), "options.signal must be an AbortSignal; got an object"],
    ["env's value", exec({ env: { A: 1 } }), "options.env must hold a string at A"],
    ["onStdio", exec({ onStdio: true }), "options.onStdio must be a function ({ channel, data }) => void; got true"],
    [
      "bindings",
      runtime({ bindings: { tools: { search: 1 } } }),
      "options.bindings must hold a function or an object at tools.search",
    ],
    [
      "a binding's name",
      runtime({ bindings: { "a b": () => 1 } }),
      'options.bindings must have identifiers as names ("a b" is none)',
    ],
  ])("%s", (_name, found, expected) => {
    expect(found).toEqual([expected]);
  });

  it("every problem at once, in an error with a stable code", () => {
    const run = () => parseRuntimeOptions({ limits: { memoryMiB: 1 }, compat: 1 });
    expect(problems(run)).toHaveLength(2);
    expect(run).toThrow(expect.objectContaining({ code: "ERR_SANDBOX_INVALID_OPTIONS", name: "OptionsError" }));
    expect(run).toThrow(/2 invalid options:\n {2}options\.compat .*\n {2}options\.limits\.memoryMiB /);
  });

  it("a program for execProgram", () => {
    const given = { kind: "source", code: "1", filePath: "/a.js", require: ["./b"], flags: ["--x"] } as const;
    expect(parseProgram(given)).toEqual(given);
    expect(program(undefined)).toEqual(["program must be an object with a kind; got undefined"]);
    expect(program({ kind: "url" })).toEqual(['program.kind must be "file", "eval" or "source"; got "url"']);
    expect(program({ kind: "eval" })).toEqual(["program.code must be a string; got undefined"]);
    expect(program({ kind: "file", path: "/a.js" }).join()).toMatch(
      /program\.filePath must be .*program has no option/,
    );
  });

  it("a message never shows what an object holds", () => {
    expect(driver({ env: ["secret"] }).join()).not.toContain("secret");
  });
});

describe("resolveProcessInfo() and resolveOsInfo()", () => {
  it("are neutral where nothing is given", () => {
    expect(resolveProcessInfo(undefined)).toEqual({
      argv0: "node",
      pid: 1,
      ppid: 0,
      title: "node",
      uid: 0,
      gid: 0,
      umask: 0o022,
    });
    expect(resolveOsInfo(undefined, { memoryMiB: 128 })).toMatchObject({
      hostname: "sandbox",
      username: "sandbox",
      cpus: 1,
      sysname: "Linux",
      totalMemory: 128 * 2 ** 20,
    });
  });
  it("take what is given, not what is undefined", () => {
    expect(resolveProcessInfo({ pid: 9, title: undefined })).toMatchObject({ pid: 9, title: "node" });
    expect(resolveOsInfo({ hostname: "h" }, { memoryMiB: 64 }).hostname).toBe("h");
  });
});
