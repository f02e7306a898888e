import { big, type Case, calls, kind, last } from "./case.ts";

export const contents: readonly Case[] = [
  ["writes and reads text", (fs) => last(fs.writeFileSync("new", "h\u00e9\u{1f600}"), fs.readFileSync("new", "utf8"))],
  [
    "reads text in other encodings",
    (fs) => ["hex", "latin1", "base64", "ucs2"].map((e) => fs.readFileSync("file", e as "hex")),
  ],
  [
    "appends",
    (fs) =>
      last(fs.appendFileSync("new", "+"), fs.appendFileSync("new", Buffer.from("!")), fs.readFileSync("new", "utf8")),
  ],
  [
    "keeps a mode and the umask",
    (fs) => last(fs.writeFileSync("moded", "", { mode: 0o777 }), kind(fs.statSync("moded"))),
  ],
  [
    "big text goes and comes in pieces",
    (fs) => last(fs.writeFileSync("big", big().toString()), fs.readFileSync("big", "utf8") === big().toString()),
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

export const promises: readonly Case[] = [
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
