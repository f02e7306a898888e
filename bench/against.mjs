// Before and after: the benchmarks of this tree, run in turn on this tree and on a revision of it.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Back and forth between the two often, for a short while each: a slow moment of the machine then hits both. */
const ROUNDS = 10;
const ROUNDS_EACH = "3";
/** How much worse a median may be before it counts: what two runs of one revision differ by here. */
const NOISE = 1.05;

function run(command, args, cwd, stdout) {
  const env = { ...process.env, BENCH_ROUNDS: ROUNDS_EACH };
  const child = spawnSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", stdout, "inherit"] });
  if (child.status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${child.status ?? child.signal}`);
  return child.stdout ?? "";
}

/** A built clone at `revision` in the cache, with this tree's benchmarks in it so that both are measured alike. */
function checkOut(revision) {
  const commit = run("git", ["rev-parse", "--verify", `${revision}^{commit}`], root, "pipe").trim();
  const clone = path.join(root, ".cache/against", commit);
  if (!existsSync(path.join(clone, "package.json"))) {
    run("git", ["clone", "--quiet", "--shared", "--no-checkout", root, clone], root, "ignore");
    run("git", ["checkout", "--quiet", "--detach", commit], clone, "ignore");
  }
  run(process.execPath, ["scripts/task.mjs", "build"], clone, "inherit");
  cpSync(path.join(root, "bench"), path.join(clone, "bench"), { recursive: true });
  return clone;
}

const measure = (tree, names) => JSON.parse(run(process.execPath, [...process.execArgv, path.join(tree, "bench/main.mjs"), "--json", ...names], tree, "pipe"));

/** What a row is compared by: its ratio, which the machine's speed is out of, else its own figure. */
const figure = ({ ratio, ours }) => Number.parseFloat(ratio ?? ours);

/** -> rows like those of a benchmark, with what the revision gave beside this tree. */
export function against(revision, names) {
  const trees = { before: checkOut(revision), after: root };
  const rounds = { before: [], after: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? ["before", "after"] : ["after", "before"];
    for (const side of order) rounds[side].push(measure(trees[side], names));
  }
  return rounds.after[0].map(({ what, ratio, target }, index) => {
    const middle = (side, of) => median(rounds[side].map((rows) => of(rows[index])));
    const ours = (side) => `${middle(side, (row) => Number.parseFloat(row.ours)).toFixed(2)} ${rounds[side][0][index].ours.replace(/^[\d.]+\s*/, "")}`;
    const shown = (side) => `${ours(side)}${ratio ? ` (${middle(side, figure).toFixed(2)}x)` : ""}`;
    const change = middle("after", figure) / middle("before", figure);
    const isWorse = target?.startsWith(">=") ? change < 1 / NOISE : change > NOISE;
    return { what, ours: shown("after"), beside: `before ${shown("before")}`, ratio: `${change.toFixed(2)}x`, target: "not worse than before", ok: !isWorse };
  });
}
