import { type Case, calls, MISSING } from "./case.ts";

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

export const failures: readonly Case[] = FAILING.flatMap(([name, ...args]): Case[] => {
  const shown = `${name}(${args.map((arg) => String(JSON.stringify(arg)).slice(0, 40)).join(", ")})`;
  type Any = Record<string, (...args: unknown[]) => unknown>;
  return [
    [`${shown} throws`, (fs) => (fs as unknown as Any)[`${name}Sync`]?.(...args)],
    [`${shown} calls back`, (fs) => calls((done) => (fs as unknown as Any)[name]?.(...args, done))],
    [`${shown} rejects`, (fs) => (fs.promises as unknown as Any)[name]?.(...args)],
  ];
});

const BAD_FD = 999;
export const descriptors: readonly Case[] = [
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
