import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The built command: `npm test` builds it before the tests. */
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "vivarium-command-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error("packages/vivarium/dist/cli.js is not built: npm run build");
  mkdirSync(join(project, "src"));
  writeFileSync(join(project, "package.json"), '{ "type": "commonjs" }');
  writeFileSync(
    join(project, "src/main.js"),
    "console.log(process.argv.slice(2), process.cwd(), __filename); process.exitCode = 5;",
  );
  writeFileSync(join(project, "src/typed.cts"), "const x: number = 4; console.log(x);");
});

function run(args: readonly string[], input: string | Uint8Array = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "run", ...args], {
    cwd: project,
    input,
    maxBuffer: 1e9,
  });
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

describe("vivarium run", () => {
  it("runs a file of the project under /app and ends with its exit code", () => {
    const stdout = "[ '--x', 'y' ] /app /app/src/main.js\n";
    expect(run(["src/main.js", "--x", "y"])).toEqual({ status: 5, stdout, stderr: "" });
  });

  it("runs TypeScript, -e, -p and standard input", () => {
    expect(run(["src/typed.cts"]).stdout).toBe("4\n");
    expect(run(["-e", "console.log(1 + 1)"]).stdout).toBe("2\n");
    expect(run(["-p", "[1, 2]"]).stdout).toBe("[ 1, 2 ]\n");
    expect(run(["-", "a"], "console.log(process.argv.slice(1))").stdout).toBe("[ '-', 'a' ]\n");
  });

  it("passes standard input through, read in a stream or at once", () => {
    const input = Buffer.alloc(3_000_000, 7);
    const stream = "let n = 0; process.stdin.on('data', (d) => { n += d.length; }).on('end', () => console.log(n));";
    expect(run(["-e", stream], input).stdout).toBe("3000000\n");
    expect(run(["-e", "console.log(require('fs').readFileSync(0).length)"], input).stdout).toBe("3000000\n");
  });

  it("says what was denied and the flag that allows it; with the flag it is allowed", () => {
    const code = "try { require('fs').readdirSync('/root'); console.log('read'); } catch (e) { console.log(e.code); }";
    expect(run(["-e", code])).toEqual({
      status: 0,
      stdout: "EACCES\n",
      stderr: "vivarium: denied fs.readdir /root; allow it with --allow-fs-read=/root\n",
    });
    expect(run(["--allow-fs-read=/root", "-e", code])).toEqual({ status: 0, stdout: "read\n", stderr: "" });
  });

  it("the project cannot be written, unless it is mounted so and writing is allowed", () => {
    const code = "try { require('fs').writeFileSync('new.txt', 'x'); } catch (e) { console.log(e.code); }";
    expect(run(["-e", code]).stdout).toBe("EACCES\n");
    expect(run(["--allow-fs-write=/app", "-e", code]).stdout).toBe("EROFS\n");
    expect(run(["--mount", ".:/app:rw", "--allow-fs-write=/app", "-e", code]).stdout).toBe("");
    expect(readFileSync(join(project, "new.txt"), "utf8")).toBe("x");
  });

  it("shows environment variables only when asked to", () => {
    const code = "console.log(Object.keys(process.env).includes('PATH'))";
    expect(run(["-e", code]).stdout).toBe("false\n");
    expect(run(["--allow-env=PATH", "-e", code]).stdout).toBe("true\n");
  });

  it.each([
    ["--cpu-ms=200", "for (;;);", "vivarium: CPU time limit exceeded (200 ms); raise it with --cpu-ms\n"],
    [
      "--wall-ms=200",
      "setTimeout(() => {}, 1e6)",
      "vivarium: wall time limit exceeded (200 ms); raise it with --wall-ms\n",
    ],
  ])("%s ends a program that goes on with code 124 and one line", (flag, code, stderr) => {
    expect(run([flag, "-e", code])).toEqual({ status: 124, stdout: "", stderr });
  });

  it("--memory-mb ends a memory bomb with code 137 and one line", () => {
    const { status, stderr } = run([
      "--memory-mb=32",
      "-e",
      "const m = new Map(); for (let i = 0; ; i++) m.set(i, {});",
    ]);
    expect([status, stderr]).toEqual([137, "vivarium: memory limit exceeded (32 MiB); raise it with --memory-mb\n"]);
  });

  it("--report tells how the run ended", () => {
    run(["--report", "report.json", "-e", "throw new RangeError('far')"]);
    const report: unknown = JSON.parse(readFileSync(join(project, "report.json"), "utf8"));
    expect(report).toMatchObject({ code: 1, outcome: "exit", error: { name: "RangeError", message: "far" } });
    expect(Object.keys(report as object).sort()).toEqual(["code", "error", "outcome", "usage"]);
  });

  it("a reader that goes away ends the program quietly", async () => {
    const child = spawn(process.execPath, [CLI, "run", "-e", "for (;;) console.log('line')"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const stderr: Buffer[] = [];
    child.stderr.on("data", (data: Buffer) => void stderr.push(data));
    const [code] = (await once(child, "close")) as [number];
    expect([code, String(Buffer.concat(stderr))]).toEqual([141, ""]);
  });

  it("an interrupt ends the program quietly", async () => {
    const child = spawn(process.execPath, [CLI, "run", "-e", "console.log('up'); setTimeout(() => {}, 1e6)"], {
      stdio: "pipe",
    });
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(130);
  });

  it("a bad command line ends with code 9 and says what is wrong", () => {
    expect(run(["--alow-net=x", "src/main.js"])).toEqual({
      status: 9,
      stdout: "",
      stderr: "vivarium: bad option: --alow-net (did you mean --allow-net?)\n",
    });
  });

  it.each([
    ["--memory-mb=1", "--memory-mb must be a whole number from 16 to"],
    ["--mount=./nowhere:/x", "the host folder of --mount must be a directory of the host"],
    ["--allow-net=http://a.example/", "--allow-net must be host:port, not a URL"],
  ])("%s is told of in words of the command line", (flag, message) => {
    const { status, stderr } = run([flag, "-e", ""]);
    expect(status).toBe(9);
    expect(stderr).toContain(`vivarium: ${message}`);
    expect(stderr).not.toContain("options.");
  });
});
