"use strict";
// TLS as a stream: over sockets that are open already, over streams that are no sockets, over TLS; order of events,
// back-pressure, ends, errors.
const tls = require("node:tls");
const net = require("node:net");
const { createHash } = require("node:crypto");
const { once } = require("node:events");
const { Duplex } = require("node:stream");
const { ca, server: own } = require("./certificates.cjs");

const trusting = { ca: ca.cert, servername: "localhost" };
const secure = { cert: own.cert, key: own.key };

const listen = async (server) => {
  server.listen(0);
  await once(server, "listening");
  return server.address().port;
};
/** `once` would take an error for its own failure. */
const gone = (emitter) => new Promise((resolve) => emitter.once("close", resolve));
const closed = (server) => new Promise((resolve) => server.close(resolve));
const watch = (log, socket, names) => {
  for (const name of names) socket.on(name, (value) => log.push(value instanceof Error ? [name, value.code] : name));
};

async function order() {
  const log = { server: [], client: [] };
  let served;
  const server = tls.createServer(secure, (socket) => {
    served = gone(socket);
    watch(log.server, socket, ["end", "finish", "close", "error"]);
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      log.server.push(`read ${data}`);
      Promise.resolve().then(() => log.server.push("microtask"));
      process.nextTick(() => log.server.push("tick"));
    });
    socket.on("end", () => socket.end("bye"));
  });
  const port = await listen(server);
  const client = tls.connect({ port, ...trusting, allowHalfOpen: true });
  watch(log.client, client, ["connect", "ready", "secure", "secureConnect", "end", "finish", "close", "error"]);
  client.on("data", (data) => log.client.push(`read ${data}`, [client.bytesWritten, client.bytesRead]));
  client.write("one", () => log.client.push("one is written"));
  client.write("two", () => log.client.push("two is written"));
  client.end("three", () => log.client.push("three is written"));
  log.client.push([client.connecting, client.secureConnecting, client.encrypted, client.authorized]);
  await gone(client);
  await served;
  await closed(server);
  console.log("server:", log.server.filter((entry) => !String(entry).startsWith("read")));
  console.log("client:", log.client);
}

/** As mail and database servers do it: plain words first, then TLS on the same socket. */
async function upgrade() {
  const log = [];
  const server = net.createServer((socket) => {
    socket.once("data", (data) => {
      log.push(`server read ${data}`);
      socket.write("go on");
      const inner = new tls.TLSSocket(socket, { isServer: true, ...secure });
      inner.on("secure", () => log.push("server is secure"));
      inner.on("data", (text) => inner.end(`you said ${text}`));
    });
  });
  const port = await listen(server);
  const socket = net.connect(port);
  socket.write("STARTTLS");
  const [answer] = await once(socket, "data");
  console.log("answer:", answer.toString());
  const inner = tls.connect({ socket, ...trusting });
  await once(inner, "secureConnect");
  inner.write("secret");
  console.log("read:", String((await once(inner, "data"))[0]), inner.remotePort === port, inner.localAddress === socket.localAddress);
  await gone(inner);
  console.log(log, socket.destroyed);
  await closed(server);
}

function pair() {
  const ends = [0, 1].map((own) => {
    let next;
    const end = new Duplex({
      read() {
        next?.();
        next = undefined;
      },
      write(chunk, _encoding, done) {
        ends[1 - own].give(chunk, done);
      },
      final(done) {
        ends[1 - own].give(null, done);
      },
    });
    end.give = (chunk, done) => {
      if (end.push(chunk)) done();
      else next = done;
    };
    return end;
  });
  return ends;
}

async function overStreams() {
  const [left, right] = pair();
  const server = new tls.TLSSocket(left, { isServer: true, ...secure });
  const client = tls.connect({ socket: right, ...trusting });
  server.on("data", (data) => server.end(`echo ${data}`));
  client.write("over a pair");
  console.log("pair:", String((await once(client, "data"))[0]), client.authorized);
  await once(client, "end");
  client.end();
}

async function overTls() {
  const inner = tls.createServer(secure, (socket) => socket.end("twice secret"));
  const server = tls.createServer(secure, (socket) => inner.emit("connection", socket));
  const port = await listen(server);
  const outer = tls.connect({ port, ...trusting });
  await once(outer, "secureConnect");
  const socket = tls.connect({ socket: outer, ...trusting });
  console.log("double:", String((await once(socket, "data"))[0]));
  socket.on("error", () => {});
  outer.on("error", () => {});
  await once(socket, "end");
  outer.destroy();
  await closed(server);
}

async function volume() {
  const SIZE = 6 * 1024 * 1024;
  const data = Buffer.alloc(SIZE);
  for (let i = 0; i < SIZE; i += 1009) data[i] = i % 251;
  const server = tls.createServer(secure, (socket) => {
    socket.on("data", () => {});
    socket.end(data);
  });
  const port = await listen(server);
  const socket = tls.connect({ port, ...trusting });
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of socket) {
    hash.update(chunk);
    size += chunk.length;
    if (size % 5 === 0) await new Promise(setImmediate);
  }
  console.log("volume:", size, hash.digest("hex") === createHash("sha256").update(data).digest("hex"));
  await closed(server);
}

async function errors() {
  const server = tls.createServer(secure, (socket) => {
    socket.on("error", (error) => console.log("socket:", error.code));
    socket.on("data", () => socket.destroy());
  });
  server.on("tlsClientError", (error) => console.log("server:", error.code, error.reason, error.library));
  const port = await listen(server);
  const wrong = net.connect(port);
  wrong.write("GET / HTTP/1.1\r\n\r\n");
  wrong.resume();
  await gone(wrong);
  const silent = net.connect(port, () => silent.end());
  silent.resume();
  await gone(silent);
  const cut = tls.connect({ port, ...trusting }, () => cut.write("x"));
  cut.on("error", (error) => console.log("cut:", error.code));
  cut.resume();
  await gone(cut);
  const plain = net.createServer((socket) => socket.resume().end("not TLS"));
  const plainPort = await listen(plain);
  const client = tls.connect({ port: plainPort, ...trusting });
  const [error] = await once(client, "error");
  console.log("plain:", error.code, error.reason);
  await closed(plain);
  const hangs = net.createServer((socket) => socket.on("data", () => socket.end()));
  const hanging = tls.connect({ port: await listen(hangs), ...trusting });
  const [hangUp] = await once(hanging, "error");
  console.log("hangs up:", hangUp.code, hangUp.message);
  await closed(hangs);
  await closed(server);
}

function misuse() {
  const attempt = (label, run) => {
    try {
      run();
      console.log(label, "is fine");
    } catch (error) {
      console.log(label, error.name, error.code, error.message.replaceAll(/^[0-9A-F]+:/g, ""), error.reason);
    }
  };
  attempt("no key", () => tls.createSecureContext({ cert: own.cert, key: "nothing" }));
  attempt("no certificate", () => tls.createSecureContext({ cert: "nothing" }));
  attempt("no authority", () => tls.createSecureContext({ ca: "nothing" }));
  attempt("no list", () => tls.createSecureContext({ crl: "nothing" }));
  attempt("another's key", () => tls.createSecureContext({ cert: ca.cert, key: own.key }));
  attempt("no archive", () => tls.createSecureContext({ pfx: "nothing" }));
  attempt("a curve", () => tls.createSecureContext({ ecdhCurve: "P-1" }));
  attempt("ciphers", () => tls.createSecureContext({ ciphers: "NONE" }));
  attempt("algorithms", () => tls.createSecureContext({ sigalgs: "none" }));
  attempt("parameters", () => tls.createSecureContext({ dhparam: "none" }));
  attempt("parameters of its own", () => tls.createSecureContext({ dhparam: "auto" }));
  attempt("a method", () => tls.createSecureContext({ secureProtocol: "none" }));
  attempt("an old method", () => tls.createSecureContext({ secureProtocol: "SSLv3_method" }));
  attempt("a version", () => tls.createSecureContext({ minVersion: "TLSv9" }));
  attempt("an id", () => tls.createSecureContext({ sessionIdContext: "x".repeat(40) }));
  attempt("ticket keys", () => tls.createSecureContext({ ticketKeys: Buffer.alloc(47) }));
  attempt("a context", () => new tls.TLSSocket(new net.Socket(), { secureContext: {} }));
}

(async () => {
  for (const part of [order, upgrade, overStreams, overTls, volume, errors]) await part();
  misuse();
  console.log("done");
})();
