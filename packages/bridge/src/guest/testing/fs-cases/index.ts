import type { Case, Fs } from "./case.ts";
import { contents, promises } from "./contents.ts";
import { copies } from "./copies.ts";
import { descriptors, failures } from "./failures.ts";
import { streams, trees } from "./trees.ts";

/** What is there when the cases start. */
export function prepare(fs: Fs): void {
  fs.mkdirSync("tree/inner", { recursive: true });
  fs.writeFileSync("file", "text \u00e4\n");
  for (const name of ["b.txt", "a.txt", "Z.txt", "\u00e9.txt", "\uffee.txt", "\u{1f600}.txt"])
    fs.writeFileSync(`tree/${name}`, name);
  fs.writeFileSync("tree/inner/deep.txt", "");
  fs.symlinkSync("../a.txt", "tree/inner/up");
  fs.symlinkSync("file", "link");
}

/** Uses of the whole of `fs`, in order: each finds what those before it left. */
export const cases: readonly Case[] = [
  ...failures,
  ...descriptors,
  ...contents,
  ...promises,
  ...trees,
  ...streams,
  ...copies,
];
