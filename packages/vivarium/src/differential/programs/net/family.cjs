"use strict";
// Servers and clients in different processes of one tree: a parent, its child, and a worker of the parent.
const { fork, spawnSync } = require("node:child_process");
const http = require("node:http");
const net = require("node:net");
const path = require("node:path");
const { once } = require("node:events");
const { Worker, isMainThread, parentPort, workerData } = require("node:worker_threads");

const SOCKET = path.join(process.cwd(), "family.sock");

/** Everything the other end says, and how it ended. */
const talk = (where, ...pieces) =>
  new Promise((resolve) => {
    const socket = net.connect(where);
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", (error) => {
      text += ` ${error.code} ${error.syscall}`;
    });
    socket.on("connect", () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.on("close", (hadError) => resolve(`${text} ${hadError}`));
  });

const echo = () =>
  net.createServer({ allowHalfOpen: true }, (socket) => {
    const { remoteAddress, remoteFamily, localAddress } = socket;
    socket.write(`${remoteAddress} ${remoteFamily} ${localAddress}: `);
    socket.pipe(socket);
  });

const get = async (port, options = {}) => {
  const response = await fetch(`http://127.0.0.1:${port}/`, options);
  return `${response.status} ${(await response.text()).length}`;
};

async function child() {
  const [{ port, served, unix }] = await once(process, "message");
  console.log("child to parent:", await talk({ port, host: "127.0.0.1" }, "one ", "two"));
  console.log("child to parent by name:", await talk({ port, host: "localhost", autoSelectFamily: true }, "three"));
  if (unix) console.log("child to parent's path:", await talk({ path: SOCKET }, "four"));
  console.log("child fetches:", await get(served), await get(served, { method: "POST", body: "x".repeat(300_000) }));
  const taken = net.createServer().listen(port, "127.0.0.1");
  const [error] = await once(taken, "error");
  console.log("child listens on the parent's port:", error.code);
  const own = http.createServer((request, response) => {
    request.resume().on("end", () => response.end("y".repeat(200_000)));
  });
  await once(own.listen(0, "127.0.0.1"), "listening");
  const open = net.createServer((socket) => socket.on("error", () => {}).resume().write("accepted"));
  await once(open.listen(0), "listening");
  process.send({ own: own.address().port, open: open.address().port });
}

async function worker() {
  const { port } = workerData;
  const answer = await talk({ port, host: "127.0.0.1" }, "from a thread");
  const server = echo();
  await once(server.listen(0, "127.0.0.1"), "listening");
  parentPort.postMessage({ answer, port: server.address().port });
  await once(parentPort, "message");
  server.close();
  parentPort.close();
}

async function main() {
  const server = echo();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  const web = http.createServer((request, response) => {
    let size = 0;
    request.on("data", (data) => {
      size += data.length;
    });
    request.on("end", () => response.end("z".repeat(size + 1)));
  });
  await once(web.listen(0, "127.0.0.1"), "listening");
  const byPath = echo();
  await once(byPath.listen(SOCKET), "listening");

  const started = fork(__filename, ["child"]);
  started.send({ port, served: web.address().port, unix: true });
  const [{ own, open }] = await once(started, "message");
  console.log("parent fetches:", await get(own), await get(own, { method: "POST", body: "x".repeat(100_000) }));
  const socket = net.connect(open, "127.0.0.1");
  await once(socket, "data");
  started.kill("SIGKILL");
  const [[hadError]] = await Promise.all([once(socket, "close"), once(started, "exit")]);
  console.log("the child is killed:", hadError);
  // What refuses it is the host's own in one case and a rule in the other.
  const [refusal] = await once(net.connect(open, "127.0.0.1"), "error");
  console.log("nobody there any more:", refusal.syscall);

  const thread = new Worker(__filename, { workerData: { port } });
  const [{ answer, port: threadPort }] = await once(thread, "message");
  console.log("thread to parent:", answer);
  console.log("parent to thread:", await talk({ port: threadPort, host: "127.0.0.1" }, "from the parent"));
  thread.postMessage("end");
  await once(thread, "exit");

  for (const each of [server, web, byPath]) each.close();
  const code = `require("node:net").connect(${port}, "127.0.0.1").on("error", (e) => console.log(e.syscall))`;
  console.log("closed:", spawnSync(process.execPath, ["-e", code], { encoding: "utf8" }).stdout.trim());
}

if (!isMainThread) worker();
else if (process.argv[2] === "child") child();
else main();
