// Datagram sockets: their options, buffer sizes, groups, queues, and what they refuse.
const dgram = require("node:dgram");

const attempt = (label, run) => {
  try {
    const value = run();
    console.log(label, value instanceof dgram.Socket ? "socket" : value);
  } catch (error) {
    console.log(label, error.name, error.code, error.message, error.syscall);
  }
};
const bound = (type, ...args) =>
  new Promise((resolve) => {
    const socket = dgram.createSocket(type);
    socket.on("error", (error) => console.log("error", error.code, error.syscall));
    socket.bind(...args, () => resolve(socket));
  });
const close = (socket) => new Promise((resolve) => socket.close(resolve));

async function options() {
  const unbound = dgram.createSocket("udp4");
  for (const call of ["getRecvBufferSize", "getSendBufferSize", "getSendQueueSize", "getSendQueueCount"])
    attempt(`unbound ${call}`, () => unbound[call]());
  for (const [call, ...args] of [
    ["setRecvBufferSize", 8192],
    ["setTTL", 64],
    ["setBroadcast", true],
    ["setMulticastTTL", 8],
    ["setMulticastLoopback", true],
    ["setMulticastInterface", "127.0.0.1"],
    ["addMembership", "256.1.1.1"],
    ["dropMembership", "x"],
    ["addSourceSpecificMembership", "1.2.3.4", "0"],
    ["dropSourceSpecificMembership", "x", "232.1.1.1"],
    ["remoteAddress"],
    ["disconnect"],
    ["address"],
  ])
    attempt(`unbound ${call} ${args}`, () => unbound[call](...args));
  await close(unbound);
  const socket = await bound("udp4", 0, "127.0.0.1");
  for (const size of [1, 1000, 5000, 10_000, 100_000, 2 ** 31, 0, -1, 1.5])
    for (const kind of ["Recv", "Send"]) {
      attempt(`${kind} ${size}`, () => socket[`set${kind}BufferSize`](size));
      attempt(`${kind} is`, () => socket[`get${kind}BufferSize`]());
    }
  for (const [call, ...args] of [
    ["setTTL", 0],
    ["setTTL", 1],
    ["setTTL", 255],
    ["setTTL", 256],
    ["setMulticastTTL", -1],
    ["setMulticastTTL", 0],
    ["setMulticastTTL", 300],
    ["setMulticastInterface", "0.0.0.0"],
    ["setMulticastInterface", "127.0.0.1"],
    ["setMulticastInterface", "::"],
    ["setMulticastInterface", "224.0.0.2"],
    ["setMulticastInterface", "x"],
    ["addMembership", "1.2.3.4"],
    ["addMembership", "224.0.0.114", "x"],
    ["dropMembership", "224.0.0.115", "127.0.0.1"],
    ["addSourceSpecificMembership", "x", "232.1.1.1"],
    ["setBroadcast", true],
    ["setMulticastLoopback", false],
  ])
    attempt(`${call} ${args}`, () => socket[call](...args));
  await close(socket);
  for (const type of [{ type: "udp4", recvBufferSize: 10_000, sendBufferSize: 15_000 }, { type: "udp6", ipv6Only: true }, { type: "udp4", reuseAddr: true }, { type: "udp4", reusePort: true }]) {
    const made = await bound(type, 0);
    console.log(JSON.stringify(type), made.address().address, made.getRecvBufferSize(), made.getSendBufferSize());
    await close(made);
  }
}

async function connected() {
  const server = await bound("udp4", 0, "127.0.0.1");
  const client = dgram.createSocket("udp4");
  server.on("message", (data, { address, port, family, size }) => {
    console.log("server", String(data), address, family, size);
    server.send(`re:${data}`, port, address);
  });
  await new Promise((resolve) => client.connect(server.address().port, "127.0.0.1", resolve));
  console.log("remote", client.remoteAddress().address, client.remoteAddress().port === server.address().port);
  attempt("connect twice", () => client.connect(server.address().port, "127.0.0.1"));
  for (const message of ["one", Buffer.from("two"), ["th", "ree"], ""])
    await new Promise((resolve) => {
      client.once("message", (data) => {
        console.log("client", String(data));
        resolve();
      });
      client.send(message, (error, bytes) => console.log("sent", error, bytes));
    });
  console.log("queue", client.getSendQueueSize(), client.getSendQueueCount());
  client.disconnect();
  attempt("disconnect twice", () => client.disconnect());
  attempt("send without an address", () => client.send("x"));
  await new Promise((resolve) => client.send(Buffer.alloc(65_508), server.address().port, "127.0.0.1", (error) => {
    console.log("too large", error.code, error.syscall, error.address);
    resolve();
  }));
  const lost = await bound("udp4", 0, "127.0.0.1");
  const { port } = lost.address();
  await close(lost);
  await new Promise((resolve) => client.send("into the void", port, "127.0.0.1", (error, bytes) => {
    console.log("void", error, bytes);
    resolve();
  }));
  await new Promise((resolve) => client.send("to a name", server.address().port, "localhost", (error, bytes) => {
    console.log("name", error, bytes);
    resolve();
  }));
  await close(client);
  await close(server);
}

async function refusals() {
  const first = await bound({ type: "udp4" }, 0, "127.0.0.1");
  const { port } = first.address();
  const second = dgram.createSocket("udp4");
  await new Promise((resolve) => {
    second.on("error", (error) => {
      console.log(error.code, error.syscall, error.address, error.port === port);
      resolve();
    });
    second.bind(port, "127.0.0.1");
  });
  await close(second);
  await close(first);
  const nowhere = dgram.createSocket("udp4");
  await new Promise((resolve) => {
    nowhere.on("error", (error) => {
      console.log(error.code, error.syscall, error.address);
      resolve();
    });
    nowhere.bind(0, "192.0.2.1");
  });
  await close(nowhere);
  const shared = [];
  for (let i = 0; i < 2; i++) shared.push(await bound({ type: "udp4", reuseAddr: true }, i === 0 ? 0 : shared[0].address().port, "127.0.0.1"));
  console.log("shared", shared[0].address().port === shared[1].address().port);
  for (const socket of shared) await close(socket);
}

options()
  .then(connected)
  .then(refusals);
process.on("exit", (code) => console.log("exit", code));
