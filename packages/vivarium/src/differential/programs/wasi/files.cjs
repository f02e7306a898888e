const fs = require("node:fs");
const path = require("node:path");
const { ALL_RIGHTS, FILE_RIGHTS, box, start } = require("./bench.cjs");

const root = box();
const w = start({ preopens: { "/in": path.join(root, "in") } });
const { call, bytes, text, buffers, open, read, write } = w;
const show = (what, ...values) => console.log(`${what}:`, ...values);
const seek = (fd, offset, whence) => [call("fd_seek", fd, offset, whence, 300), bytes.readBigUInt64LE(300)];
const tell = (fd) => [call("fd_tell", fd, 300), bytes.readBigUInt64LE(300)];
const fdstat = (fd) => [call("fd_fdstat_get", fd, 320), bytes.toString("hex", 320, 344)];
const kinds = (at) => [bytes[at + 16], bytes.readBigUInt64LE(at + 24), bytes.readBigUInt64LE(at + 32)];

const fd = open("hello.txt");
show("opened", fd, fdstat(fd));
show("read", read(fd, 5), read(fd, 100), read(fd, 5));
show("tell", tell(fd), seek(fd, 7n, 0), read(fd, 3), seek(fd, -2n, 1), read(fd, 2), seek(fd, -5n, 2), read(fd, 9));
show("bad seeks", seek(fd, -1n, 0), seek(fd, -100n, 1), seek(fd, 0n, 7), seek(fd, 1000n, 0), read(fd, 4));
show("scattered", seek(fd, 0n, 0)[0], call("fd_read", fd, ...buffers([[8192, 2], [8200, 0], [8210, 3]]), 264), bytes.readUInt32LE(264), bytes.toString("latin1", 8192, 8194), bytes.toString("latin1", 8210, 8213));
show("pread", call("fd_pread", fd, ...buffers([[8192, 4]]), 7n, 264), bytes.toString("latin1", 8192, 8196), tell(fd));
show("pread far", call("fd_pread", fd, ...buffers([[8192, 4]]), 1n << 40n, 264), bytes.readUInt32LE(264), call("fd_pread", fd, ...buffers([[8192, 4]]), 1n << 63n, 264));
show("no buffers", call("fd_read", fd, 512, 0, 264), bytes.readUInt32LE(264), call("fd_write", fd, 512, 0, 264));
show("write", seek(fd, 0n, 0)[0], write(fd, "HELLO"), tell(fd), fs.readFileSync(path.join(root, "in/hello.txt"), "latin1"));
show("pwrite", call("fd_pwrite", fd, ...buffers([[4096, 2], [4098, 2]]), 8n, 264), bytes.readUInt32LE(264), tell(fd), fs.readFileSync(path.join(root, "in/hello.txt"), "latin1"));
show("size", call("fd_filestat_set_size", fd, 3n), call("fd_filestat_get", fd, 400), kinds(400), call("fd_filestat_set_size", fd, 5n), fs.readFileSync(path.join(root, "in/hello.txt"), "latin1"));
show("size wrong", call("fd_filestat_set_size", fd, 1n << 63n));
show("allocate", call("fd_allocate", fd, 0n, 8n), fs.statSync(path.join(root, "in/hello.txt")).size, call("fd_allocate", fd, 0n, 2n), fs.statSync(path.join(root, "in/hello.txt")).size, call("fd_allocate", fd, 1n << 63n, 1n));
show("allocate nothing", call("fd_allocate", fd, 0n, 0n));
show("advise", [0, 5, 6, 256].map((advice) => call("fd_advise", fd, 0n, 10n, advice)), call("fd_advise", 3, 0n, 0n, 0));
show("sync", call("fd_sync", fd), call("fd_datasync", fd), call("fd_sync", 3), call("fd_datasync", 3));
show("times", call("fd_filestat_set_times", fd, 4_000_000_000n, 9_999_999_999n, 5), call("fd_filestat_get", fd, 400), bytes.readBigUInt64LE(440), bytes.readBigUInt64LE(448));
show("one time", call("fd_filestat_set_times", fd, 7_000_000_000n, 0n, 1), call("fd_filestat_get", fd, 400), bytes.readBigUInt64LE(440), bytes.readBigUInt64LE(448));
show("times wrong", [3, 12, 16].map((flags) => call("fd_filestat_set_times", fd, 0n, 0n, flags)), call("fd_filestat_set_times", 99, 0n, 0n, 3));

const appended = open("log.txt", { how: 1, flags: 1 });
show("append", write(appended, "one"), seek(appended, 0n, 0)[0], write(appended, "two"), tell(appended), fdstat(appended)[1].slice(0, 8));
show("no longer", call("fd_fdstat_set_flags", appended, 0), seek(appended, 0n, 0)[0], write(appended, "X"), fs.readFileSync(path.join(root, "in/log.txt"), "latin1"), fdstat(appended)[1].slice(0, 8));
show("again", call("fd_fdstat_set_flags", appended, 5), write(appended, "!"), fs.readFileSync(path.join(root, "in/log.txt"), "latin1"), fdstat(appended)[1].slice(0, 8));

const reader = open("hello.txt", { rights: 2n });
show("read only", fdstat(reader), write(reader, "no"), call("fd_seek", reader, 0n, 0, 300), call("fd_filestat_get", reader, 400), read(reader, 2));
const writer = open("hello.txt", { rights: 0x40n });
show("write only", fdstat(writer), read(writer, 2), write(writer, "w"));
show("fewer rights", call("fd_fdstat_set_rights", fd, 2n, 0n), write(fd, "x"), call("fd_fdstat_set_rights", fd, 0x42n, 0n), call("fd_fdstat_set_rights", 3, ALL_RIGHTS, 0n), fdstat(fd)[1].slice(16));
show("renumber", call("fd_renumber", fd, fd), call("fd_renumber", 77, 77), call("fd_renumber", fd, 77), call("fd_renumber", reader, writer), read(writer, 4), read(reader, 4));
show("close", call("fd_close", writer), call("fd_close", writer), call("fd_close", 77), open("hello.txt"), open("hello.txt"));
show("directory", fdstat(3), call("fd_seek", 3, 0n, 0, 300), call("fd_read", 3, ...buffers([[8192, 4]]), 264), call("fd_filestat_get", 3, 400), bytes[416]);
show("missing", call("fd_fdstat_get", 1000, 320), call("fd_fdstat_get", 2 ** 32 - 1, 320), call("fd_prestat_get", 3, 8_000), bytes.toString("hex", 8_000, 8_008), call("fd_prestat_get", 5, 400), call("fd_prestat_get", 55, 400), call("fd_prestat_dir_name", 3, 400, 3), bytes.toString("latin1", 400, 403), call("fd_prestat_dir_name", 3, 400, 2), call("fd_prestat_dir_name", 5, 400, 9));

// What does not fit in memory, and arguments of other types.
const END = bytes.length;
show("at the end", call("fd_fdstat_get", 3, END - 24), call("fd_fdstat_get", 3, END - 23), call("fd_fdstat_get", 3, END), call("random_get", END, 0), call("random_get", END - 1, 1), call("random_get", END - 1, 2), call("random_get", 0, 2 ** 32 - 1));
show("buffers out", call("fd_write", 1, END - 8, 1, 264), call("fd_write", 1, END - 7, 1, 264), call("fd_write", 1, ...buffers([[END - 2, 3]]), 264), call("fd_write", 1, ...buffers([[2 ** 32 - 1, 2 ** 32 - 1]]), 264), call("fd_read", 0, ...buffers([[4096, 2]]), END - 3), call("fd_write", 1, 512, 20_000, 264));
show("types", call("fd_close"), call("fd_close", 1, 2), call("fd_close", 1.5), call("fd_close", "3"), call("fd_close", 3n), call("fd_seek", 3, 0, 0, 300), call("fd_close", 2 ** 32));
show("free", w.wasi.wasiImport.fd_close.name, w.wasi.wasiImport.fd_close.length, w.wasi.wasiImport.path_open.length);
fs.rmSync(root, { recursive: true });
