const fs = require("node:fs");
const path = require("node:path");
const { ALL_RIGHTS, FILE_RIGHTS, box, start } = require("./bench.cjs");

const root = box();
const inside = path.join(root, "in");
fs.symlinkSync("sub/deep.txt", path.join(inside, "link"));
fs.symlinkSync("../outside.txt", path.join(inside, "out"));
fs.symlinkSync(path.join(root, "outside.txt"), path.join(inside, "absolute"));
fs.symlinkSync("one", path.join(inside, "two"));
fs.symlinkSync("two", path.join(inside, "one"));
fs.symlinkSync("nothing", path.join(inside, "dangling"));
fs.symlinkSync("sub", path.join(inside, "dirlink"));
fs.symlinkSync("../hello.txt", path.join(inside, "sub", "up"));

const w = start({ preopens: { "/in": inside, ".": path.join(inside, "sub"), "rel/./dir": inside } });
const { call, bytes, text, open, read } = w;
const show = (what, ...values) => console.log(`${what}:`, ...values);
const two = (from, to) => [text(from, 1024), text(to, 2048)];
const DIRECTORY = { how: 2, rights: 0xfbffe98n & ~0x40n & ~(1n << 22n) & ~0x100n, pass: FILE_RIGHTS };
const stat = (name, { dir = 3, follow = 0 } = {}) => {
  const answer = call("path_filestat_get", dir, follow, ...text(name), 400);
  return answer === "ok" ? [bytes[416], bytes.readBigUInt64LE(424), bytes[416] === 3 ? "" : bytes.readBigUInt64LE(432)] : answer;
};

for (const name of ["hello.txt", "./hello.txt", "sub/../hello.txt", "sub//deep.txt", "sub/./deep.txt", "", ".", "..", "../in/hello.txt", "../outside.txt", "sub/../../outside.txt", "/in/hello.txt", "/etc/passwd", "/", "nothing", "hello.txt/", "hello.txt/x", "sub/", "sub", "link", "one", "dangling", "dirlink", "sub/up", "a\0b", "hello.txt\0", "../in-evil", "x".repeat(300)]) {
  show(JSON.stringify(name.slice(0, 30)), stat(name), stat(name, { follow: 1 }), [open(name), open(name, { follow: 0 })].map((fd) => (typeof fd === "number" ? [read(fd, 30), call("fd_close", fd)] : fd)));
}
show("out", stat("out"), stat("out", { follow: 1 }), open("out"));
for (const [dir, names] of [[4, ["deep.txt", "../hello.txt", "up", "..", "./.."]], [5, ["hello.txt", "../x", "sub/deep.txt", "../../x"]]]) {
  for (const name of names) show(`${dir} ${name}`, stat(name, { dir }), stat(name, { dir, follow: 1 }), open(name, { dir }));
}

const sub = open("sub", DIRECTORY);
show("below", sub, open("deep.txt", { dir: sub }), stat("../hello.txt", { dir: sub }), stat("up", { dir: sub, follow: 1 }));
show("create", open("new.txt", { how: 1 }), open("new.txt", { how: 5 }), open("no/new.txt", { how: 1 }), open("sub", { how: 1 }), open("hello.txt", { how: 2 }), open("sub", { rights: 2n }), open("hello.txt", { how: 8 }), stat("hello.txt"));
show("rights", open("hello.txt", { rights: ALL_RIGHTS }), open("hello.txt", { dir: 0 }), open("hello.txt", { dir: 99 }), call("path_unlink_file", open("hello.txt"), ...text("x")));
show("mkdir", call("path_create_directory", 3, ...text("made")), call("path_create_directory", 3, ...text("made")), call("path_create_directory", 3, ...text("a/b")), call("path_create_directory", 3, ...text("../made")), fs.existsSync(path.join(inside, "made")));
show("rmdir", call("path_remove_directory", 3, ...text("made")), call("path_remove_directory", 3, ...text("made")), call("path_remove_directory", 3, ...text("sub")), call("path_remove_directory", 3, ...text("hello.txt")), call("path_remove_directory", 3, ...text("..")));
show("unlink", call("path_unlink_file", 3, ...text("new.txt")), call("path_unlink_file", 3, ...text("new.txt")), call("path_unlink_file", 3, ...text("../outside.txt")));
const [[a, al], [b, bl]] = two("hello.txt", "renamed.txt");
show("rename", call("path_rename", 3, a, al, 3, b, bl), call("path_rename", 3, a, al, 3, b, bl), fs.readdirSync(inside).sort());
const [[c, cl], [d, dl]] = two("renamed.txt", "../escaped.txt");
show("rename out", call("path_rename", 3, c, cl, 3, d, dl), call("path_rename", 3, d, dl, 3, c, cl));
const [[e, el], [f, fl]] = two("renamed.txt", "hard");
show("link", call("path_link", 3, 0, e, el, 3, f, fl), stat("hard"), call("path_link", 3, 0, e, el, 3, f, fl), call("path_link", 3, 0, e, el, 4, ...text("hard", 2048)), fs.existsSync(path.join(inside, "sub", "hard")));
const [[g, gl], [h, hl]] = two("sub/deep.txt", "soft");
show("symlink", call("path_symlink", g, gl, 3, h, hl), fs.readlinkSync(path.join(inside, "soft")), call("path_symlink", g, gl, 3, h, hl));
show("symlinks wrong", call("path_symlink", ...text("/etc/passwd"), 3, ...text("s2", 2048)), call("path_symlink", ...text("../outside.txt"), 3, ...text("s3", 2048)), call("path_symlink", ...text(""), 3, ...text("s4", 2048)));
const readlink = (name, room) => {
  const answer = call("path_readlink", 3, ...text(name), 3000, room, 264);
  return answer === "ok" ? bytes.toString("latin1", 3000, 3000 + bytes.readUInt32LE(264)) : answer;
};
show("readlink", readlink("soft", 100), readlink("soft", 12), readlink("soft", 13), readlink("renamed.txt", 100), readlink("absolute", 4), readlink("none", 9));
show("times", call("path_filestat_set_times", 3, 0, ...text("renamed.txt"), 5_000_000_000n, 6_500_000_000n, 5), stat("renamed.txt"), bytes.readBigUInt64LE(440), bytes.readBigUInt64LE(448));

const list = (fd, size, cookie) => {
  const answer = call("fd_readdir", fd, 10_000, size, cookie, 264);
  if (answer !== "ok") return answer;
  const used = bytes.readUInt32LE(264);
  const entries = [];
  for (let at = 10_000; at + 24 <= 10_000 + used; ) {
    const length = bytes.readUInt32LE(at + 16);
    entries.push([bytes.toString("latin1", at + 24, Math.min(at + 24 + length, 10_000 + used)), bytes[at + 20], bytes.readBigUInt64LE(at + 8), length]);
    at += 24 + length;
  }
  return { used, entries };
};
const all = list(3, 4000, 0n);
show("list", all.used, all.entries.sort((x, y) => (x[0] < y[0] ? -1 : 1)));
show("parts", list(3, 10, 0n), list(3, 24, 0n).used, list(3, 30, 0n).used, list(3, 4000, BigInt(all.entries.length)), list(3, 4000, 1000n), list(3, 4000, BigInt(all.entries.length - 1)).entries.length, list(sub, 4000, 0n).entries.length, list(0, 100, 0n), list(77, 100, 0n));
fs.rmSync(root, { recursive: true });
