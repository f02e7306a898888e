import { describe, expect, it } from "vitest";
import { FrameError } from "./frames.ts";
import { parseDecision, parsePermissionRequest, parseReport } from "./schemas.ts";

const usage = { cpuMs: 1, wallMs: 1, heapMiB: 1, rssMiB: 1, syscalls: 0, stdioBytes: 0 };

const request = { program: "node", args: ["node"], env: [], cwd: "/", stdio: ["pipe", 1] };
const wait = { timeoutMs: 0, maxBuffer: -1, killSignal: 15, inputs: [-1, 3] };

describe("parseReport", () => {
  it("takes every kind of report", () => {
    const reports = [
      { type: "ready", bootMs: 1.5 },
      { type: "stdio", channel: 2 },
      { type: "ask", id: 1, question: { kind: "binding", name: "a.b" } },
      { type: "ask", id: 2, question: { kind: "stdin", bytes: 5 } },
      { type: "ask", id: 3, question: { kind: "spawn", request } },
      { type: "ask", id: 4, question: { kind: "spawnSync", request, wait } },
      { type: "ask", id: 5, question: { kind: "kill", pid: 2, signal: 15 } },
      { type: "ask", id: 6, question: { kind: "file", number: 3 } },
      { type: "stdio", channel: 4 },
      { type: "closeFd", fd: 4 },
      { type: "pipe", pipe: 1, op: "shutdown" },
      { type: "handles", signals: [2, 15] },
      { type: "served", id: 7 },
      { type: "fileCall", token: 1, number: 3 },
      { type: "lookup", token: 1, hostname: "a.test", family: 4 },
      { type: "ask", id: 7, question: { kind: "permission", domain: "fs", request: {} } },
      { type: "call", token: 1, name: "a" },
      { type: "decision", decision: {} },
      { type: "wantStdin" },
      { type: "result", result: { id: 1, code: 0, outcome: "exit", usage, body: [0, 0] } },
    ];
    for (const report of reports) expect(parseReport(report)).toEqual(report);
  });

  it("refuses everything else", () => {
    const result = { id: 1, code: 0, outcome: "exit", usage, body: [0, 0] };
    const wrong = [
      {},
      { type: "constructor" },
      { type: "stdio", channel: -1 },
      { type: "ask", question: { kind: "binding", name: "a" } },
      { type: "ask", id: 1, question: { kind: "spawn", request: { ...request, program: "ls" } } },
      { type: "pipe", pipe: 1, op: "steal" },
      { type: "ready", bootMs: "1" },
      { type: "ask", id: 1, question: { kind: "exec" } },
      { type: "call", token: -1, name: "a" },
      { type: "lookup", token: 1, hostname: "a".repeat(300), family: 4 },
      { type: "lookup", token: 1, hostname: "a.test", family: 5 },
      { type: "result", result: { ...result, outcome: "fine" } },
      { type: "result", result: { ...result, body: [1] } },
      { type: "result", result: { ...result, usage: { ...usage, cpuMs: null } } },
      { type: "result", result: { ...result, id: 1.5 } },
    ];
    for (const report of wrong) expect(() => parseReport(report), JSON.stringify(report)).toThrow(FrameError);
  });
});

describe("what permission functions and the decision log see", () => {
  it("is only what fits its type", () => {
    const request = { domain: "network", op: "connect", protocol: "tcp", hostname: "h", port: 443 };
    expect(parsePermissionRequest({ ...request, extra: 1 })).toEqual(request);
    expect(() => parsePermissionRequest({ ...request, port: 65_536 })).toThrow(FrameError);
    expect(() =>
      parsePermissionRequest({ domain: "fs", op: "exec", access: "read", path: "/", subtree: false }),
    ).toThrow(FrameError);
    expect(() => parseDecision({ domain: "fs", allowed: "yes" })).toThrow(FrameError);
  });
});
