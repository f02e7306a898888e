import { Buffer } from "node:buffer";
import { decodeWire, encodeWire } from "@vivarium/bridge/wire";
import { afterAll, describe, expect, it } from "vitest";
import { fakeDriver, step } from "../testing/fake-driver.ts";
import { NodeRuntime } from "./node-runtime.ts";
import type { NodeRuntimeOptions, StdioEvent } from "./options.ts";
import { closePool } from "./pool.ts";

afterAll(closePool);

const wire = (value: unknown) => Buffer.from(encodeWire(value, 1e6)).toString("base64");
const unwire = (text: string) => decodeWire(Buffer.from(text, "base64"));
const make = (options: Partial<NodeRuntimeOptions> = {}) => new NodeRuntime({ driver: fakeDriver(), ...options });

/** Runs one step and collects what it printed. */
async function printed(runtime: NodeRuntime, code: string, options: Parameters<NodeRuntime["exec"]>[1] = {}) {
  const events: StdioEvent[] = [];
  const result = await runtime.exec(code, { ...options, onStdio: (event) => void events.push(event) });
  return { result, events, text: events.map(({ data }) => Buffer.from(data).toString()).join("") };
}

describe("NodeRuntime", () => {
  it("exec() returns the program's exit code and usage", async () => {
    await using runtime = make();
    const result = await runtime.exec(step({ do: "exit", code: 3 }));
    expect(result).toMatchObject({ code: 3, outcome: "exit" });
    expect(result.error).toBeUndefined();
    expect(result.usage.startMs).toBeGreaterThan(0);
  });

  it("exec() decodes the program's error and keeps only its known parts", async () => {
    await using runtime = make();
    const error = {
      name: "RangeError",
      message: "m",
      code: "E_X",
      stack: "s",
      secret: 1,
      cause: { name: "Error", message: "c" },
    };
    const result = await runtime.exec(step({ do: "exit", code: 1, error: wire(error) }));
    expect(result.error).toEqual({
      name: "RangeError",
      message: "m",
      code: "E_X",
      stack: "s",
      cause: { name: "Error", message: "c" },
    });
  });

  it("run() returns the exports", async () => {
    await using runtime = make();
    const result = await runtime.run(step({ do: "exit", code: 0, exports: wire({ default: new Map([[1, 2n]]) }) }));
    expect(result.exports).toEqual({ default: new Map([[1, 2n]]) });
  });

  it("a result that does not decode is a crash, not an exception", async () => {
    await using runtime = make();
    const result = await runtime.run(
      step({ do: "exit", code: 0, exports: Buffer.from([255, 1, 2]).toString("base64") }),
    );
    expect(result).toMatchObject({ code: 70, outcome: "crashed" });
  });

  it("onStdio sees both streams in the order they were written", async () => {
    await using runtime = make();
    const pieces = [1, 2, 1, 1, 2].map((channel, index) => ({ channel: channel as 1 | 2, text: `${index}\n` }));
    const { events } = await printed(runtime, step({ do: "print", pieces }));
    expect(events.map(({ channel, data }) => [channel, Buffer.from(data).toString()])).toEqual([
      ["stdout", "0\n"],
      ["stderr", "1\n"],
      ["stdout", "2\n"],
      ["stdout", "3\n"],
      ["stderr", "4\n"],
    ]);
  });

  it("an asynchronous onStdio gets one event at a time and loses none", async () => {
    await using runtime = make();
    let active = 0;
    let most = 0;
    const seen: number[] = [];
    await runtime.exec(step({ do: "flood", frames: 300, bytes: 10_000 }), {
      async onStdio({ data }) {
        most = Math.max(most, ++active);
        await new Promise(setImmediate);
        seen.push(Buffer.from(data).readUInt32LE());
        active--;
      },
    });
    expect(most).toBe(1);
    expect(seen).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it("what onStdio throws rejects the call and ends the cell", async () => {
    await using runtime = make();
    const failing = () => {
      throw new Error("disk full");
    };
    await expect(runtime.exec(step({ do: "flood", frames: 9, bytes: 10 }), { onStdio: failing })).rejects.toThrow(
      "disk full",
    );
    expect(await runtime.exec(step({ do: "exit", code: 0 }))).toMatchObject({ code: 0, outcome: "exit" });
  });

  it("runs of one runtime are serial and share a cell", async () => {
    await using runtime = make();
    const shown = await Promise.all([1, 2, 3].map(() => printed(runtime, step({ do: "show" }))));
    const facts = shown.map(({ text }) => JSON.parse(text) as { pid: number; runs: number });
    expect(new Set(facts.map(({ pid }) => pid)).size).toBe(1);
    expect(facts.map(({ runs }) => runs)).toEqual([1, 2, 3]);
  });

  it("two runtimes never share a cell", async () => {
    await using first = make();
    await using second = make();
    const pids = [];
    for (const runtime of [first, second, first])
      pids.push((JSON.parse((await printed(runtime, step({ do: "show" }))).text) as { pid: number }).pid);
    expect(pids[0]).toBe(pids[2]);
    expect(pids[0]).not.toBe(pids[1]);
  });

  it("the cell sees neither the embedder's environment nor disallowed variables", async () => {
    process.env.VIVARIUM_TEST_SECRET = "s3cret";
    await using runtime = make({ driver: fakeDriver({ env: ["A"] }, { A: "1", B: "2" }) });
    const { text } = await printed(runtime, step({ do: "show" }), { env: { C: "3" } });
    const { env, run } = JSON.parse(text) as { env: Record<string, string>; run: { boot: { env: object } } };
    const own = ["TZ", "VIVARIUM_CACHE_KEY", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"];
    expect(Object.keys(env).filter((key) => !own.includes(key))).toEqual([]);
    expect(run.boot.env).toEqual({ A: "1" });
    expect(text).not.toContain("s3cret");
  });

  it("the boot configuration shows Node's own argument list", async () => {
    await using runtime = make();
    const show = step({ do: "show" });
    const { text } = await printed(runtime, show, { filePath: "/app/x.js", argv: ["--a", "b"] });
    const source = (JSON.parse(text) as { run: { boot: { argv: string[]; cwd: string } } }).run.boot;
    expect(source.argv).toEqual(["/usr/local/bin/node", "/app/x.js", "--a", "b"]);
    expect(source.cwd).toBe("/app");
    const events: StdioEvent[] = [];
    const onStdio = (event: StdioEvent) => void events.push(event);
    await runtime.execProgram(
      { kind: "eval", code: show, print: true, require: ["./p.cjs"] },
      { argv: ["x"], onStdio },
    );
    const { boot } = (
      JSON.parse(Buffer.concat(events.map(({ data }) => data)).toString()) as { run: { boot: Record<string, unknown> } }
    ).run;
    expect(boot.argv).toEqual(["/usr/local/bin/node", "x"]);
    expect(boot.execArgv).toEqual(["-r", "./p.cjs", "-p", show]);
    expect(boot.options).toEqual({ "--require": ["./p.cjs"], "--eval": show, "--print": true });
  });

  it("permission functions are asked with the parsed request and their answer crosses", async () => {
    const asked: unknown[] = [];
    const fs = async (request: unknown) => {
      asked.push(request);
      return { allow: true, reason: "because" };
    };
    await using runtime = make({ driver: fakeDriver({ fs }) });
    const request = { domain: "fs", op: "read", access: "read", path: "/x", subtree: false } as const;
    const { text } = await printed(
      runtime,
      step({ do: "ask", question: { kind: "permission", domain: "fs", request } }),
    );
    expect(asked).toEqual([request]);
    expect((JSON.parse(text) as { header: unknown }).header).toEqual({ allow: true, reason: "because" });
  });

  it("bindings answer blocking and asynchronous calls", async () => {
    const tools = {
      add: async (a: number, b: number) => a + b,
      fail: () => Promise.reject(Object.assign(new RangeError("no"), { code: "E_NO", secret: 1 })),
    };
    await using runtime = make({ bindings: { tools } });
    const blocking = await printed(
      runtime,
      step({ do: "ask", question: { kind: "binding", name: "tools.add" }, body: wire([1, 2]) }),
    );
    const answer = JSON.parse(blocking.text) as { header: unknown; body: string };
    expect([answer.header, unwire(answer.body)]).toEqual([{ ok: true }, 3]);
    const calls = await printed(runtime, step({ do: "call", name: "tools.fail", args: wire([]) }));
    const failure = JSON.parse(calls.text) as { ok: boolean; body: string };
    expect([failure.ok, unwire(failure.body)]).toEqual([false, { name: "RangeError", message: "no", code: "E_NO" }]);
  });

  it("a binding that was not offered, inherited names included, fails as data", async () => {
    await using runtime = make({ bindings: { tools: {} } });
    const { text } = await printed(runtime, step({ do: "call", name: "tools.constructor", args: wire([]) }));
    const { ok, body } = JSON.parse(text) as { ok: boolean; body: string };
    expect(ok).toBe(false);
    expect(unwire(body)).toMatchObject({ name: "TypeError" });
  });

  it("stdin comes piece by piece as the guest asks, from text, bytes and streams", async () => {
    await using runtime = make();
    async function* pieces() {
      yield "ab";
      yield Buffer.from([0x63]);
      yield "";
      yield "d";
    }
    expect((await printed(runtime, step({ do: "stdin", sync: false }), { stdin: "text" })).text).toBe("text");
    expect((await printed(runtime, step({ do: "stdin", sync: false }), { stdin: pieces() })).text).toBe("abcd");
    expect((await printed(runtime, step({ do: "stdin", sync: true }), { stdin: "0123456789abc" })).text).toBe(
      "<0123456789><abc>",
    );
    expect((await printed(runtime, step({ do: "stdin", sync: true }))).text).toBe("");
  });

  it("a program that reads no input leaves the embedder's stream untouched", async () => {
    await using runtime = make();
    let touched = false;
    const stdin = {
      [Symbol.asyncIterator]() {
        touched = true;
        throw new Error("touched");
      },
    };
    await runtime.exec(step({ do: "exit", code: 0 }), { stdin });
    expect(touched).toBe(false);
  });

  it("what an input stream throws rejects the call", async () => {
    await using runtime = make();
    async function* broken(): AsyncGenerator<string> {
      yield "first";
      throw new Error("cable pulled");
    }
    await expect(runtime.exec(step({ do: "stdin", sync: false }), { stdin: broken() })).rejects.toThrow("cable pulled");
  });

  it("decisions reach onDecision", async () => {
    const decision = { domain: "fs", op: "read", resource: "/etc/hosts", allowed: false, rule: "no rule", cure: "c" };
    const seen: unknown[] = [];
    await using runtime = make({ onDecision: (each) => void seen.push(each) });
    await runtime.exec(step({ do: "decide", decision }));
    expect(seen).toEqual([decision]);
  });

  it("bad options reject before a cell is used, naming the option", async () => {
    await using runtime = make();
    await expect(runtime.exec("x", { limits: { memoryMiB: 1 } })).rejects.toMatchObject({
      code: "ERR_SANDBOX_INVALID_OPTIONS",
      message: expect.stringContaining("options.limits.memoryMiB"),
    });
    expect(() => new NodeRuntime({ driver: {} })).toThrow(/createNodeDriver/);
  });

  it("a disposed runtime refuses calls", async () => {
    const runtime = make();
    await runtime.dispose();
    await expect(runtime.exec("x")).rejects.toMatchObject({ code: "ERR_SANDBOX_DISPOSED" });
  });
});
