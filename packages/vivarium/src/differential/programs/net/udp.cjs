"use strict";
// Datagrams between sockets of one program.
const dgram = require("node:dgram");
const { once } = require("node:events");

async function main(type, address) {
  const server = dgram.createSocket(type);
  server.on("message", (data, { address: from, family, port, size }) => {
    console.log("server", data.toString(), from, family, size);
    server.send(["echo ", data], port, from, (error, bytes) => console.log("sent", error, bytes));
  });
  server.bind(0, address);
  await once(server, "listening");
  const { port, family } = server.address();
  console.log(type, family, port > 0);
  const client = dgram.createSocket(type);
  client.send("one", port, address);
  console.log("client", (await once(client, "message"))[0].toString());
  client.connect(port, address);
  await once(client, "connect");
  console.log(client.remoteAddress().port === port, client.remoteAddress().address);
  client.send(Buffer.from("..two").subarray(2));
  console.log("client", (await once(client, "message"))[0].toString());
  client.setTTL(64);
  client.disconnect();
  const taken = dgram.createSocket(type).bind(port, address);
  console.log((await once(taken, "error"))[0].code);
  client.close(() => console.log("client closed"));
  server.unref();
}

main("udp4", "127.0.0.1").then(() => main("udp4", "127.0.0.1"));
