import { spawn } from "node:child_process";
import { memoryOf, pidLogger, sandboxOf, sleep } from "./measure.mjs";

const COUNT = 8;
const WAIT = 'console.log("up"); setInterval(() => {}, 1000);';

const average = (pids, field) => pids.reduce((total, pid) => total + (memoryOf(pid)?.[field] ?? 0), 0) / pids.length;

/** Live sandboxes that wait, each in its cell; node processes that wait. PSS: shared pages are counted once in all. */
export async function memory() {
  if (memoryOf(process.pid) === undefined) return [{ what: "memory", ours: "no /proc here" }];
  const pids = [];
  const abort = new AbortController();
  const runtimes = [];
  const up = Array.from({ length: COUNT }, () => {
    return new Promise((resolve) => {
      const runtime = sandboxOf({ logger: pidLogger(pids), onStdio: () => resolve() });
      runtimes.push(runtime);
      void runtime.exec(WAIT, { signal: abort.signal });
    });
  });
  await Promise.all(up);
  await sleep(500);
  const ours = average(pids, "pss");
  const resident = average(pids, "rss");
  await Promise.all(runtimes.map((runtime) => runtime.dispose()));
  const children = Array.from({ length: COUNT }, () => spawn(process.execPath, ["-e", WAIT], { stdio: ["ignore", "pipe", "inherit"] }));
  await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once("data", resolve))));
  await sleep(500);
  const node = average(children.map(({ pid }) => pid), "pss");
  for (const child of children) child.kill("SIGKILL");
  const MiB = (value) => `${value.toFixed(1)} MiB`;
  return [
    {
      what: `memory per sandbox, ${COUNT} live (PSS)`,
      ours: MiB(ours),
      beside: `node ${MiB(node)}; RSS ${MiB(resident)}`,
      ratio: `${(ours / node).toFixed(2)}x`,
      target: "<= 18 MB",
      ok: ours <= 18,
    },
  ];
}
