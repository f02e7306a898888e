import { afterAll, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack } from "../testing/attack.ts";

afterAll(closePool);

const limits = { memoryMiB: 128, cpuTimeMs: 5000, wallTimeMs: 15_000 };
const SESSION = `
const { Session } = require("inspector");
const session = new Session();
session.connect();
const ask = (method, params) => {
  let outcome;
  session.post(method, params, (error, result) => (outcome = error ? error.message : result));
  return outcome;
};`;

describe("the inspector of a guest", () => {
  it("has no command that changes code under way or starts threads", async () => {
    const run = await attack(
      `${SESSION}
      for (const method of ["Debugger.setScriptSource", "Debugger.restartFrame", "Profiler.start", "Runtime.terminateExecution"])
        console.log(ask(method, {}).includes("wasn't found"));`,
      { limits, compat: "full" },
    );
    expect(run.stdout).toBe("true\ntrue\ntrue\ntrue\n");
  });

  it("takes the method that was looked up, whatever the parameters say", async () => {
    const run = await attack(
      `${SESSION}
      let answers = 0;
      const sneaky = { toJSON: undefined };
      JSON.stringify = (text) => text;
      console.log(ask("Runtime.evaluate", { expression: '1", "method": "Debugger.setScriptSource' })?.exceptionDetails !== undefined);
      console.log(ask('Runtime.evaluate","x":"', {}).includes("wasn't found"));
      console.log(ask("Runtime.evaluate\\0", {}).includes("wasn't found"));`,
      { limits, compat: "full" },
    );
    expect(run.stdout).toBe("true\ntrue\ntrue\n");
  });

  it("nobody waits at a breakpoint, and a session may close itself inside a message", async () => {
    const run = await attack(
      `${SESSION}
      ask("Debugger.enable");
      session.on("Debugger.paused", () => session.disconnect());
      debugger;
      for (let i = 0; i < 200; i++) { const other = new Session(); other.connect(); other.post("Runtime.enable"); }
      console.log("on");`,
      { limits, compat: "full" },
    );
    expect(run.stdout).toBe("on\n");
    expect(run.result.outcome).toBe("exit");
  });

  it("sampling goes with the isolate", async () => {
    const run = await attack(
      `${SESSION}
      ask("HeapProfiler.enable");
      ask("HeapProfiler.startSampling");
      ask("Profiler.enable");
      ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
      for (let i = 0; i < 1e5; i++) ({ i });
      process.exit(3);`,
      { limits, compat: "full" },
    );
    expect(run.result).toMatchObject({ outcome: "exit", code: 3 });
  });
});
