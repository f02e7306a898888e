"use strict";
// TCP between a server and clients of one program: order of events, half close, back-pressure, resets, errors.
const net = require("node:net");
const { once } = require("node:events");

const listen = async (server, ...args) => {
  server.listen(...args);
  await once(server, "listening");
  return server.address().port;
};
const closed = (server) => new Promise((resolve) => server.close(resolve));

async function conversation() {
  const server = net.createServer((socket) => {
    console.log("connection", socket.remoteFamily, socket.localAddress, socket.remoteAddress);
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      console.log("server read", data);
      socket.end(`bye ${data}`);
    });
    for (const name of ["end", "finish", "close"]) socket.on(name, () => console.log("server", name));
  });
  const port = await listen(server, 0);
  const client = net.connect(port, "127.0.0.1");
  client.setEncoding("utf8");
  client.on("connect", () => {
    console.log("connect", client.remoteFamily, client.remotePort === port, client.localAddress);
    client.write("hello", () => console.log("written", client.bytesWritten));
  });
  client.on("data", (data) => console.log("client read", data, client.bytesRead));
  for (const name of ["lookup", "ready", "end", "finish"]) client.on(name, () => console.log("client", name));
  const [hadError] = await once(client, "close");
  console.log("client close", hadError);
  await closed(server);
}

async function halfClose() {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on("end", () => {
      console.log("half closed", socket.readyState);
      socket.end("after the end");
    });
  });
  const port = await listen(server, 0, "127.0.0.1");
  const client = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  client.setEncoding("utf8");
  client.end("last words");
  console.log("read", (await once(client, "data"))[0]);
  await once(client, "close");
  await closed(server);
}

async function backPressure() {
  const SIZE = 8 * 1024 * 1024;
  let received = 0;
  let isInOrder = true;
  const server = net.createServer((socket) => {
    socket.on("data", (data) => {
      for (let i = 0; i < data.length; i += 4099) if (data[i] !== ((received + i) >> 8) % 256) isInOrder = false;
      received += data.length;
      socket.pause();
      setImmediate(() => socket.resume());
    });
    socket.on("end", () => socket.end());
  });
  const port = await listen(server, 0, "127.0.0.1");
  const client = net.connect(port, "127.0.0.1");
  client.resume();
  const data = Buffer.alloc(SIZE);
  for (let i = 0; i < SIZE; i++) data[i] = i >> 8;
  const hadRoom = client.write(data);
  client.end();
  await once(client, "close");
  console.log("large write", hadRoom, received === SIZE, isInOrder, client.bytesWritten === SIZE);
  await closed(server);
}

async function resets() {
  const server = net.createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const port = await listen(server, 0, "127.0.0.1");
  const client = net.connect(port, "127.0.0.1");
  client.resume();
  client.write("reset me");
  const [error] = await once(client, "error");
  console.log("reset", error.code, error.syscall, error.errno);
  await closed(server);
}

/** What a client hears of last words and a reset: together they are bytes and an end, one after the other an error. */
async function lastWords(isTogether) {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      if (!isTogether) return socket.resetAndDestroy();
      socket.write("last words");
      setImmediate(() => socket.resetAndDestroy());
    });
    if (!isTogether) socket.write("last words");
  });
  const port = await listen(server, 0, "127.0.0.1");
  const client = net.connect(port, "127.0.0.1");
  const told = [];
  client.on("data", (data) => {
    told.push(`data ${data}`);
    if (!isTogether) client.write("go on");
  });
  client.on("end", () => told.push("end"));
  client.on("error", (error) => told.push(`error ${error.code}`));
  if (isTogether) client.write("go on");
  const hadError = await new Promise((done) => client.on("close", done));
  console.log("last words", told, hadError);
  await closed(server);
}

async function refusals() {
  const server = net.createServer();
  const port = await listen(server, 0, "127.0.0.1");
  const [taken] = await once(net.createServer().listen(port, "127.0.0.1"), "error");
  console.log(taken.code, taken.syscall, taken.address, taken.port === port);
  const arrived = once(server, "connection");
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  const [accepted] = await arrived;
  console.log("accepted", accepted instanceof net.Socket, accepted.server === server);
  accepted.destroy();
  socket.destroy();
  await once(socket, "close");
  console.log("destroyed", socket.destroyed, socket.readyState);
  await closed(server);
  try {
    net.connect({ port: 70_000 });
  } catch (error) {
    console.log(error.code);
  }
}

async function pipes() {
  const path = `${process.cwd()}/s.sock`;
  const server = net.createServer((socket) => socket.pipe(socket));
  server.listen(path);
  await once(server, "listening");
  console.log("pipe address", server.address() === path);
  const client = net.connect(path);
  client.setEncoding("utf8");
  client.write("over the pipe");
  console.log((await once(client, "data"))[0]);
  client.end();
  await once(client, "close");
  await closed(server);
}

async function references() {
  const server = net.createServer((socket) => socket.unref());
  const port = await listen(server, 0, "127.0.0.1");
  const client = net.connect(port, "127.0.0.1");
  await once(client, "connect");
  client.unref();
  server.unref();
  process.on("exit", (code) => console.log("exit with open sockets", code));
}

(async () => {
  await conversation();
  await halfClose();
  await backPressure();
  await resets();
  await lastWords(false);
  await lastWords(true);
  await refusals();
  await pipes();
  await references();
})();
