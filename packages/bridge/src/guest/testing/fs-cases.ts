import type nodeFs from "node:fs";

type Fs = typeof nodeFs;
export type Case = readonly [name: string, run: (fs: Fs) => unknown];

const calls = (run: (done: (...args: unknown[]) => void) => void): Promise<unknown[]> =>
  new Promise((resolve) => {
    run((...args) => resolve(args));
  });

const kind = (stats: nodeFs.Stats | nodeFs.BigIntStats | undefined) =>
  stats && [
    typeof stats.size,
    Number(stats.size),
    stats.isFile(),
    stats.isDirectory(),
    stats.isSymbolicLink(),
    stats.mode.toString(8),
  ];

const MISSING = "nothing/here";

/** Every path call on what is not there, with the arguments it takes besides. */
const FAILING: readonly (readonly [name: string, ...args: unknown[]])[] = [
  ["access", MISSING],
  ["stat", MISSING],
  ["lstat", MISSING],
  ["statfs", MISSING],
  ["open", MISSING, "r"],
  ["opendir", MISSING],
  ["readFile", MISSING, "utf8"],
  ["readFile", MISSING],
  ["writeFile", MISSING, "x"],
  ["writeFile", "tree", "x"],
  ["readFile", "tree", "utf8"],
  ["appendFile", MISSING, "x"],
  ["readdir", MISSING],
  ["readdir", "file"],
  ["readdir", MISSING, { withFileTypes: true }],
  ["readlink", MISSING],
  ["readlink", "file"],
  ["realpath", MISSING],
  ["mkdir", MISSING],
  ["mkdir", "file"],
  ["mkdir", "file", { recursive: true }],
  ["mkdir", "file/a/b", { recursive: true }],
  ["mkdtemp", `${MISSING}-`],
  ["rmdir", MISSING],
  ["rmdir", "tree"],
  ["rm", MISSING],
  ["rm", "tree"],
  ["unlink", MISSING],
  ["rename", MISSING, "b"],
  ["link", MISSING, "b"],
  ["symlink", "target", MISSING],
  ["symlink", "target", "file"],
  ["copyFile", MISSING, "b"],
  ["copyFile", "file", "tree/a.txt", 1],
  ["chmod", MISSING, 0o600],
  ["chown", MISSING, 0, 0],
  ["lchown", MISSING, 0, 0],
  ["utimes", MISSING, 1, 2],
  ["lutimes", MISSING, 1, 2],
  ["truncate", MISSING, 1],
  ["stat", ""],
  ["open", "x".repeat(300), "r"],
  ["access", "file", 99],
  ["copyFile", "file", "b", 99],
];

const failures: Case[] = FAILING.flatMap(([name, ...args]): Case[] => {
  const shown = `${name}(${args.map((arg) => String(JSON.stringify(arg)).slice(0, 40)).join(", ")})`;
  type Any = Record<string, (...args: unknown[]) => unknown>;
  return [
    [`${shown} throws`, (fs) => (fs as unknown as Any)[`${name}Sync`]?.(...args)],
    [`${shown} calls back`, (fs) => calls((done) => (fs as unknown as Any)[name]?.(...args, done))],
    [`${shown} rejects`, (fs) => (fs.promises as unknown as Any)[name]?.(...args)],
  ];
});

const BAD_FD = 999;
const descriptors: Case[] = [
  ...(["close", "fsync", "fdatasync", "ftruncate", "fstat"] as const).flatMap((name): Case[] => [
    [`${name}Sync(${BAD_FD})`, (fs) => fs[`${name}Sync`](BAD_FD)],
    [`${name}(${BAD_FD})`, (fs) => calls((done) => (fs[name] as (fd: number, done: unknown) => void)(BAD_FD, done))],
    [`${name}Sync("1")`, (fs) => fs[`${name}Sync`]("1" as never)],
    [`${name}Sync(1.5)`, (fs) => fs[`${name}Sync`](1.5)],
    [`${name}Sync(2 ** 40)`, (fs) => fs[`${name}Sync`](2 ** 40)],
  ]),
  ["readSync of no descriptor", (fs) => fs.readSync(BAD_FD, Buffer.alloc(2))],
  ["writeSync of no descriptor", (fs) => fs.writeSync(BAD_FD, "x")],
  ["writeSync of bytes to no descriptor", (fs) => fs.writeSync(BAD_FD, Buffer.from("x"))],
  ["writevSync to no descriptor", (fs) => fs.writevSync(BAD_FD, [Buffer.from("x")])],
  ["readvSync of no descriptor", (fs) => fs.readvSync(BAD_FD, [Buffer.alloc(2)])],
  ["readFileSync of no descriptor", (fs) => fs.readFileSync(BAD_FD, "utf8")],
  ["writeFileSync to no descriptor", (fs) => fs.writeFileSync(BAD_FD, "x")],
  ["fchmodSync of no descriptor", (fs) => fs.fchmodSync(BAD_FD, 0o600)],
  ["fchownSync of no descriptor", (fs) => fs.fchownSync(BAD_FD, 0, 0)],
  ["futimesSync of no descriptor", (fs) => fs.futimesSync(BAD_FD, 1, 2)],
  ["write calls back with the failure", (fs) => calls((done) => fs.write(BAD_FD, "x", done))],
];

const big = (): Buffer => Buffer.alloc(20 * 1024 * 1024 + 5, "0123456789");

const contents: Case[] = [
  ["writes and reads text", (fs) => (fs.writeFileSync("new", "h\u00e9\u{1f600}"), fs.readFileSync("new", "utf8"))],
  [
    "reads text in other encodings",
    (fs) => ["hex", "latin1", "base64", "ucs2"].map((e) => fs.readFileSync("file", e as "hex")),
  ],
  [
    "appends",
    (fs) => (fs.appendFileSync("new", "+"), fs.appendFileSync("new", Buffer.from("!")), fs.readFileSync("new", "utf8")),
  ],
  ["keeps a mode and the umask", (fs) => (fs.writeFileSync("moded", "", { mode: 0o777 }), kind(fs.statSync("moded")))],
  [
    "big text goes and comes in pieces",
    (fs) => (fs.writeFileSync("big", big().toString()), fs.readFileSync("big", "utf8") === big().toString()),
  ],
  [
    "big bytes fill one buffer",
    (fs) => {
      fs.writeFileSync("big", big());
      const fd = fs.openSync("big", "r");
      const into = Buffer.alloc(big().length + 10);
      const count = fs.readSync(fd, into, 0, into.length, null);
      fs.closeSync(fd);
      return [count, into.subarray(0, count).equals(big())];
    },
  ],
  [
    "writeSync writes all of a big buffer",
    (fs) => {
      const fd = fs.openSync("big", "w");
      const count = fs.writeSync(fd, big(), 3);
      fs.closeSync(fd);
      return [count, fs.statSync("big").size];
    },
  ],
  [
    "positions, numbers and bigints",
    (fs) => {
      const fd = fs.openSync("positions", "w+");
      const into = Buffer.alloc(6, ".");
      const steps: unknown[] = [
        fs.writeSync(fd, "hello"),
        fs.writeSync(fd, "J", 0),
        fs.writeSync(fd, Buffer.from("xyz"), 1, 1, 4),
      ];
      steps.push(
        fs.readSync(fd, into, 1, 3, 1),
        fs.readSync(fd, into, 0, 1, 0n),
        into.toString(),
        (fs.readSync as (fd: number, into: Buffer) => number)(fd, into),
      );
      fs.ftruncateSync(fd, 2);
      steps.push(fs.readFileSync("positions", "utf8"), fs.fstatSync(fd).size);
      fs.closeSync(fd);
      return steps;
    },
  ],
  [
    "vectors",
    (fs) => {
      const fd = fs.openSync("vectors", "w+");
      const into = [Buffer.alloc(2), new Uint8Array(0), Buffer.alloc(3), Buffer.alloc(9)] as const;
      const wrote = fs.writevSync(fd, [Buffer.from("ab"), new Uint16Array([0x6463]), Buffer.from("ef")], 1);
      const read = fs.readvSync(fd, [...into], 0);
      fs.closeSync(fd);
      return [wrote, read, ...into.map(String)];
    },
  ],
  [
    "vectors call back",
    async (fs) => {
      const fd = fs.openSync("vectors", "w+");
      const wrote = await calls((done) => fs.writev(fd, [Buffer.from("ab"), Buffer.from("cd")], done));
      const read = await calls((done) => fs.readv(fd, [Buffer.alloc(3)], 0, done));
      fs.closeSync(fd);
      return [wrote, read];
    },
  ],
  [
    "writes strings in other encodings",
    (fs) => {
      const fd = fs.openSync("encoded", "w");
      const counts = [
        fs.writeSync(fd, "\u00ff", null, "latin1"),
        fs.writeSync(fd, "6869", null, "hex"),
        fs.writeSync(fd, "a", null, "utf16le"),
      ];
      fs.closeSync(fd);
      return [counts, fs.readFileSync("encoded")];
    },
  ],
  ["reading a descriptor opened for writing", (fs) => fs.readSync(fs.openSync("positions", "w"), Buffer.alloc(1))],
  ["a file opened exclusively twice", (fs) => fs.openSync("file", "wx")],
  [
    "read with flag a+ makes the file",
    (fs) => [fs.readFileSync("made", { encoding: "utf8", flag: "a+" }), fs.existsSync("made")],
  ],
  [
    "reads a path of bytes and a URL",
    (fs) => [
      fs.readFileSync(Buffer.from("file"), "utf8"),
      fs.readFileSync(new URL(`file://${process.cwd()}/file`), "utf8"),
    ],
  ],
];

const promises: Case[] = [
  [
    "a file handle does what it can",
    async (fs) => {
      const handle = await fs.promises.open("handled", "w+");
      const steps: unknown[] = [typeof handle.fd, typeof (handle as unknown as { getAsyncId(): number }).getAsyncId()];
      steps.push(
        await handle.write("hello"),
        await handle.write(Buffer.from("HE"), 0, 2, 0),
        await handle.read(Buffer.alloc(5), 0, 5, 0),
      );
      await handle.chmod(0o640);
      await handle.utimes(1, 2);
      await handle.truncate(4);
      steps.push(kind(await handle.stat()), await handle.readFile("utf8"), await handle.writev([Buffer.from("z")]));
      await handle.sync();
      await handle.datasync();
      steps.push(await handle.close(), handle.fd, await handle.close());
      return steps;
    },
  ],
  [
    "a closed file handle refuses",
    async (fs) => {
      const handle = await fs.promises.open("file");
      await handle.close();
      return handle.readFile();
    },
  ],
  [
    "reads lines",
    async (fs) => {
      const lines: string[] = [];
      const handle = await fs.promises.open("lines", "w+");
      await handle.writeFile("a\nb\r\nc");
      await handle.close();
      for await (const line of (await fs.promises.open("lines")).readLines()) lines.push(line);
      return lines;
    },
  ],
  [
    "writes and reads big files",
    async (fs) => {
      await fs.promises.writeFile("big", big());
      return [(await fs.promises.readFile("big")).equals(big()), (await fs.promises.readFile("big", "utf8")).length];
    },
  ],
  [
    "callbacks read and write big files",
    async (fs) => {
      await calls((done) => fs.writeFile("big", big(), done));
      const [error, data] = await calls((done) => fs.readFile("big", done));
      return [error, (data as Buffer).equals(big())];
    },
  ],
  [
    "mkdir, mkdtemp, realpath, readlink",
    async (fs) => [
      await fs.promises.mkdir("p/q/r", { recursive: true }),
      await fs.promises.mkdir("p/q/r", { recursive: true }),
      (await fs.promises.mkdtemp("tmp-")).length,
      await fs.promises.realpath("link"),
      await fs.promises.readlink("link"),
    ],
  ],
  ["mkdir calls back with the first directory", (fs) => calls((done) => fs.mkdir("cb/q/r", { recursive: true }, done))],
  ["access calls back with null alone", (fs) => calls((done) => fs.access("file", done))],
  [
    "rm and cp",
    async (fs) => {
      await fs.promises.cp("tree", "copied", { recursive: true });
      const names = await fs.promises.readdir("copied", { recursive: true });
      await fs.promises.rm("copied", { recursive: true });
      return [names.sort(), fs.existsSync("copied")];
    },
  ],
];

const trees: Case[] = [
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

const streams: Case[] = [
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

const copies: Case[] = [
  ["cpSync of nothing", (fs) => fs.cpSync(MISSING, "x")],
  ["cpSync of nothing, followed", (fs) => fs.cpSync(MISSING, "x", { dereference: true })],
  ["cpSync onto itself", (fs) => fs.cpSync("tree", "tree", { recursive: true })],
  ["cpSync of a directory, not recursive", (fs) => fs.cpSync("tree", "t2")],
  ["cpSync into itself", (fs) => fs.cpSync("tree", "tree/a/b", { recursive: true })],
  ["cpSync of a directory onto a file", (fs) => fs.cpSync("tree", "file", { recursive: true })],
  ["cpSync of a file onto a directory", (fs) => fs.cpSync("file", "tree", { recursive: true })],
  ["cpSync of a file far down", (fs) => (fs.cpSync("file", "far/down/file"), fs.readFileSync("far/down/file", "utf8"))],
  [
    "cpSync of a tree",
    (fs) => (fs.cpSync("tree", "t3", { recursive: true }), fs.readdirSync("t3", { recursive: true }).sort()),
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
    (fs) => (fs.cpSync("tree", "t4", { recursive: true, verbatimSymlinks: true }), fs.readlinkSync("t4/inner/up")),
  ],
  [
    "cpSync with links as they are, again",
    (fs) => fs.cpSync("tree", "t4", { recursive: true, verbatimSymlinks: true }),
  ],
  [
    "cpSync over a file",
    (fs) => (
      fs.cpSync("file", "t3/a.txt", { preserveTimestamps: true }),
      fs.statSync("t3/a.txt").mtimeMs === fs.statSync("file").mtimeMs
    ),
  ],
  ["cpSync over a file, errorOnExist", (fs) => fs.cpSync("file", "t3/a.txt", { force: false, errorOnExist: true })],
  ["cpSync of a link to a file", (fs) => (fs.cpSync("link", "l2"), fs.readlinkSync("l2"))],
  [
    "cpSync of a file onto a directory in a tree",
    (fs) => (fs.mkdirSync("t5/a.txt", { recursive: true }), fs.cpSync("tree", "t5", { recursive: true })),
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
    (fs) => (
      fs.cpSync("tree", "t7", { recursive: true, filter: (from) => !from.endsWith("b.txt") }), fs.readdirSync("t7")
    ),
  ],
];

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
