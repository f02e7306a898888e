import nodeFs from "node:fs";
import { createRequire } from "node:module";
import type { BootConfig } from "../../contract/boot.ts";
import { MAILBOX } from "../../contract/mailbox.ts";
import type { Settle } from "../client.ts";
import { SyscallError } from "../client.ts";
import { Mailbox } from "../lib/mailbox.ts";
import type { Binding, InstallBinding, Realm } from "../realm.ts";

type Method = (...args: unknown[]) => unknown;

/** Node's own internals, which a process has under `--expose-internals`. */
export interface NodeInternals {
  readonly primordials: Record<string, unknown>;
  internalBinding(name: string): Binding;
  requireInternal(id: string): unknown;
}

export const nodeInternals = (): NodeInternals =>
  createRequire(import.meta.url)("./node-internals.cjs") as NodeInternals;

/** Runs a host file operation with its failure as the guest sees it. */
const failing =
  (run: Method): Method =>
  (...args) => {
    try {
      return run(...args);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new SyscallError(code ?? `EIO ${message}`, undefined, undefined);
    }
  };

const flat = (stats: nodeFs.BigIntStats): number[] => {
  const { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, atimeNs, mtimeNs, ctimeNs, birthtimeNs } =
    stats;
  const head = [dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks].map(Number);
  const times = [atimeNs, mtimeNs, ctimeNs, birthtimeNs].flatMap((ns) => [
    Number(ns / 1_000_000_000n),
    Number(ns % 1_000_000_000n),
  ]);
  return [...head, ...times];
};

const big = { bigint: true } as const;

/** `fs` syscalls straight on the host's files: what the contract says, without a sandbox. */
function hostFs(fs: typeof nodeFs): Record<string, Method> {
  const calls: Record<string, (...args: never[]) => unknown> = {
    open: (path: string, flags: number, mode: number) => fs.openSync(path, flags, mode),
    close: (fd: number) => fs.closeSync(fd),
    read(fd: number, length: number, position: number) {
      const buffer = new Uint8Array(length);
      const count = fs.readSync(fd, buffer, 0, length, position < 0 ? null : position);
      return buffer.slice(0, count);
    },
    write: (fd: number, data: Uint8Array, position: number) =>
      fs.writeSync(fd, data, 0, data.length, position < 0 ? null : position),
    readFile: (path: string, flags: number) => new Uint8Array(fs.readFileSync(path, { flag: flags as never })),
    writeFile: (path: string, data: Uint8Array, flag: number, mode: number) =>
      fs.writeFileSync(path, data, { flag: flag as never, mode }),
    stat: (path: string) => flat(fs.statSync(path, big)),
    lstat: (path: string) => flat(fs.lstatSync(path, big)),
    fstat: (fd: number) => flat(fs.fstatSync(fd, big)),
    statfs(path: string) {
      const { type, bsize, blocks, bfree, bavail, files, ffree } = fs.statfsSync(path);
      return [type, bsize, blocks, bfree, bavail, files, ffree];
    },
    access: (path: string, mode: number) => fs.accessSync(path, mode),
    readdir: (path: string) =>
      fs
        .readdirSync(path, { withFileTypes: true })
        .reverse()
        .flatMap((entry) => [entry.name, direntType(entry)]),
    mkdir: (path: string, mode: number, recursive: boolean) => fs.mkdirSync(path, { mode, recursive }),
    mkdtemp: (prefix: string) => fs.mkdtempSync(prefix),
    rmdir: (path: string) => fs.rmdirSync(path),
    unlink: (path: string) => fs.unlinkSync(path),
    rename: (from: string, to: string) => fs.renameSync(from, to),
    link: (from: string, to: string) => fs.linkSync(from, to),
    symlink: (target: string, path: string) => fs.symlinkSync(target, path),
    readlink: (path: string) => fs.readlinkSync(path),
    realpath: (path: string) => fs.realpathSync.native(path),
    copyFile: (from: string, to: string, mode: number) => fs.copyFileSync(from, to, mode),
    chmod: (path: string, mode: number) => fs.chmodSync(path, mode),
    fchmod: (fd: number, mode: number) => fs.fchmodSync(fd, mode),
    chown: (path: string, uid: number, gid: number) => fs.chownSync(path, uid, gid),
    lchown: (path: string, uid: number, gid: number) => fs.lchownSync(path, uid, gid),
    fchown: (fd: number, uid: number, gid: number) => fs.fchownSync(fd, uid, gid),
    utimes: (path: string, atime: number, mtime: number) => fs.utimesSync(path, atime, mtime),
    lutimes: (path: string, atime: number, mtime: number) => fs.lutimesSync(path, atime, mtime),
    futimes: (fd: number, atime: number, mtime: number) => fs.futimesSync(fd, atime, mtime),
    ftruncate: (fd: number, length: number) => fs.ftruncateSync(fd, length),
    fsync: (fd: number) => fs.fsyncSync(fd),
    fdatasync: (fd: number) => fs.fdatasyncSync(fd),
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, failing(call as Method)]));
}

const direntType = (entry: nodeFs.Dirent): number => {
  const { UV_DIRENT_DIR, UV_DIRENT_FILE, UV_DIRENT_LINK, UV_DIRENT_UNKNOWN } = nodeFs.constants as unknown as Record<
    string,
    number
  >;
  if (entry.isDirectory()) return UV_DIRENT_DIR as number;
  if (entry.isFile()) return UV_DIRENT_FILE as number;
  return (entry.isSymbolicLink() ? UV_DIRENT_LINK : UV_DIRENT_UNKNOWN) as number;
};

/** `modules` syscalls on the host's files. */
const hostModules = (fs: typeof nodeFs): Record<string, Method> => ({
  stat(path) {
    const stats = fs.statSync(path as string, { throwIfNoEntry: false });
    if (!stats) return -2;
    return stats.isDirectory() ? 1 : 0;
  },
  readFile: failing((path) => new Uint8Array(fs.readFileSync(path as string))),
  realpath: failing((path) => fs.realpathSync(path as string)),
  addonAdvice: () => ["some-addon", "some-pure-package"],
});

/** What a test sets of a realm's standard streams. */
export interface StreamsOfTest {
  readonly written: (readonly [fd: number, text: string])[];
  readonly input: Uint8Array[];
}

/** A realm over Node's own internals: bindings of ours run against the host's files, beside the library's own. */
export class HostRealm {
  readonly streams: StreamsOfTest = { written: [], input: [] };
  readonly internals = nodeInternals();
  readonly mailbox = new Mailbox(new ArrayBuffer(MAILBOX.bytes), undefined);
  readonly #bindings: Record<string, Binding> = {};
  cwd = process.cwd();
  umask = process.umask();
  /** How often the program was kept alive, less how often let go. */
  references = 0;

  readonly loop = {
    hooks: { getFrame: () => undefined, setFrame: () => undefined },
    complete: (run: () => void) => void setImmediate(run),
    closing: (run: () => void) => void setImmediate(run),
    ref: () => {
      this.references++;
    },
    unref: () => {
      this.references--;
    },
  };

  readonly config: Partial<BootConfig> = {
    uid: 1,
    gid: 1,
    startTime: 1_700_000_000_500,
    stdio: { stdin: "PIPE", stdout: "PIPE", stderr: "FILE" },
  };

  readonly sys = {
    fs: hostFs(nodeFs),
    modules: hostModules(nodeFs),
    stdio: {
      send: (fd: number, size: number) =>
        void this.streams.written.push([fd, Buffer.from(this.mailbox.outgoing.slice(0, size)).toString()]),
      readSync: (length: number) => this.#input(length),
    },
  };

  #input(length: number): Uint8Array {
    const next = this.streams.input.shift() ?? new Uint8Array(0);
    if (next.length > length) this.streams.input.unshift(next.slice(length));
    return next.slice(0, length);
  }

  start(_name: string, settle: Settle, length: number): void {
    setImmediate(() => settle(undefined, this.#input(length)));
  }

  manifest(_name: string): unknown {
    const map = this.internals.internalBinding("uv").getErrorMap as () => Map<number, [string, string]>;
    return [...map()];
  }

  requireBuiltin(id: string): unknown {
    return this.internals.requireInternal(id);
  }

  internalBinding(name: string): Binding {
    return this.#bindings[name] ?? this.internals.internalBinding(name);
  }

  /** Installs a binding of ours over a copy of Node's own, as the manifest would shape it. */
  install(name: string, install: InstallBinding): Binding {
    const binding: Binding = { ...this.internals.internalBinding(name) };
    this.#bindings[name] = binding;
    install(binding, this as unknown as Realm);
    return binding;
  }

  /** A module of Node's library, made anew on this realm's bindings. */
  library(ids: readonly string[], sources: Readonly<Record<string, string>>): Record<string, unknown> {
    const made: Record<string, { exports: Record<string, unknown> }> = {};
    const require = (id: string): unknown => {
      if (!ids.includes(id)) return this.internals.requireInternal(id);
      const known = made[id];
      if (known) return known.exports;
      const module = { exports: {} as Record<string, unknown> };
      made[id] = module;
      const parameters = ["exports", "require", "module", "process", "internalBinding", "primordials"];
      const compiled = new Function(...parameters, `${sources[id]}\n//# sourceURL=node:${id}`) as Method;
      compiled(
        module.exports,
        require,
        module,
        process,
        (name: string) => this.internalBinding(name),
        this.internals.primordials,
      );
      return module.exports;
    };
    return require(ids[0] as string) as Record<string, unknown>;
  }
}
