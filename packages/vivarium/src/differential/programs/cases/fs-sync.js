//// write, append, read and flags
const fs = require("fs");
fs.writeFileSync("f", "one€\n");
fs.appendFileSync("f", Buffer.from("two\n"));
fs.writeFileSync("f", "three", { flag: "a" });
console.log(fs.readFileSync("f"), JSON.stringify(fs.readFileSync("f", "utf8")), fs.readFileSync("f", { encoding: "hex" }), fs.readFileSync("f", "latin1").length);
for (const f of [() => fs.writeFileSync("f", "x", { flag: "wx" }), () => fs.readFileSync("none"), () => fs.readFileSync("."), () => fs.writeFileSync("no/such/f", ""), () => fs.readFileSync("f", "nope"), () => fs.writeFileSync("f", {}), () => fs.readFileSync(5.5), () => fs.readFileSync({}), () => fs.writeFileSync("g", "x", { flag: "zz" })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.errno, e.syscall, e.path, e.message); }

//// open, read and write at positions
const fs = require("fs");
const fd = fs.openSync("f", "w+");
console.log(fs.writeSync(fd, "hello world"), fs.writeSync(fd, Buffer.from("XYZ"), 1, 2, 6), fs.writeSync(fd, "é", 20, "utf8"));
const b = Buffer.alloc(8, ".");
console.log(fs.readSync(fd, b, 2, 4, 0), String(b), fs.readSync(fd, b, { position: 6, length: 3 }), String(b), fs.readSync(fd, b, 0, 8, 99), fs.fstatSync(fd).size);
fs.ftruncateSync(fd, 3);
console.log(fs.readSync(fd, b, 0, 8, 0), fs.readSync(fd, b, 0, 0, 0), fs.readSync(fd, b, 0, 8, 1n));
fs.closeSync(fd);
for (const f of [() => fs.readSync(fd, b), () => fs.closeSync(fd), () => fs.writeSync(fd, "x"), () => fs.readSync(0.5, b), () => fs.readSync(fd, b, 99), () => fs.readSync(fd, b, 0, 99), () => fs.readSync(fd, "x"), () => fs.closeSync("x"), () => fs.openSync("f", "q"), () => fs.readSync(fd, b, 0, 1, {})]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// stat: fields and kinds
const fs = require("fs");
fs.writeFileSync("f", "12345");
fs.symlinkSync("f", "l");
const s = fs.statSync("f");
console.log(Object.keys(s), s.size, s.isFile(), s.isDirectory(), s.isSymbolicLink(), s.mode.toString(8), s.nlink, s.blksize, s.mtime instanceof Date, s.constructor.name);
const big = fs.statSync("f", { bigint: true });
console.log(typeof big.size, typeof big.mtimeNs, big.isFile(), Object.keys(big).length, fs.lstatSync("l").isSymbolicLink(), fs.lstatSync("l").size, fs.statSync("l").size, fs.statSync("none", { throwIfNoEntry: false }), fs.lstatSync(".").isDirectory());
for (const f of [() => fs.statSync("none"), () => fs.lstatSync("f/x"), () => fs.statSync(5), () => fs.fstatSync(9999), () => fs.statSync("a\0b")]) try { f(); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// mkdir, recursive, and readdir in every form
const fs = require("fs");
const rel = (t) => t && t.replace(process.cwd(), ".");
console.log(fs.mkdirSync("a"), rel(fs.mkdirSync("b/c/d", { recursive: true })), fs.mkdirSync("b/c", { recursive: true }));
fs.writeFileSync("b/f", "");
fs.symlinkSync("c", "b/l");
console.log(fs.readdirSync("b").sort(), fs.readdirSync("b", { withFileTypes: true }).map((d) => [d.name, d.isFile(), d.isDirectory(), d.isSymbolicLink(), d.parentPath]).sort(), fs.readdirSync(".", { recursive: true }).sort(), fs.readdirSync("b", "buffer").map(String).sort());
for (const f of [() => fs.mkdirSync("a"), () => fs.mkdirSync("x/y"), () => fs.mkdirSync("b/f/x", { recursive: true }), () => fs.readdirSync("none"), () => fs.readdirSync("b/f"), () => fs.mkdirSync("m", { mode: "zz" }), () => fs.mkdirSync("a", { recursive: 1 })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.errno, e.syscall, rel(e.path), rel(e.message)); }

//// rm, rmdir and unlink
const fs = require("fs");
fs.mkdirSync("d/e", { recursive: true });
fs.writeFileSync("d/e/f", "");
for (const f of [() => fs.rmdirSync("d"), () => fs.unlinkSync("d"), () => fs.rmSync("d"), () => fs.rmSync("none"), () => fs.rmSync("none", { force: true }), () => fs.unlinkSync("none"), () => fs.rmdirSync("d/e/f"), () => fs.rmSync("d", { recursive: true }), () => fs.existsSync("d"), () => fs.rmSync("d", { recursive: 5 }), () => fs.rmSync("d", { maxRetries: -1 })]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.syscall, e.message.replace(process.cwd(), ".")); }

//// rename, copyFile and link
const fs = require("fs");
fs.writeFileSync("a", "A");
fs.renameSync("a", "b");
fs.copyFileSync("b", "c");
fs.linkSync("b", "h");
fs.appendFileSync("h", "!");
console.log(fs.readdirSync(".").sort(), fs.readFileSync("b", "utf8"), fs.readFileSync("c", "utf8"), fs.statSync("b").nlink, fs.statSync("b").ino === fs.statSync("h").ino);
for (const f of [() => fs.renameSync("none", "x"), () => fs.copyFileSync("b", "c", fs.constants.COPYFILE_EXCL), () => fs.linkSync("b", "c"), () => fs.copyFileSync("none", "x"), () => fs.copyFileSync("b", "none/x"), () => fs.renameSync("b", "none/x"), () => fs.copyFileSync("b", "c", 99), () => fs.renameSync(1, 2)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.path, e.dest, e.message); }

//// symlinks, readlink and realpath
const fs = require("fs");
fs.mkdirSync("d");
fs.writeFileSync("d/f", "text");
fs.symlinkSync("d", "l");
fs.symlinkSync("../d/f", "d/up");
fs.symlinkSync("loop", "loop");
fs.symlinkSync("nowhere", "dangling");
console.log(fs.readlinkSync("l"), fs.readFileSync("l/f", "utf8"), fs.readFileSync("d/up", "utf8"), fs.realpathSync("l/up").replace(process.cwd(), "."), fs.realpathSync.native("l/../l/f").replace(process.cwd(), "."), fs.existsSync("dangling"), fs.readlinkSync("l", "buffer"));
for (const f of [() => fs.readFileSync("loop"), () => fs.readlinkSync("d/f"), () => fs.statSync("dangling"), () => fs.symlinkSync("x", "l"), () => fs.realpathSync("dangling"), () => fs.realpathSync.native("none"), () => fs.readlinkSync("none"), () => fs.symlinkSync("x", "y", "zz"), () => fs.realpathSync("loop")]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message.replaceAll(process.cwd(), ".")); }

//// access, exists and chmod
const fs = require("fs");
fs.writeFileSync("f", "", { mode: 0o640 });
console.log((fs.statSync("f").mode & 0o777).toString(8), fs.accessSync("f"), fs.accessSync("f", fs.constants.R_OK | fs.constants.W_OK), fs.existsSync("f"), fs.existsSync("none"), fs.existsSync(5), fs.existsSync());
fs.chmodSync("f", 0o755);
fs.accessSync("f", fs.constants.X_OK);
fs.chmodSync("f", "444");
console.log((fs.statSync("f").mode & 0o777).toString(8));
for (const f of [() => fs.accessSync("none"), () => fs.accessSync("f", 99), () => fs.accessSync("f", "x"), () => fs.chmodSync("none", 0), () => fs.chmodSync("f", -1), () => fs.chmodSync("f", "9z"), () => fs.chmodSync("f")]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// utimes, futimes, lutimes
const fs = require("fs");
fs.writeFileSync("f", "");
fs.symlinkSync("f", "l");
fs.utimesSync("f", 1, 2.5);
console.log(fs.statSync("f").atimeMs, fs.statSync("f").mtime.toISOString(), fs.statSync("f", { bigint: true }).mtimeNs);
fs.utimesSync("f", new Date(5000), "1700000000");
const fd = fs.openSync("f", "r+");
console.log(fs.fstatSync(fd).mtimeMs, fs.futimesSync(fd, 7, 8), fs.fstatSync(fd).mtimeMs);
fs.lutimesSync("l", 10, 11);
console.log(fs.lstatSync("l").mtimeMs, fs.statSync("l").mtimeMs);
for (const f of [() => fs.utimesSync("none", 1, 1), () => fs.utimesSync("f", "x", 1), () => fs.utimesSync("f", {}, 1), () => fs.futimesSync("x", 1, 1), () => fs.utimesSync("f", NaN, 1)]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// truncate
const fs = require("fs");
fs.writeFileSync("f", "0123456789");
fs.truncateSync("f", 4);
console.log(fs.readFileSync("f", "utf8"));
fs.truncateSync("f", 6);
console.log(fs.readFileSync("f"), fs.truncateSync("f"), fs.statSync("f").size);
for (const f of [() => fs.truncateSync("none", 1), () => fs.truncateSync("f", -1), () => fs.truncateSync("f", "x"), () => fs.truncateSync("."), () => fs.ftruncateSync(fs.openSync("f", "r"), 1)]) try { console.log(f(), fs.statSync("f").size); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// readv and writev
const fs = require("fs");
const fd = fs.openSync("f", "w+");
console.log(fs.writevSync(fd, [Buffer.from("ab"), new Uint8Array([99]), new DataView(Uint8Array.of(100, 101).buffer)]), fs.writevSync(fd, [Buffer.from("X")], 1), fs.writevSync(fd, []));
const bufs = [Buffer.alloc(2), Buffer.alloc(10, ".")];
console.log(fs.readvSync(fd, bufs, 0), bufs.map(String), fs.readvSync(fd, bufs));
fs.readv(fd, [Buffer.alloc(3)], 2, (e, n, b) => {
  console.log(e, n, String(b[0]));
  fs.writev(fd, [Buffer.from("end")], (e, n) => console.log(e, n, fs.readFileSync("f", "utf8")));
});
for (const f of [() => fs.writevSync(fd, "x"), () => fs.readvSync(fd, [1]), () => fs.writevSync(fd, [Buffer.from("a")], "x") > 0, () => fs.readvSync("x", [])]) try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); }

//// mkdtemp
const fs = require("fs");
const d = fs.mkdtempSync("pre-");
console.log(/^pre-[\w-]{6}$/.test(d), fs.statSync(d).isDirectory(), (fs.statSync(d).mode & 0o777).toString(8), fs.mkdtempSync("x", "buffer").length);
for (const f of [() => fs.mkdtempSync("none/x"), () => fs.mkdtempSync(5), () => fs.mkdtempSync()]) try { f(); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }
fs.mkdtemp("cb-", (e, p) => console.log(e, p.length));

//// opendir and Dir
const fs = require("fs");
fs.mkdirSync("d/sub", { recursive: true });
for (const n of ["a", "b"]) fs.writeFileSync(`d/${n}`, "");
const dir = fs.opendirSync("d");
const names = [];
for (let e; (e = dir.readSync()); ) names.push([e.name, e.isFile(), e.parentPath]);
console.log(names.sort(), dir.path, dir.closeSync(), dir.constructor.name);
(async () => {
  const got = [];
  for await (const e of await fs.promises.opendir("d", { bufferSize: 1, recursive: true })) got.push(e.name);
  console.log(got.sort());
  for (const f of [async () => dir.readSync(), () => dir.close(), () => fs.promises.opendir("none"), async () => fs.opendirSync("d/a"), async () => fs.opendirSync("d", { bufferSize: 0 })]) await f().then(() => console.log("fine"), (e) => console.log(e.name, e.code, e.message));
  fs.opendir("d", (e, d) => d.read((e2, entry) => { console.log(e, e2, typeof entry.name); d.close((e3) => console.log(e3)); }));
})();

//// cp
const fs = require("fs");
fs.mkdirSync("a/b", { recursive: true });
fs.writeFileSync("a/f", "1");
fs.writeFileSync("a/b/g", "2");
fs.symlinkSync("f", "a/l");
fs.cpSync("a", "c", { recursive: true });
console.log(fs.readdirSync("c", { recursive: true }).sort(), fs.readFileSync("c/b/g", "utf8"), fs.readlinkSync("c/l").endsWith("a/f"));
fs.cpSync("a", "v", { recursive: true, verbatimSymlinks: true, filter: (s) => !s.endsWith("g") });
console.log(fs.readdirSync("v", { recursive: true }).sort(), fs.readlinkSync("v/l"));
for (const f of [() => fs.cpSync("a", "x"), () => fs.cpSync("a", "a/b/x", { recursive: true }), () => fs.cpSync("a/f", "c/f", { errorOnExist: true, force: false }), () => fs.cpSync("none", "x"), () => fs.cpSync("a/f", "c/b"), () => fs.cpSync("a", "c/f", { recursive: true }), () => fs.cpSync("a/f", "a/f"), () => fs.cpSync("a", "x", { filter: 1 })]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message.replaceAll(process.cwd(), ".")); }

//// statfs, fsync, constants and keys
const fs = require("fs");
const fd = fs.openSync("f", "w");
console.log(Object.keys(fs.statfsSync(".")), typeof fs.statfsSync(".", { bigint: true }).bsize, fs.fsyncSync(fd), fs.fdatasyncSync(fd));
console.log(fs.constants, Object.keys(fs).sort().join(" "), Object.keys(fs.promises).sort().join(" "));
for (const f of [() => fs.statfsSync("none"), () => fs.fsyncSync(9999), () => fs.fdatasyncSync("x")]) try { f(); } catch (e) { console.log(e.name, e.code, e.syscall, e.message); }

//// paths as URLs and buffers, trailing slashes, dots
const fs = require("fs");
const { pathToFileURL } = require("url");
fs.writeFileSync(pathToFileURL("ü x"), "u");
fs.mkdirSync(Buffer.from("dir"));
console.log(fs.readFileSync(Buffer.from("ü x"), "utf8"), fs.existsSync("dir/"), fs.existsSync("dir/../dir/./"), fs.existsSync("ü x/"), fs.readdirSync(".").sort(), fs.readdirSync(pathToFileURL(".")).length);
for (const f of [() => fs.readFileSync(new URL("http://x/")), () => fs.readFileSync("ü x/"), () => fs.statSync("ü x/.."), () => fs.readFileSync(""), () => fs.writeFileSync("dir", ""), () => fs.openSync("dir", "w"), () => fs.readFileSync("x".repeat(300)), () => fs.mkdirSync("dir/..")]) try { f(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.syscall, e.message.replace(/x{300}/, "long")); }

//// readFile of an open descriptor, append mode, exclusive mode
const fs = require("fs");
fs.writeFileSync("f", "0123456789");
const fd = fs.openSync("f", "r");
fs.readSync(fd, Buffer.alloc(4));
console.log(fs.readFileSync(fd, "utf8"), JSON.stringify(fs.readFileSync(fd, "utf8")));
const a = fs.openSync("f", "a+");
fs.writeSync(a, "X", 0);
fs.writeFileSync(a, "Y");
console.log(fs.readFileSync("f", "utf8"), fs.openSync("new", "wx") > 2);
for (const flag of ["wx", "ax", "r+", "xw", "rs"]) try { console.log(flag, typeof fs.openSync(flag === "r+" ? "none" : "new", flag)); } catch (e) { console.log(flag, e.code, e.message); }

//// an uncaught error of fs ends with its fields
console.log("before");
require("fs").readFileSync("/no/such/file");
