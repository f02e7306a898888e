"use strict";
// Unix domain sockets and their entries in the file system.
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { once } = require("node:events");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "unix-"));
const at = (name) => path.join(folder, name);
const shown = (text) => text.replaceAll(folder, "FOLDER");

const attempt = async (what, handle) => {
  const settled = await Promise.race([once(handle, "listening"), once(handle, "connect")]).catch((error) => error);
  const isError = settled instanceof Error;
  console.log(what, isError ? shown(`${settled.code} ${settled.syscall} ${settled.address} ${settled.message}`) : "fine");
  return handle;
};
const kind = (name) => {
  const stats = fs.lstatSync(at(name));
  return [stats.isSocket(), stats.isFile(), stats.size, (stats.mode & 0o777).toString(8), stats.nlink].join(" ");
};

async function main() {
  process.umask(0o22);
  const server = await attempt("listen", net.createServer((socket) => socket.end("hello")).listen(at("a.sock")));
  console.log(kind("a.sock"), fs.readdirSync(folder), fs.readdirSync(folder, { withFileTypes: true })[0].isSocket());
  try {
    fs.readFileSync(at("a.sock"));
  } catch (error) {
    console.log(error.code, error.syscall);
  }
  const client = await attempt("connect", net.connect(at("a.sock")));
  client.setEncoding("latin1").on("data", (data) => console.log(data));
  await once(client, "close");
  await attempt("listen where one listens", net.createServer().listen(at("a.sock")));
  const open = net.createServer().listen({ path: at("open.sock"), readableAll: true, writableAll: true });
  await attempt("listen for all", open);
  console.log(kind("open.sock"));
  fs.chmodSync(at("open.sock"), 0o600);
  console.log(kind("open.sock"));
  open.close();
  await once(open, "close");
  console.log(fs.existsSync(at("open.sock")));
  fs.writeFileSync(at("file"), "");
  await attempt("connect to a file", net.connect(at("file")));
  await attempt("connect to nothing", net.connect(at("nothing")));
  await attempt("listen over a file", net.createServer().listen(at("file")));
  await attempt("listen nowhere", net.createServer().listen(at("no/where.sock")));
  fs.renameSync(at("a.sock"), at("b.sock"));
  console.log(fs.readdirSync(folder).sort());
  fs.unlinkSync(at("b.sock"));
  server.close();
  await once(server, "close");
  const again = await attempt("listen again", net.createServer().listen(at("a.sock")));
  again.close();
  await once(again, "close");
  fs.rmSync(folder, { recursive: true });
}

main();
