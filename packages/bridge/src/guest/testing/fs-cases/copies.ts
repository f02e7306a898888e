import { type Case, last, MISSING } from "./case.ts";

export const copies: readonly Case[] = [
  ["cpSync of nothing", (fs) => fs.cpSync(MISSING, "x")],
  ["cpSync of nothing, followed", (fs) => fs.cpSync(MISSING, "x", { dereference: true })],
  ["cpSync onto itself", (fs) => fs.cpSync("tree", "tree", { recursive: true })],
  ["cpSync of a directory, not recursive", (fs) => fs.cpSync("tree", "t2")],
  ["cpSync into itself", (fs) => fs.cpSync("tree", "tree/a/b", { recursive: true })],
  ["cpSync of a directory onto a file", (fs) => fs.cpSync("tree", "file", { recursive: true })],
  ["cpSync of a file onto a directory", (fs) => fs.cpSync("file", "tree", { recursive: true })],
  [
    "cpSync of a file far down",
    (fs) => last(fs.cpSync("file", "far/down/file"), fs.readFileSync("far/down/file", "utf8")),
  ],
  [
    "cpSync of a tree",
    (fs) => last(fs.cpSync("tree", "t3", { recursive: true }), fs.readdirSync("t3", { recursive: true }).sort()),
  ],
  ["cpSync leads links to the same place", (fs) => fs.readlinkSync("t3/inner/up")],
  ["cpSync of a tree again", (fs) => fs.cpSync("tree", "t3", { recursive: true })],
  [
    "cpSync that must not meet anything",
    (fs) => fs.cpSync("tree", "t3", { recursive: true, force: false, errorOnExist: true }),
  ],
  ["cpSync that skips what is there", (fs) => fs.cpSync("tree", "t3", { recursive: true, force: false })],
  [
    "cpSync with links as they are",
    (fs) => last(fs.cpSync("tree", "t4", { recursive: true, verbatimSymlinks: true }), fs.readlinkSync("t4/inner/up")),
  ],
  [
    "cpSync with links as they are, again",
    (fs) => fs.cpSync("tree", "t4", { recursive: true, verbatimSymlinks: true }),
  ],
  [
    "cpSync over a file",
    (fs) =>
      last(
        fs.cpSync("file", "t3/a.txt", { preserveTimestamps: true }),
        fs.statSync("t3/a.txt").mtimeMs === fs.statSync("file").mtimeMs,
      ),
  ],
  ["cpSync over a file, errorOnExist", (fs) => fs.cpSync("file", "t3/a.txt", { force: false, errorOnExist: true })],
  ["cpSync of a link to a file", (fs) => last(fs.cpSync("link", "l2"), fs.readlinkSync("l2"))],
  [
    "cpSync of a file onto a directory in a tree",
    (fs) => last(fs.mkdirSync("t5/a.txt", { recursive: true }), fs.cpSync("tree", "t5", { recursive: true })),
  ],
  [
    "cpSync of a link onto a file in a tree",
    (fs) => {
      fs.mkdirSync("t6/inner", { recursive: true });
      fs.writeFileSync("t6/inner/up", "");
      fs.cpSync("tree", "t6", { recursive: true });
    },
  ],
  [
    "cpSync with a filter",
    (fs) =>
      last(
        fs.cpSync("tree", "t7", { recursive: true, filter: (from) => !from.endsWith("b.txt") }),
        fs.readdirSync("t7"),
      ),
  ],
];
