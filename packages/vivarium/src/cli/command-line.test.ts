import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseCommandLine } from "./options.ts";
import { settingsOf } from "./settings.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "vivarium-cli-")));
const project = join(folder, "project");
mkdirSync(join(project, "src/deep"), { recursive: true });
mkdirSync(join(folder, "plain"));
writeFileSync(join(project, "package.json"), "{}");
writeFileSync(join(project, "src/a.js"), "");
writeFileSync(join(folder, "plain/b.js"), "");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = (argv: string[], cwd = project) => settingsOf(parseCommandLine(argv), cwd, { A: "1" });

describe("the command line", () => {
  it("options end at the file: what follows is the program's", () => {
    expect(parseCommandLine(["--cpu-ms", "5", "a.js", "--cpu-ms=7", "-e", "x"])).toEqual({
      options: { "cpu-ms": ["5"] },
      file: "a.js",
      args: ["--cpu-ms=7", "-e", "x"],
    });
  });

  it("with -e there is no file: the first argument is the program's", () => {
    expect(parseCommandLine(["-e", "-1", "a.js", "--x"])).toEqual({
      options: { eval: ["-1"] },
      file: undefined,
      args: ["a.js", "--x"],
    });
    expect(parseCommandLine(["-e", "1", "--", "--x"])).toMatchObject({ file: undefined, args: ["--x"] });
    expect(parseCommandLine(["--", "-odd.js", "-x"])).toMatchObject({ file: "-odd.js", args: ["-x"] });
    expect(parseCommandLine(["-", "x"])).toMatchObject({ file: "-", args: ["x"] });
  });

  it.each([
    [["--alow-net=x", "a.js"], "bad option: --alow-net (did you mean --allow-net?)"],
    [["--zzz", "a.js"], "bad option: --zzz"],
    [["-e"], "-e requires an argument"],
    [["--allow-net", "--allow-run=node", "a.js"], "--allow-net requires an argument"],
    [["--allow-all=1", "a.js"], "--allow-all takes no argument"],
  ])("%j is refused: %s", (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(message);
  });
});

describe("settings", () => {
  it("by default the project is readable at /app and everything else is denied", () => {
    const { driver, program, cwd } = settings(["src/a.js"]);
    expect(driver.mounts).toEqual([{ guest: "/app", kind: "host", host: project, mode: "ro" }]);
    expect(driver.permissions).toEqual({
      fs: { read: ["/app", "/app/**"], write: [] },
      network: { connect: [] },
      childProcess: { commands: [] },
      env: [],
    });
    expect([program, cwd]).toEqual([{ kind: "file", filePath: "/app/src/a.js" }, "/app"]);
  });

  it("a file without a package.json above it has its own folder as project", () => {
    const { driver, program, cwd } = settings([join(folder, "plain/b.js")]);
    // The system's temporary folder is under no project.
    expect(driver.mounts).toMatchObject([{ guest: "/app", host: join(folder, "plain") }]);
    expect([program, cwd]).toEqual([{ kind: "file", filePath: "/app/b.js" }, "/app"]);
  });

  it("a working directory inside the project is the guest's too", () => {
    expect(settings(["../a.js"], join(project, "src/deep"))).toMatchObject({
      cwd: "/app/src/deep",
      program: { filePath: "/app/src/a.js" },
    });
    expect(settings(["--cwd", "sub", "src/a.js"]).cwd).toBe("/app/sub");
    expect(settings(["--cwd=/data", "src/a.js"]).cwd).toBe("/data");
  });

  it("code without a file shows no folder that is not a project", () => {
    expect(settings(["-e", "1"], join(folder, "plain")).driver.mounts).toEqual([]);
    expect(settings(["-e", "1"]).driver.mounts).toMatchObject([{ guest: "/app", host: project }]);
  });

  it("paths allow what is below them and are relative to the guest's folder", () => {
    const { driver } = settings([
      "--allow-fs-read=/data,out",
      "--allow-fs-write=/tmp/*.txt",
      "--allow-fs-write",
      "/",
      "src/a.js",
    ]);
    expect(driver.permissions?.fs).toEqual({
      read: ["/app", "/app/**", "/data", "/data/**", "/app/out", "/app/out/**"],
      write: ["/tmp/*.txt", "/**"],
    });
  });

  it("a mount at /app replaces the project's", () => {
    const { driver } = settings(["--mount", ".:/app:rw", "--mount=..:/up/", "src/a.js"]);
    expect(driver.mounts).toEqual([
      { guest: "/app", kind: "host", host: project, mode: "rw" },
      { guest: "/up", kind: "host", host: folder, mode: "ro" },
    ]);
  });

  it("limits, profile and the rest are passed on", () => {
    const flags = [
      "--memory-mb=64",
      "--cpu-ms=5",
      "--wall-ms=0",
      "--compat=full",
      "-r",
      "./a.cjs",
      "-r",
      "./b.cjs",
      "--report=r.json",
    ];
    expect(settings([...flags, "-p", "1", "x"])).toMatchObject({
      runtime: { compat: "full", limits: { memoryMiB: 64, cpuTimeMs: 5, wallTimeMs: 0 } },
      program: { kind: "eval", code: "1", print: true },
      require: ["./a.cjs", "./b.cjs"],
      report: join(project, "r.json"),
      args: ["x"],
    });
  });

  it.each([
    [["--cpu-ms=soon", "src/a.js"], "--cpu-ms takes a whole number"],
    [["--compat=most", "src/a.js"], "--compat takes baseline or full"],
    [["--log-level=loud", "src/a.js"], '--log-level takes debug, info, warn or error; got "loud"'],
    [["--report=nowhere/r.json", "src/a.js"], "--report takes a file in a folder that exists"],
    [["--report=src", "src/a.js"], "--report takes a file in a folder that exists"],
    [["--mount=x", "src/a.js"], "--mount takes HOST:GUEST"],
    [["nowhere/a.js"], "there is no nowhere/a.js"],
    [[], "no program"],
  ])("%j is refused: %s", (argv, message) => {
    expect(() => settings(argv)).toThrow(message);
  });
});
