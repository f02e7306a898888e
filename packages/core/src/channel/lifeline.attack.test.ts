import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** A supervisor that shows its busy cell's process id. */
const SUPERVISOR = `
  import { NodeRuntime } from ${url("../runtime/node-runtime.ts")};
  import { fakeDriver, step } from ${url("../testing/fake-driver.ts")};
  const runtime = new NodeRuntime({ driver: fakeDriver(), pool: { size: 0 } });
  let pid;
  await runtime.exec(step({ do: "show" }), { onStdio: ({ data }) => { pid = JSON.parse(data.toString()).pid; } });
  await runtime.exec(step({ do: "loop", print: "x" }), { onStdio: () => console.log(pid) });`;

/** A process that nobody has waited for yet is over all the same: its state in /proc is Z. */
const isOver = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform === "linux" && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true;
  }
};

const over = async (pid: number, deadline: number): Promise<boolean> => {
  while (performance.now() < deadline) {
    if (isOver(pid)) return true;
    await new Promise(setImmediate);
  }
  return false;
};

describe("the lifeline", () => {
  it("ends a busy cell within a second of its supervisor's SIGKILL", async () => {
    const child = spawn(
      process.execPath,
      ["--conditions=@vivarium/source", "--no-warnings", "--input-type=module", "-e", SUPERVISOR],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const cell = Number(line);
    expect(isOver(cell)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await over(cell, performance.now() + 1000)).toBe(true);
  });
});
