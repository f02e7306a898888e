import { Buffer } from "node:buffer";
import { afterAll, describe, expect, it } from "vitest";
import { fakeDriver, step } from "../testing/fake-driver.ts";
import { NodeRuntime } from "./node-runtime.ts";
import { closePool } from "./pool.ts";

afterAll(closePool);

const make = () => new NodeRuntime({ driver: fakeDriver(), pool: { size: 0 } });
const fine = step({ do: "exit", code: 0 });

/** A runtime goes on after its cell was lost. */
const expectAlive = async (runtime: NodeRuntime) =>
  expect(await runtime.exec(fine)).toMatchObject({ code: 0, outcome: "exit" });

describe("a cell that does not end its guest", () => {
  it("is killed at its CPU limit, and what it printed before arrives", async () => {
    await using runtime = make();
    const seen: string[] = [];
    const result = await runtime.exec(step({ do: "loop", print: "before" }), {
      limits: { cpuTimeMs: 200, wallTimeMs: 20_000 },
      onStdio: ({ data }) => void seen.push(Buffer.from(data).toString()),
    });
    expect(result).toMatchObject({
      code: 124,
      outcome: "timeout",
      error: { message: "CPU time limit exceeded", code: "ERR_SANDBOX_TIMEOUT" },
    });
    expect(result.usage.cpuMs).toBeGreaterThanOrEqual(200);
    expect(result.usage.wallMs).toBeLessThan(5000);
    expect(seen).toEqual(["before"]);
    await expectAlive(runtime);
  });

  it("is killed at its wall limit even when it only waits", async () => {
    await using runtime = make();
    const result = await runtime.exec(step({ do: "wait" }), { limits: { wallTimeMs: 100 } });
    expect(result).toMatchObject({ code: 124, outcome: "timeout", error: { message: "wall time limit exceeded" } });
    expect(result.usage.wallMs).toBeGreaterThanOrEqual(100);
    await expectAlive(runtime);
  });

  it("is killed at its wall limit while the embedder's permission function never answers", async () => {
    await using runtime = new NodeRuntime({
      driver: fakeDriver({ fs: () => new Promise<boolean>(() => {}) }),
      pool: { size: 0 },
    });
    const request = { domain: "fs", op: "read", access: "read", path: "/x", subtree: false };
    const question = { kind: "permission", domain: "fs", request } as const;
    const result = await runtime.exec(step({ do: "ask", question }), { limits: { wallTimeMs: 100 } });
    expect(result).toMatchObject({ code: 124, outcome: "timeout" });
  });

  it("is killed when its memory passes the budget", async () => {
    await using runtime = make();
    const result = await runtime.exec(step({ do: "grow" }), { limits: { memoryMiB: 16 } });
    expect(result).toMatchObject({ code: 137, outcome: "memory", error: { code: "ERR_SANDBOX_MEMORY_LIMIT" } });
    await expectAlive(runtime);
  });

  it("that dies of its own V8's want of memory ended for memory, by V8's word on the cell's own stderr", async () => {
    await using runtime = make();
    const stderr = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
    expect(await runtime.exec(step({ do: "die", signal: "SIGABRT", stderr }))).toMatchObject({
      code: 137,
      outcome: "memory",
    });
  });

  it("cannot fake a limit by what the guest prints", async () => {
    await using runtime = make();
    const text = "FATAL ERROR: JavaScript heap out of memory\nCPU time limit exceeded\n";
    expect(await runtime.exec(step({ do: "print", pieces: [{ channel: 2, text }] }))).toMatchObject({
      code: 0,
      outcome: "exit",
    });
  });

  it("that crashes is a crash, and a signal from outside a kill", async () => {
    await using runtime = make();
    expect(await runtime.exec(step({ do: "die", signal: "SIGSEGV" }))).toMatchObject({ code: 70, outcome: "crashed" });
    expect(await runtime.exec(step({ do: "die", signal: "SIGTERM" }))).toMatchObject({ code: 143, outcome: "killed" });
    await expectAlive(runtime);
  });

  it("that dies after its result arrived did not fail", async () => {
    await using runtime = make();
    expect(await runtime.exec(step({ do: "die", signal: "SIGSEGV", afterResult: true }))).toMatchObject({
      code: 0,
      outcome: "exit",
    });
    await expectAlive(runtime);
  });
});

describe("a cell that breaks the protocol", () => {
  const frame = (header: string, body = 0) => {
    const bytes = Buffer.alloc(8 + header.length);
    bytes.writeUInt32LE(header.length, 0);
    bytes.writeUInt32LE(body, 4);
    bytes.write(header, 8);
    return bytes.toString("base64");
  };
  const usage = { cpuMs: 1, wallMs: 1, heapMiB: 1, rssMiB: 1, syscalls: 0, stdioBytes: 0 };
  const result = (facts: object) =>
    frame(JSON.stringify({ type: "result", result: { code: 0, outcome: "exit", usage, body: [0, 0], ...facts } }));

  it.each([
    ["garbage", Buffer.alloc(64, 0xff).toString("base64")],
    ["a header that is no JSON", frame("{{{")],
    ["an unknown report", frame('{"type":"own"}')],
    ["a body over the limit", frame('{"type":"wantStdin"}', 90 * 1024 * 1024)],
    ["another run's result", result({ id: 999_999 })],
    [
      "a malformed permission request",
      frame('{"type":"ask","question":{"kind":"permission","domain":"fs","request":{"domain":"fs"}}}'),
    ],
    ["a malformed decision", frame('{"type":"decision","decision":{"domain":"fs"}}')],
  ])("by %s is ended: outcome crashed", async (_name, base64) => {
    await using runtime = make();
    expect(await runtime.exec(step({ do: "garbage", base64 }))).toMatchObject({ code: 70, outcome: "crashed" });
    await expectAlive(runtime);
  });

  it("by a result whose body is shorter than it says is ended", async () => {
    await using runtime = make();
    expect(await runtime.exec(step({ do: "report", result: { body: [5, 5] } }))).toMatchObject({
      code: 70,
      outcome: "crashed",
    });
  });
});

describe("abort", () => {
  it("ends a busy run at once, a queued one before its start", async () => {
    await using runtime = make();
    const stop = new AbortController();
    const onStdio = () => stop.abort();
    const busy = runtime.exec(step({ do: "loop", print: "x" }), { signal: stop.signal, onStdio });
    const queued = runtime.exec(fine, { signal: stop.signal });
    expect(await busy).toMatchObject({ code: 130, outcome: "aborted", error: { code: "ERR_SANDBOX_ABORTED" } });
    expect(await queued).toMatchObject({ code: 130, outcome: "aborted", usage: { wallMs: 0 } });
    await expectAlive(runtime);
  });

  it("does not wait for an onStdio that never settles", async () => {
    await using runtime = make();
    const stop = new AbortController();
    const onStdio = () => {
      stop.abort();
      return new Promise<void>(() => {});
    };
    const result = await runtime.exec(step({ do: "loop", print: "x" }), { signal: stop.signal, onStdio });
    expect(result).toMatchObject({ code: 130, outcome: "aborted" });
  });

  it("dispose() ends a run under way", async () => {
    const runtime = make();
    let disposed: Promise<void> | undefined;
    const onStdio = () => {
      disposed ??= runtime.dispose();
    };
    expect(await runtime.exec(step({ do: "loop", print: "x" }), { onStdio })).toMatchObject({ outcome: "aborted" });
    await disposed;
  });
});
