import type nodeFs from "node:fs";
import { big, type Case, calls, kind, MISSING } from "./case.ts";

export const trees: readonly Case[] = [
  [
    "stat in all its forms",
    (fs) => [
      kind(fs.statSync("file")),
      kind(fs.statSync("link")),
      kind(fs.lstatSync("link")),
      kind(fs.statSync("file", { bigint: true })),
      kind(fs.statSync(MISSING, { throwIfNoEntry: false })),
      kind(fs.statSync("file/x", { throwIfNoEntry: false })),
      kind(fs.lstatSync(MISSING, { throwIfNoEntry: false })),
    ],
  ],
  ["lstat below a file throws whatever it is asked", (fs) => fs.lstatSync("file/x", { throwIfNoEntry: false })],
  [
    "stats read later are their own",
    async (fs) => {
      const first = await fs.promises.stat("file", { bigint: true });
      const [, second] = await calls((done) => fs.lstat("tree", done));
      return [kind(first), kind(second as nodeFs.Stats)];
    },
  ],
  [
    "times survive",
    (fs) => {
      fs.utimesSync("file", 1234.5, new Date(98_765_432));
      const { atimeMs, mtimeMs, mtime } = fs.statSync("file");
      return [atimeMs, mtimeMs, mtime.toISOString(), fs.statSync("file", { bigint: true }).mtimeNs];
    },
  ],
  ["statfs", (fs) => [fs.statfsSync(".").bsize, fs.statfsSync(".", { bigint: true }).type]],
  [
    "readdir sorts, with types, encodings and deep",
    (fs) => [
      fs.readdirSync("tree"),
      fs.readdirSync("tree", "buffer"),
      fs.readdirSync("tree", "hex" as never),
      fs
        .readdirSync("tree", { withFileTypes: true })
        .map((e) => [e.name, e.isFile(), e.isDirectory(), e.isSymbolicLink(), e.parentPath]),
      fs.readdirSync("tree", { recursive: true }),
      fs.readdirSync("tree", { recursive: true, withFileTypes: true }).length,
    ],
  ],
  [
    "opendir",
    async (fs) => {
      const seen: unknown[] = [];
      for await (const entry of await fs.promises.opendir("tree")) seen.push([entry.name, entry.isFile()]);
      const dir = fs.opendirSync("tree", { bufferSize: 1 });
      for (let entry = dir.readSync(); entry; entry = dir.readSync()) seen.push(entry.name);
      seen.push(dir.readSync());
      dir.closeSync();
      const deep: string[] = [];
      for await (const entry of await fs.promises.opendir("tree", { recursive: true })) deep.push(entry.name);
      return [(seen as unknown[]).map(String).sort(), deep.sort()];
    },
  ],
  [
    "a closed directory",
    async (fs) => {
      const dir = fs.opendirSync("tree");
      dir.closeSync();
      return dir.readSync();
    },
  ],
  [
    "mkdirSync answers as much of the path as leads to the first",
    (fs) => [
      fs.mkdirSync("m/a/b", { recursive: true }),
      fs.mkdirSync("./m/a/../c/d//e/", { recursive: true }),
      fs.mkdirSync("m/a/b", { recursive: true }),
      fs.mkdirSync("single", { recursive: true }),
      fs.mkdirSync("m/trailing/", { recursive: true }),
      fs.mkdirSync("plain"),
    ],
  ],
  [
    "mkdtempSync keeps the prefix",
    (fs) => [
      fs.mkdtempSync("t-").slice(0, 2),
      fs.mkdtempSync("./t-").slice(0, 4),
      fs.mkdtempSync("t-", "buffer").length,
    ],
  ],
  [
    "links",
    (fs) => {
      fs.linkSync("file", "hard");
      fs.symlinkSync("../elsewhere", "soft");
      return [
        fs.statSync("hard").nlink,
        fs.readlinkSync("soft"),
        fs.readlinkSync("soft", "buffer"),
        fs.existsSync("soft"),
        fs.existsSync("link"),
      ];
    },
  ],
  [
    "realpath in both forms",
    (fs) => [fs.realpathSync("link"), fs.realpathSync.native("link"), String(fs.realpathSync("link", "buffer"))],
  ],
  [
    "rename, copy, remove",
    (fs) => {
      fs.copyFileSync("file", "copy");
      fs.renameSync("copy", "moved");
      fs.chmodSync("moved", 0o600);
      const mode = fs.statSync("moved").mode.toString(8);
      fs.unlinkSync("moved");
      fs.mkdirSync("deep/er/est", { recursive: true });
      fs.rmSync("deep", { recursive: true });
      return [mode, fs.existsSync("moved"), fs.existsSync("deep"), fs.rmSync("nothing", { force: true })];
    },
  ],
  ["glob", (fs) => fs.globSync("tree/**/*.txt").sort()],
];

export const streams: readonly Case[] = [
  [
    "streams carry a file",
    async (fs) => {
      const { pipeline } = await import("node:stream/promises");
      fs.writeFileSync("big", big());
      await pipeline(fs.createReadStream("big", { start: 5 }), fs.createWriteStream("piped"));
      return fs.readFileSync("piped").equals(big().subarray(5));
    },
  ],
  ["a stream of nothing fails", (fs) => calls((done) => fs.createReadStream(MISSING).on("error", done))],
  [
    "chunks are written in order",
    (fs) =>
      calls((done) => {
        const out = fs.createWriteStream("chunks");
        for (let i = 0; i < 100; i++) out.write(`${i},`);
        out.end(() => done(fs.readFileSync("chunks", "utf8").length));
      }),
  ],
];
