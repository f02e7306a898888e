import nodeFs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { install as installFs } from "../bindings/fs.ts";
import { install as installDir } from "../bindings/fs-dir.ts";
import { install as installTty } from "../bindings/tty-wrap.ts";
import { install as installVivarium } from "../bindings/vivarium.ts";
import { SyscallError } from "../client.ts";
import { setEntrySource } from "../modules/loader-fs.ts";
import { HostRealm } from "./host-realm.ts";
import { libraryOn } from "./library.ts";

type Method = (...args: unknown[]) => unknown;
type Failure = NodeJS.ErrnoException & { sandboxCode?: string };

const realm = new HostRealm();
const binding = realm.install("fs", installFs);
realm.install("fs_dir", installDir);
const fs = libraryOn(realm);
const seen: Record<string, unknown> = {};
const sys = realm.sys as unknown as Record<string, Record<string, Method>>;

const failureOf = (run: () => unknown): Failure => {
  try {
    run();
  } catch (error) {
    return error as Failure;
  }
  throw new Error("it did not fail");
};

/** Puts another syscall in the place of one while `run` runs. */
function instead<T>(group: string, name: string, other: Method, run: () => T): T {
  const calls = sys[group] as Record<string, Method>;
  const before = calls[name] as Method;
  calls[name] = other;
  try {
    return run();
  } finally {
    calls[name] = before;
  }
}

function standardStreams(): void {
  const { streams } = realm;
  const megabyte = 1024 * 1024;
  seen.counts = [
    fs.writeSync(1, "one"),
    fs.writeSync(2, Buffer.from("-two-"), 1, 3),
    fs.writeSync(1, "a".repeat(megabyte + 5)),
  ];
  seen.written = streams.written.map(([fd, text]) => [fd, text.length, text.length > 5 ? text.slice(0, 3) : text]);
  streams.input.push(Buffer.from("hello"));
  const into = Buffer.alloc(9);
  seen.input = [into.toString("latin1", 0, fs.readSync(0, into)), into.toString("latin1", 0, fs.readSync(0, into))];
  streams.input.push(Buffer.from("all "), Buffer.from("of it"));
  seen.inputFile = fs.readFileSync(0, "utf8");
}

async function waiting(): Promise<void> {
  realm.streams.input.push(Buffer.from("later"));
  const into = Buffer.alloc(2);
  const answer = new Promise<unknown[]>((resolve) => {
    fs.read(0, into, 0, 2, null, (error, count) => resolve([error, count, into.toString()]));
  });
  const before = realm.references;
  const result = await answer;
  const rest = Buffer.alloc(3);
  await (binding.read as Method)(0, rest, 0, 3, -1, binding.kUsePromises);
  seen.waited = { before, after: realm.references, result, promised: rest.toString() };
}

function refusals(): void {
  const failures = [
    () => fs.writeSync(0, "x"),
    () => fs.readSync(1, Buffer.alloc(1)),
    () => fs.readSync(0, Buffer.alloc(1), 0, 1, 0),
    () => fs.writeSync(1, Buffer.alloc(1), 0, 1, 0),
    () => fs.fsyncSync(1),
    () => fs.ftruncateSync(2),
    () => fs.fchmodSync(1, 0o600),
  ];
  seen.streamFailures = failures.map((run) => failureOf(run).code);
  const kinds = { fifo: fs.fstatSync(1).isFIFO(), file: fs.fstatSync(2).isFile() };
  fs.closeSync(2);
  seen.streamKinds = { ...kinds, closed: failureOf(() => fs.fstatSync(2)).code };
}

function hostFailures(): void {
  const deny = () => {
    throw new SyscallError("EACCES", "ERR_SANDBOX_FS_DENIED", undefined);
  };
  const denied = instead("fs", "readFile", deny, () => failureOf(() => fs.readFileSync("/secret", "utf8")));
  seen.denied = { message: denied.message, keys: Object.keys(denied), sandboxCode: denied.sandboxCode };
  const exhaust = () => {
    throw new SyscallError("ERR_SANDBOX_BUDGET_EXCEEDED", "ERR_SANDBOX_BUDGET_EXCEEDED", "stdioBytes is used up");
  };
  const { code, message } = instead("stdio", "send", exhaust, () => failureOf(() => fs.writeSync(1, "x")));
  seen.budget = [code, message];
}

function files(): void {
  const directory = nodeFs.mkdtempSync(path.join(tmpdir(), "fs-binding-"));
  realm.cwd = directory;
  const tooLarge = () => {
    throw new SyscallError("EFBIG", undefined, undefined);
  };
  nodeFs.writeFileSync(path.join(directory, "big"), "text");
  const text = instead("fs", "readFile", tooLarge, () => fs.readFileSync("big", "utf8"));
  const none = failureOf(() => instead("fs", "readFile", tooLarge, () => fs.readFileSync("none", "utf8")));
  seen.pieces = [text === "text", none.message === "ENOENT: no such file or directory, open 'none'"];
  realm.umask = 0o027;
  fs.writeFileSync("made", "");
  fs.mkdirSync("dir");
  fs.closeSync(fs.openSync("opened", "w", 0o600));
  seen.modes = ["made", "dir", "opened"].map((name) => nodeFs.statSync(path.join(directory, name)).mode & 0o777);
  nodeFs.rmSync(directory, { recursive: true });
}

function shape(): void {
  const own = realm.internals.internalBinding("fs");
  const functions = Object.keys(own).filter((name) => typeof own[name] === "function");
  // A function that is still Node's own was not replaced by ours.
  seen.missing = functions.filter((name) => binding[name] === own[name] || typeof binding[name] !== "function");
  const classes = ["FSReqCallback", "FileHandle", "StatWatcher"];
  seen.lengths = functions.filter((name) => !classes.includes(name) && (binding[name] as Method).length !== 0);
}

function loader(): void {
  const vivarium: Record<string, Method> = {};
  installVivarium(vivarium, realm as never);
  const publicFs = { ...nodeFs } as unknown as { readFileSync: Method; realpathSync: Method };
  const loaderFs = vivarium.loaderFs?.(publicFs) as { readFileSync: Method; realpathSync: Method };
  const { readFileSync, realpathSync } = loaderFs;
  setEntrySource("/virtual/entry.js", "entry code");
  const missing = failureOf(() => readFileSync("/nope", "utf8"));
  const refuse = () => {
    throw new SyscallError("ERR_SANDBOX_NATIVE_ADDON_UNSUPPORTED", undefined, undefined);
  };
  const addon = instead("modules", "readFile", refuse, () => failureOf(() => readFileSync("/x.node", "utf8")));
  const stat = binding.internalModuleStat as Method;
  const main = binding.legacyMainResolve as Method;
  const only = (name: string) => (asked: unknown) => (asked === name ? 0 : -2);
  seen.modules = {
    stats: [import.meta.filename, import.meta.dirname, "/nope", "/virtual/entry.js", ""].map((name) => stat(name)),
    entry: readFileSync("/virtual/entry.js", "utf8"),
    entryBytes: String(readFileSync(new URL("file:///virtual/entry.js"))),
    entryPath: realpathSync("/virtual/entry.js"),
    missing: [missing.message, missing.code, missing.syscall, missing.path],
    directory: failureOf(() => readFileSync("/", "utf8")).message,
    addon: [addon.message, addon.code],
    patched: patched(publicFs, loaderFs),
    mains: [
      instead("modules", "stat", only("/p/m.js"), () => main("/p/", "./m", "file:///base.js")),
      instead("modules", "stat", only("/p/index.js"), () => main("/p/", undefined, "file:///base.js")),
      failureOf(() => main("/nope/", "x", "file:///base.js")).message,
    ],
    formats: ["/nope", "/virtual/entry.js"].map((name) => (binding.getFormatOfExtensionlessFile as Method)(name)),
  };
}

function patched(
  fs: { readFileSync: Method; realpathSync: Method },
  { readFileSync, realpathSync }: typeof fs,
): unknown {
  fs.readFileSync = (...args) => `patched ${args.join(" ")}`;
  fs.realpathSync = (name) => `patched ${name as string}`;
  return [readFileSync("/x.js", "utf8"), realpathSync("/x.js")];
}

function wraps(): void {
  const tty: Record<string, unknown> = {};
  installTty(tty, realm as never);
  const context = {};
  new (tty.TTY as new (fd: number, context: object) => unknown)(0, context);
  seen.tty = [...[0, 1, 7].map((fd) => (tty.isTTY as Method)(fd)), context];
}

standardStreams();
await waiting();
refusals();
hostFailures();
files();
shape();
loader();
wraps();
process.stdout.write(JSON.stringify(seen));
