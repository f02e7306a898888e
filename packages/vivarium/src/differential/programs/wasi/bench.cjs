// What the WASI programs share: a system on a scratch directory, and its functions called from JavaScript as a
// WebAssembly program would call them.
const fs = require("node:fs");
const path = require("node:path");
const { WASI } = require("node:wasi");

/** Names of the errors, by number. */
const ERRORS = { 0: "ok", 2: "ACCES", 8: "BADF", 20: "EXIST", 22: "FBIG", 28: "INVAL", 31: "ISDIR", 32: "LOOP", 42: "NOBUFS", 44: "NOENT", 52: "NOSYS", 54: "NOTDIR", 55: "NOTEMPTY", 57: "NOTSOCK", 58: "NOTSUP", 61: "OVERFLOW", 63: "PERM", 70: "SPIPE", 75: "XDEV", 76: "NOTCAPABLE" };
const ALL_RIGHTS = (1n << 30n) - 1n;
const FILE_RIGHTS = 0x8e001ffn & ~(1n << 9n);

/** Makes the scratch directory anew. */
function box() {
  const root = path.join(__dirname, "box");
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(path.join(root, "in", "sub"), { recursive: true });
  fs.writeFileSync(path.join(root, "in", "hello.txt"), "hello, world");
  fs.writeFileSync(path.join(root, "in", "sub", "deep.txt"), "deep");
  fs.writeFileSync(path.join(root, "outside.txt"), "outside");
  return root;
}

/** A started system and its memory, with helpers that put arguments there. */
function start(options) {
  const wasi = new WASI({ version: "preview1", ...options });
  const memory = new WebAssembly.Memory({ initial: 2 });
  wasi.initialize({ exports: { memory } });
  const bytes = Buffer.from(memory.buffer);
  const call = (name, ...args) => {
    const answer = wasi.wasiImport[name](...args);
    return ERRORS[answer] ?? answer;
  };
  /** Puts a text at a place -> place and length, as two arguments. */
  const text = (value, at = 1024) => [at, bytes.write(value, at)];
  /** Puts lists of buffers at a place -> place and number, as two arguments. */
  const buffers = (pairs, at = 512) => {
    pairs.flat().forEach((value, index) => bytes.writeUInt32LE(value, at + index * 4));
    return [at, pairs.length];
  };
  const open = (name, { dir = 3, follow = 1, how = 0, rights = FILE_RIGHTS, pass = FILE_RIGHTS, flags = 0 } = {}) => {
    const answer = call("path_open", dir, follow, ...text(name), how, rights, pass, flags, 256);
    return answer === "ok" ? bytes.readUInt32LE(256) : answer;
  };
  const write = (fd, value) => {
    const [at, size] = text(value, 4096);
    return [call("fd_write", fd, ...buffers([[at, size]]), 260), bytes.readUInt32LE(260)];
  };
  const read = (fd, size) => {
    const answer = call("fd_read", fd, ...buffers([[8192, size]]), 264);
    return answer === "ok" ? bytes.toString("latin1", 8192, 8192 + bytes.readUInt32LE(264)) : answer;
  };
  return { wasi, memory, bytes, call, text, buffers, open, write, read };
}

module.exports = { ALL_RIGHTS, FILE_RIGHTS, box, start };
