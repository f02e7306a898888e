import type { Bench } from "./differential-bench.ts";
import { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from "./linux.ts";

type Operation = readonly [name: string, run: (bench: Bench) => unknown];

/** Opens, uses and closes: the use's result or failure is the operation's. */
const withFile = <T>(bench: Bench, path: string, flags: number, use: (fd: number) => T): T => {
  const fd = bench.open(path, flags);
  try {
    return use(fd);
  } finally {
    bench.close(fd);
  }
};

const sizeAndMode = (bench: Bench, path: string): readonly number[] => {
  const { size, mode, nlink } = bench.stat(path);
  return [size, mode, nlink];
};

const loop = (bench: Bench, count: number): void => {
  for (let i = 1; i <= count; i += 1) bench.symlink(`chain${i - 1}`, `/chain${i}`);
};

/** Run in order on one tree; each row is one fact that must be equal everywhere. */
export const OPERATIONS: readonly Operation[] = [
  ["write and read a file", (b) => [b.writeFile("/a", "hello"), b.readFile("/a"), sizeAndMode(b, "/a")]],
  ["mode is masked", (b) => [b.writeFile("/m", "x", O_WRONLY | O_CREAT, 0o777), sizeAndMode(b, "/m")]],
  ["read a missing file", (b) => b.readFile("/none")],
  ["read below a file", (b) => b.readFile("/a/x")],
  ["read a file with a slash", (b) => b.readFile("/a/")],
  ["read a directory", (b) => [b.mkdir("/d"), b.readFile("/d")]],
  ["open a directory for writing", (b) => b.open("/d", O_RDWR)],
  ["create over a directory", (b) => b.open("/d", O_WRONLY | O_CREAT)],
  ["read from a directory handle", (b) => withFile(b, "/d", O_RDONLY, (fd) => b.read(fd, 1))],
  ["O_DIRECTORY on a file", (b) => b.open("/a", O_RDONLY | O_DIRECTORY)],
  ["O_DIRECTORY on a directory", (b) => withFile(b, "/d", O_DIRECTORY, (fd) => b.fstat(fd).mode)],
  ["create with a slash", (b) => b.open("/new/", O_WRONLY | O_CREAT)],
  ["create below a missing directory", (b) => b.open("/x/y", O_WRONLY | O_CREAT)],
  ["exclusive create of what is there", (b) => b.open("/a", O_WRONLY | O_CREAT | O_EXCL)],
  ["append goes to the end", (b) => [b.writeFile("/a", " there", O_WRONLY | O_CREAT | O_APPEND), b.readFile("/a")]],
  [
    "append ignores the position",
    (b) => withFile(b, "/a", O_RDWR | O_APPEND, (fd) => [b.write(fd, "!", 0), b.read(fd, 20, 0)]),
  ],
  [
    "append moves the offset",
    (b) => withFile(b, "/a", O_RDWR | O_APPEND, (fd) => [b.read(fd, 2), b.write(fd, "?"), b.read(fd, 9)]),
  ],
  [
    "offset moves with reads and writes",
    (b) => withFile(b, "/a", O_RDWR, (fd) => [b.read(fd, 3), b.write(fd, "LO"), b.read(fd, 4)]),
  ],
  [
    "a position leaves the offset alone",
    (b) => withFile(b, "/a", O_RDWR, (fd) => [b.read(fd, 2, 4), b.write(fd, "H", 0), b.read(fd, 3)]),
  ],
  [
    "write past the end",
    (b) => withFile(b, "/hole", O_RDWR | O_CREAT, (fd) => [b.write(fd, "x", 5), b.read(fd, 10, 0), b.fstat(fd).size]),
  ],
  ["read past the end", (b) => withFile(b, "/a", O_RDONLY, (fd) => b.read(fd, 4, 1000))],
  ["write on a reading handle", (b) => withFile(b, "/a", O_RDONLY, (fd) => b.write(fd, "x"))],
  ["read on a writing handle", (b) => withFile(b, "/a", O_WRONLY, (fd) => b.read(fd, 1))],
  [
    "truncate, shorter then longer",
    (b) => withFile(b, "/hole", O_RDWR, (fd) => [b.ftruncate(fd, 3), b.ftruncate(fd, 6), b.read(fd, 9, 0)]),
  ],
  ["truncate a reading handle", (b) => withFile(b, "/a", O_RDONLY, (fd) => b.ftruncate(fd, 0))],
  ["open with O_TRUNC", (b) => withFile(b, "/hole", O_WRONLY | O_TRUNC, (fd) => b.fstat(fd).size)],
  ["a closed descriptor", (b) => [withFile(b, "/a", O_RDONLY, (fd) => fd) > 2, b.read(900, 1)]],
  ["sync", (b) => withFile(b, "/a", O_RDWR, (fd) => b.fsync(fd))],
  ["mkdir of what is there", (b) => b.mkdir("/d")],
  ["mkdir over a file", (b) => b.mkdir("/a")],
  ["mkdir below a missing one", (b) => b.mkdir("/p/q")],
  ["mkdir below a file", (b) => b.mkdir("/a/q")],
  ["mkdir with a slash", (b) => [b.mkdir("/d/slash/", 0o700), b.stat("/d/slash").mode]],
  ["mkdir recursive", (b) => [b.mkdirs("/p/q/r"), b.mkdirs("/p/q/r"), b.mkdirs("/p/q/s/t")]],
  ["mkdir recursive over a file", (b) => b.mkdirs("/a")],
  ["mkdir recursive below a file", (b) => b.mkdirs("/a/b/c")],
  ["mkdtemp", (b) => /^\/tmp-[A-Za-z0-9]{6}$/.test(b.mkdtemp("/tmp-"))],
  ["mkdtemp below a missing directory", (b) => b.mkdtemp("/gone/tmp-")],
  ["readdir", (b) => [b.writeFile("/p/f", ""), b.symlink("f", "/p/l"), b.readdir("/p")]],
  ["readdir of a file", (b) => b.readdir("/a")],
  ["rmdir of a full directory", (b) => b.rmdir("/p")],
  ["rmdir of a file", (b) => b.rmdir("/a")],
  ["rmdir of nothing", (b) => b.rmdir("/none")],
  ["rmdir through a link", (b) => [b.symlink("d", "/dl"), b.rmdir("/dl")]],
  ["unlink of a directory", (b) => b.unlink("/d")],
  ["unlink with a slash", (b) => b.unlink("/a/")],
  ["link and its count", (b) => [b.link("/a", "/a2"), b.stat("/a").nlink, b.unlink("/a2"), b.stat("/a").nlink]],
  ["link over what is there", (b) => b.link("/a", "/m")],
  ["link of a directory", (b) => b.link("/d", "/d2")],
  ["link of nothing", (b) => b.link("/none", "/n2")],
  ["link of a link is a link", (b) => [b.link("/dl", "/dl2"), b.lstat("/dl2").mode & 0o170000, b.readlink("/dl2")]],
  ["symlink over what is there", (b) => b.symlink("x", "/a")],
  ["symlink of nothing", (b) => b.symlink("", "/empty")],
  ["symlink with a slash", (b) => b.symlink("x", "/newlink/")],
  [
    "follow a relative link",
    (b) => [b.symlink("../a", "/d/up"), b.readFile("/d/up"), b.realpath("/d/up"), b.lstat("/d/up").size],
  ],
  ["a link to a directory in the middle", (b) => [b.readdir("/dl/"), b.realpath("/dl/up"), b.stat("/dl").mode]],
  ["a slash after a link to a file", (b) => [b.symlink("a", "/al"), b.stat("/al/")]],
  ["a dangling link", (b) => [b.symlink("nowhere", "/dang"), b.readlink("/dang"), b.stat("/dang")]],
  ["create through a dangling link", (b) => [b.writeFile("/dang", "made"), b.readFile("/nowhere")]],
  ["exclusive create through a link", (b) => b.open("/al", O_WRONLY | O_CREAT | O_EXCL)],
  ["O_NOFOLLOW on a link", (b) => b.open("/al", O_RDONLY | O_NOFOLLOW)],
  ["readlink of a file", (b) => b.readlink("/a")],
  ["40 links are followed", (b) => [b.symlink("a", "/chain0"), loop(b, 39), b.readFile("/chain39").length]],
  ["41 links are too many", (b) => [b.symlink("chain39", "/chain40"), b.readFile("/chain40")]],
  ["a link to itself", (b) => [b.symlink("self", "/self"), b.stat("/self")]],
  ["lstat of a loop", (b) => b.lstat("/self").mode],
  ["a component too long", (b) => b.stat(`/${"n".repeat(256)}`)],
  ["a component just short enough", (b) => b.stat(`/${"n".repeat(255)}`)],
  ["`..` after a link", (b) => [b.symlink("p/q", "/pq"), b.readdir("/pq/..")]],
  ["`..` after nothing", (b) => b.stat("/none/../a")],
  ["`..` after a file", (b) => b.stat("/a/../a")],
  ["rename", (b) => [b.rename("/m", "/m2"), b.readFile("/m2"), b.stat("/m")]],
  [
    "rename replaces a file",
    (b) => [
      b.writeFile("/r1", "1"),
      b.writeFile("/r2", "22"),
      b.rename("/r1", "/r2"),
      b.readFile("/r2"),
      b.readFile("/r1"),
    ],
  ],
  ["rename of nothing", (b) => b.rename("/none", "/n2")],
  ["rename into nothing", (b) => b.rename("/r2", "/gone/x")],
  ["rename to itself", (b) => [b.rename("/r2", "/r2"), b.readFile("/r2")]],
  [
    "rename between two names of one file",
    (b) => [b.link("/r2", "/r3"), b.rename("/r2", "/r3"), b.stat("/r2").nlink, b.unlink("/r3")],
  ],
  ["rename a file over a directory", (b) => b.rename("/r2", "/d")],
  ["rename a directory over a file", (b) => b.rename("/d", "/r2")],
  ["rename over an empty directory", (b) => [b.mkdir("/e1"), b.mkdir("/e2"), b.rename("/e1", "/e2"), b.stat("/e1")]],
  ["rename over a full directory", (b) => b.rename("/e2", "/p")],
  ["rename into itself", (b) => b.rename("/p", "/p/q/z")],
  ["rename over an ancestor", (b) => b.rename("/p/q", "/p")],
  ["rename a file to a name with a slash", (b) => b.rename("/r2", "/r9/")],
  ["rename a directory to a name with a slash", (b) => [b.rename("/e2", "/e3/"), b.readdir("/e3")]],
  ["rename moves the link itself", (b) => [b.rename("/al", "/al2"), b.readlink("/al2")]],
  ["copy", (b) => [b.chmod("/a", 0o640), b.copyFile("/a", "/copy"), sizeAndMode(b, "/copy"), b.readFile("/copy")]],
  ["copy over a longer file", (b) => [b.copyFile("/r2", "/copy"), b.readFile("/copy"), b.stat("/copy").mode]],
  ["copy exclusively", (b) => b.copyFile("/a", "/copy", 1)],
  ["copy onto itself", (b) => [b.copyFile("/a", "/a"), b.readFile("/a")]],
  ["copy of nothing", (b) => b.copyFile("/none", "/c2")],
  ["copy of a directory", (b) => b.copyFile("/d", "/c3")],
  ["copy onto a directory", (b) => b.copyFile("/a", "/d")],
  ["chmod", (b) => [b.chmod("/a", 0o6751), b.stat("/a").mode]],
  ["chmod of nothing", (b) => b.chmod("/none", 0o600)],
  ["utimes with fractions", (b) => [b.utimes("/a", 1.5, 1234567890.25), b.stat("/a").mtime]],
  ["utimes before 1970", (b) => [b.utimes("/a", -1.5, -1.5), b.stat("/a").mtime]],
  ["utimes follows a link", (b) => [b.utimes("/al2", 7, 7), b.stat("/a").mtime]],
  ["lutimes changes the link", (b) => [b.lutimes("/al2", 9, 9), b.lstat("/al2").mtime, b.stat("/a").mtime]],
  ["access", (b) => [b.access("/a", 0), b.access("/a", 4), b.access("/a", 2)]],
  ["execute access without the bit", (b) => [b.chmod("/a", 0o644), b.access("/a", 1)]],
  ["access of nothing", (b) => b.access("/none", 0)],
  [
    "unlinked but open",
    (b) =>
      withFile(b, "/r2", O_RDWR, (fd) => [b.unlink("/r2"), b.write(fd, "on"), b.read(fd, 9, 0), b.fstat(fd).nlink]),
  ],
  ["rm -r does not follow links", (b) => [b.symlink("../d", "/p/q/r/out"), b.rm("/p"), b.readdir("/d"), b.stat("/p")]],
  ["rm of nothing", (b) => b.rm("/none")],
  ["what is left", (b) => b.readdir("/").filter((name) => !name.startsWith("tmp-"))],
];
