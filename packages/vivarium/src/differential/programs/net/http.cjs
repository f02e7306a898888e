"use strict";
// HTTP between a server and clients of one program: bodies, keep-alive, trailers, upgrades, limits, broken messages.
const http = require("node:http");
const net = require("node:net");
const { once } = require("node:events");

const ask = (options, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      let text = "";
      response.setEncoding("latin1");
      response.on("data", (data) => {
        text += data;
      });
      response.on("end", () => resolve({ request, response, text }));
    });
    request.on("error", reject);
    if (typeof body === "function") body(request);
    else request.end(body);
  });

/** Sends bytes as they are. -> everything the server answers */
const raw = (port, ...pieces) =>
  new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text.replace(/^date: .*\r\n/gim, "")));
    for (const piece of pieces) socket.write(piece);
  });

async function main() {
  const server = http.createServer((request, response) => {
    let size = 0;
    request.on("data", (data) => {
      size += data.length;
    });
    request.on("end", () => {
      const { method, url, httpVersion, rawHeaders, trailers } = request;
      const headers = rawHeaders.map((header) => header.replace(/:\d+$/, ":PORT"));
      console.log(method, url, httpVersion, size, JSON.stringify(headers), JSON.stringify(trailers));
      response.setHeader("X-Answer", ["a", "b"]);
      if (url === "/chunks") {
        response.writeHead(201, "Made");
        response.write("one ");
        response.addTrailers({ "X-Sum": "4" });
      }
      response.end(url === "/empty" ? undefined : `got ${size}`);
    });
  });
  server.on("clientError", (error, socket) => {
    console.log("clientError", error.code, error.bytesParsed > 0, error.rawPacket?.length > 0);
    socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  server.on("upgrade", (request, socket, head) => {
    console.log("upgrade", request.headers.upgrade, head.toString());
    socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nraw");
  });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const to = { port, host: "127.0.0.1", agent };

  const plain = await ask({ ...to, path: "/plain?q=1" });
  console.log(plain.response.statusCode, plain.response.statusMessage, plain.text, plain.request.reusedSocket);
  const posted = await ask({ ...to, method: "POST", path: "/post" }, "x".repeat(200_000));
  console.log(posted.text, posted.request.reusedSocket, posted.response.headers["x-answer"]);
  const chunks = await ask({ ...to, method: "PUT", path: "/chunks", headers: { Trailer: "X-End" } }, (request) => {
    request.write("first");
    request.addTrailers({ "X-End": "done" });
    request.end("second");
  });
  console.log(chunks.response.statusCode, chunks.response.statusMessage, chunks.text, chunks.response.trailers);
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`X-H${i}`, `v${i}  `]));
  console.log((await ask({ ...to, method: "HEAD", path: "/empty", headers: many })).text);
  agent.destroy();

  console.log(await raw(port, "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  console.log(await raw(port, "GET /split HT", "TP/1.1\r\nHo", "st: h\r\nConnection: close\r\n", "\r\n"));
  console.log(await raw(port, "NONSENSE / HTTP/1.1\r\n\r\n"));
  console.log(await raw(port, `GET / HTTP/1.1\r\nBig: ${"x".repeat(20_000)}\r\n\r\n`));
  console.log(await raw(port, "GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhead"));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  console.log("closed");
}

process.on("uncaughtException", (error) => console.log("uncaught", error.message));

function throwing() {
  const server = http.createServer((request) => {
    request.socket.destroy();
    throw new Error("in a request");
  });
  server.listen(0, () => {
    http.get({ port: server.address().port, host: "127.0.0.1" }).on("error", (error) => {
      console.log(error.code);
      server.close();
    });
  });
}

main().then(throwing);
