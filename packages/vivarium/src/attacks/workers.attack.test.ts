import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { allowAll, closePool, createNodeDriver, NodeRuntime, type Permissions } from "../index.ts";

afterAll(closePool);

const base = { cpuTimeMs: 20_000, wallTimeMs: 20_000, memoryMiB: 64 };

interface Options {
  readonly limits?: object;
  readonly permissions?: Permissions;
  readonly onStdio?: (text: string) => void;
}

async function run(code: string, { limits, permissions = { fs: true }, onStdio }: Options = {}) {
  const driver = createNodeDriver({ permissions });
  const runtime = new NodeRuntime({ driver, compat: "full", limits: { ...base, ...limits }, pool: { size: 0 } });
  let text = "";
  const result = await runtime.exec(code, {
    filePath: "/app/main.cjs",
    onStdio: ({ data }) => {
      text += Buffer.from(data).toString();
      onStdio?.(text);
    },
  });
  await runtime.dispose();
  return { ...result, text, left: descendants() };
}

function descendants(): number {
  if (process.platform !== "linux") return 0;
  let count = 0;
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z" && Number(parent) === process.pid) count += 1;
    } catch {
      // It ended between the listing and the look.
    }
  }
  return count;
}

const START = "const { Worker, parentPort } = require('worker_threads');\n";

describe("workers", () => {
  it("are bounded by limits.processes, however deep they nest, without any permission", async () => {
    const bomb = `${START}
      const code = require('worker_threads').getEnvironmentData('code');
      for (let i = 0; i < 4; i++) new Worker(code, { eval: true }).on('error', (e) => console.log(e.code));
      setInterval(() => {}, 1e6);`;
    let most = 0;
    const { outcome, text, left } = await run(
      `${START}
      require('worker_threads').setEnvironmentData('code', ${JSON.stringify(bomb)});
      let refused = 0;
      const started = [];
      for (let i = 0; i < 4; i++) started.push(new Worker(${JSON.stringify(bomb)}, { eval: true, stdout: true }));
      for (const each of started) each.stdout.on('data', (data) => {
        refused += String(data).split('ERR_WORKER_INIT_FAILED').length - 1;
        console.log('.');
        if (refused >= 10) process.exit();
      });`,
      {
        limits: { processes: 6, cpuTimeMs: 60_000, wallTimeMs: 60_000 },
        onStdio: () => {
          most = Math.max(most, descendants());
        },
      },
    );
    expect(outcome).toBe("exit");
    expect(text).toContain(".");
    if (process.platform === "linux") expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(7);
    expect(left).toBe(0);
  }, 90_000);

  it("that are busy die with the run, and cannot hold it up", async () => {
    const { code, outcome, left } = await run(`${START}
      const busy = new Worker("require('worker_threads').parentPort.postMessage(1); for (;;);", { eval: true });
      busy.on('message', () => process.exit(3));`);
    expect({ code, outcome, left }).toEqual({ code: 3, outcome: "exit", left: 0 });
  });

  it("spend the run's CPU time, whoever waits for them", async () => {
    const { outcome, code, left } = await run(`${START} new Worker("for (;;);", { eval: true });`, {
      limits: { cpuTimeMs: 1500 },
    });
    expect({ outcome, code, left }).toEqual({ outcome: "timeout", code: 124, left: 0 });
  });

  it("that fill their heap end alone", async () => {
    const { code, text } = await run(`${START}
      const w = new Worker("const a = []; for (;;) a.push(new Array(1e5).fill({}))", { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
      w.on('error', (e) => console.log(e.code)).on('exit', (c) => console.log('exit', c));`);
    expect({ code, text }).toEqual({ code: 0, text: "ERR_WORKER_OUT_OF_MEMORY\nexit 1\n" });
  });

  it("have no rights but their run's", async () => {
    const { text } = await run(
      `${START} new Worker(\`
        const fs = require('fs');
        try { fs.readFileSync('/app/secret'); } catch (e) { console.log(e.code, e.sandboxCode); }
        console.log(require('child_process').spawnSync('node', ['-v']).error.code);\`, { eval: true });`,
      { permissions: { fs: { read: ["/tmp"] } } },
    );
    expect(text).toBe("EACCES ERR_SANDBOX_FS_DENIED\nEACCES\n");
  });

  it("that post more than anybody reads are held back, and the run stays within its memory", async () => {
    const { outcome, text } = await run(`${START}
      const w = new Worker("const { parentPort } = require('worker_threads'); for (let i = 0; i < 100; i++) parentPort.postMessage(new Uint8Array(1e6)); parentPort.postMessage('end')", { eval: true });
      let count = 0;
      w.on('message', (m) => { if (m === 'end') console.log(count); else count++; });`);
    expect({ outcome, text }).toEqual({ outcome: "exit", text: "100\n" });
  });

  it("cannot name the pipe their messages go over", async () => {
    const { code, text } = await run(
      `${START} new Worker(\`
        const { Socket } = require('net');
        const { spawnSync } = require('child_process');
        const fs = require('fs');
        for (const fd of [3, 4, 5]) {
          try { new Socket({ fd }).on('error', (e) => console.log('socket', e.code)); } catch (e) { console.log('socket', e.code); }
          try { fs.writeSync(fd, 'x'); } catch (e) { console.log('write', e.code); }
          try { console.log('child', spawnSync('node', ['-v'], { stdio: ['ignore', 'ignore', 'ignore', fd] }).error.code); } catch (e) { console.log('child', e.code); }
        }\`, { eval: true }).on('error', (e) => console.log(e));`,
      { permissions: allowAll },
    );
    expect(code).toBe(0);
    expect(
      text.split("\n").filter((line) => !/^(?:socket|write|child) (?:EBADF|ERR_INVALID_FD_TYPE|EINVAL)$/.test(line)),
    ).toEqual([""]);
    expect(text.match(/^write EBADF$/gm)).toHaveLength(3);
  });
});
