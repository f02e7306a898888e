import nodeFs from "node:fs";
import { inspect } from "node:util";
import { install as installFs } from "../bindings/fs.ts";
import { install as installDir } from "../bindings/fs-dir.ts";
import { cases, prepare } from "./fs-cases/index.ts";
import { HostRealm } from "./host-realm.ts";
import { libraryOn } from "./library.ts";

function onOurBindings(): typeof nodeFs {
  const realm = new HostRealm();
  realm.install("fs", installFs);
  realm.install("fs_dir", installDir);
  return libraryOn(realm);
}

/** An error as a program can see it: its class, its first line, its properties, and where its stack begins. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${inspect(error)}`;
  const { stack = "", name } = error;
  const properties = inspect({ ...error }, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  const frame = /\n {4}at (?:async )?(.*?)(?: \(|:\d)/.exec(stack)?.[1] ?? "no stack";
  return `${name} | ${stack.split("\n")[0]} | ${properties} | ${frame}`;
}

/** mkdtemp's failure names the random path that Node's thread pool tried. */
const RANDOM = /(nothing\/here-)\w{6}/g;

const show = (value: unknown): string =>
  value instanceof Error
    ? describe(value)
    : Array.isArray(value)
      ? `[${value.map(show).join(", ")}]`
      : inspect(value, { depth: 4 });

/** Runs the cases on Node's own `fs` or on ours, in the current directory; prints one line a case. */
const fs = process.argv[2] === "ours" ? onOurBindings() : nodeFs;
prepare(nodeFs);
for (const [name, run] of cases) {
  let shown: string;
  try {
    shown = show(await run(fs));
  } catch (error) {
    shown = describe(error);
  }
  process.stdout.write(`${JSON.stringify([name, shown.replace(RANDOM, "$1XXXXXX")])}\n`);
}
