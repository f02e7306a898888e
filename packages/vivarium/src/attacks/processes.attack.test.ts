import { readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { allowAll, closePool, createNodeDriver, NodeRuntime, type Permissions } from "../index.ts";

afterAll(closePool);

interface Options {
  readonly limits?: object;
  readonly permissions?: Permissions;
  readonly onStdio?: (text: string) => void | Promise<void>;
}

const base = { cpuTimeMs: 20_000, wallTimeMs: 20_000, memoryMiB: 64 };

async function run(code: string, { limits, permissions = allowAll, onStdio }: Options = {}) {
  const runtime = new NodeRuntime({ driver: createNodeDriver({ permissions }), limits: { ...base, ...limits } });
  let text = "";
  const result = await runtime.exec(code, {
    filePath: "/app/main.cjs",
    onStdio: ({ data }) => {
      text += Buffer.from(data).toString();
      return onStdio?.(text);
    },
  });
  await runtime.dispose();
  return { ...result, text };
}

const START = "const { spawn, spawnSync, fork, exec } = require('child_process'); const fs = require('fs');\n";

function descendants(): number {
  if (process.platform !== "linux") return 0;
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state !== "Z") parents.set(Number(name), Number(parent));
    } catch {
      // It ended between the listing and the look.
    }
  }
  return [...parents.values()].filter((parent) => parent === process.pid).length;
}

describe("child processes", () => {
  it("need the permission, in every form, by their own name", async () => {
    const code = `${START}
      const tries = {
        spawnSync: () => spawnSync(process.execPath, ['-v']).error,
        exec: () => { require('child_process').execSync('true'); },
        shell: () => spawnSync('node -v', { shell: true }).error,
        binding: () => new (process.binding('process_wrap').Process)().spawn({ file: 'node', args: ['node'], envPairs: [], stdio: [] }),
      };
      for (const [name, attempt] of Object.entries(tries)) {
        let got;
        try { got = attempt(); } catch (error) { got = error; }
        console.log(name, got?.code ?? got);
      }
      spawn('node', ['-v']).on('error', (error) => console.log('spawn', error.code));`;
    const { text } = await run(code, { permissions: { fs: true } });
    expect(text).toBe("spawnSync EACCES\nexec EACCES\nshell EACCES\nbinding -13\nspawn EACCES\n");
  });

  it("of other names are not there, whatever is allowed: nothing of the host's is ever started", async () => {
    const code = `${START}
      for (const file of ['bash', '/bin/bash', 'git', '/usr/bin/python3', '/proc/self/exe', '../../bin/kill', 'node\\0', 'constructor', '__proto__'])
        try { console.log(file.length, spawnSync(file).error.code); } catch (error) { console.log(file.length, error.code); }`;
    const { text } = await run(code);
    expect(text.match(/ENOENT/g)?.length).toBe(8);
    expect(text.match(/ERR_INVALID_ARG_VALUE/g)?.length).toBe(1);
  });

  it("are bounded in number: a fork bomb gets EAGAIN and ends with its run", async () => {
    const before = descendants();
    const code = `${START}
      fs.writeFileSync('/tmp/bomb.js', \`
        const { spawn } = require('child_process');
        for (let i = 0; i < 4; i++) spawn(process.execPath, [__filename]).on('error', (e) => { if (e.code === 'EAGAIN') require('fs').writeSync(1, 'EAGAIN '); });
        setInterval(() => {}, 1000);
      \`);
      for (let i = 0; i < 20; i++) spawn(process.execPath, ['/tmp/bomb.js'], { stdio: 'inherit' }).on('error', (e) => fs.writeSync(1, e.code + ' '));
      setTimeout(() => process.exit(5), 1500);`;
    let most = 0;
    const { code: exit, text } = await run(code, {
      limits: { processes: 6 },
      onStdio: () => {
        most = Math.max(most, descendants() - before);
      },
    });
    expect(exit).toBe(5);
    expect(text.match(/EAGAIN/g)?.length).toBeGreaterThanOrEqual(14);
    // The run's own cell, its six children, and a warm one of the pool with its successor.
    expect(most).toBeLessThanOrEqual(9);
    await closePool();
    expect(descendants()).toBeLessThanOrEqual(before);
  });

  it("die with their run: a detached one, a busy one, one that handles every signal", async () => {
    const code = `${START}
      const programs = ['setInterval(() => {}, 1000)', 'for (;;);', "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {}); setInterval(() => {}, 1000)"];
      for (const program of programs) spawn(process.execPath, ['-e', program], { detached: true, stdio: 'ignore' }).unref();
      setTimeout(() => console.log('done'), 500);`;
    const { outcome, text } = await run(code);
    expect([outcome, text]).toEqual(["exit", "done\n"]);
    await closePool();
    expect(descendants()).toBe(0);
  });

  it("spend their parent's CPU time", async () => {
    const code = `${START} spawn(process.execPath, ['-e', 'for (;;);']); setInterval(() => {}, 1000);`;
    const { outcome, usage } = await run(code, { limits: { cpuTimeMs: 1000 } });
    expect(outcome).toBe("timeout");
    expect(usage.cpuMs).toBeGreaterThan(900);
  });

  it("do not let a parent wait past its time", async () => {
    const { outcome } = await run(`${START} spawnSync(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);`, {
      limits: { wallTimeMs: 1500 },
    });
    expect(outcome).toBe("timeout");
  });

  it("see the parent's files by the same rules, and only those", async () => {
    const code = `${START}
      fs.writeFileSync('/tmp/mine', 'shared');
      const probe = (file) => 'try { console.log(require("fs").readFileSync(' + JSON.stringify(file) + ', "utf8")) } catch (e) { console.log(e.code) }';
      for (const file of ['/tmp/mine', '/secret/x', '/etc/passwd', '/proc/self/environ'])
        process.stdout.write(spawnSync(process.execPath, ['-e', probe(file)]).stdout);`;
    const { text } = await run(code, {
      permissions: { childProcess: { commands: ["node"] }, fs: { read: ["/tmp/**"], write: ["/tmp/**"] } },
    });
    expect(text).toBe("shared\nEACCES\nEACCES\nEACCES\n");
  });

  it("can neither fill the embedder's memory through a pipe nobody reads, nor with output nobody takes", async () => {
    const code = `${START}
      const quiet = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      quiet.stdin.on('error', (error) => { console.log('input', error.code); quiet.kill('SIGKILL'); });
      const piece = Buffer.alloc(1 << 20);
      for (let i = 0; i < 64; i++) quiet.stdin.write(piece);
      const loud = spawn(process.execPath, ['-e', "const b = Buffer.alloc(1 << 20); for (;;) require('fs').writeSync(1, b);"]);
      setTimeout(() => { console.log('done'); process.exit(); }, 1500);`;
    const before = process.memoryUsage.rss();
    const { text } = await run(code);
    expect(text).toContain("done\n");
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  it("are signalled within their own run only", async () => {
    const code = `${START}
      for (const pid of [${process.pid}, ${process.ppid}, 0x7fffffff, 12345])
        try { process.kill(pid, 0); console.log('there'); } catch (error) { console.log(error.code); }
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      child.on('exit', (code, signal) => console.log(code, signal));
      process.kill(child.pid, 'SIGTERM');`;
    const { text } = await run(code);
    expect(text).toBe("ESRCH\nESRCH\nESRCH\nESRCH\nnull SIGTERM\n");
  });
});
