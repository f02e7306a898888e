"use strict";
// Hostile peers of an HTTP server and of an HTTP client: smuggling, splitting, floods and slowness. The verdict on each.
const http = require("node:http");
const net = require("node:net");
const { once } = require("node:events");
const { setImmediate: turn } = require("node:timers/promises");

const head = (...lines) => `${["POST /first HTTP/1.1", "Host: a", ...lines].join("\r\n")}\r\n\r\n`;
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const many = (count, line) => Array.from({ length: count }, (_, i) => line(i));

/** What a client may send; after each it says nothing more. */
const REQUESTS = {
  "length and chunks": head("Content-Length: 6", "Transfer-Encoding: chunked") + `0\r\n\r\n${SMUGGLED}`,
  "chunks and length": head("Transfer-Encoding: chunked", "Content-Length: 40") + `0\r\n\r\n${SMUGGLED}`,
  "two lengths": `${head("Content-Length: 0", "Content-Length: 36")}${SMUGGLED}`,
  "two equal lengths": `${head("Content-Length: 2", "Content-Length: 2")}ab${SMUGGLED}`,
  "a list of lengths": `${head("Content-Length: 0, 0")}${SMUGGLED}`,
  "a signed length": `${head("Content-Length: +0")}${SMUGGLED}`,
  "a length in hex": `${head("Content-Length: 0x0")}${SMUGGLED}`,
  "an endless length": `${head("Content-Length: 18446744073709551617")}${SMUGGLED}`,
  "chunks not last": `${head("Transfer-Encoding: chunked, gzip")}0\r\n\r\n${SMUGGLED}`,
  "chunks twice": `${head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")}0\r\n\r\n${SMUGGLED}`,
  "an unknown coding": `${head("Transfer-Encoding: xchunked")}0\r\n\r\n${SMUGGLED}`,
  "space before the colon": `${head("Transfer-Encoding : chunked")}0\r\n\r\n${SMUGGLED}`,
  "a vertical tab before the coding": `${head("Transfer-Encoding: \x0bchunked")}0\r\n\r\n${SMUGGLED}`,
  "a folded header": `${head("X: a", " b: c")}${SMUGGLED}`,
  "a folded coding": `${head("Transfer-Encoding:", " chunked")}0\r\n\r\n${SMUGGLED}`,
  "a folded first header": `POST / HTTP/1.1\r\n Host: a\r\n\r\n${SMUGGLED}`,
  "bare line feeds": `GET / HTTP/1.1\nHost: a\n\n${SMUGGLED}`,
  "a bare line feed in a header": `GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n${SMUGGLED}`,
  "a bare carriage return in a header": `GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n${SMUGGLED}`,
  "a bare line feed after a chunk's size": `${head("Transfer-Encoding: chunked")}2\nab\r\n0\r\n\r\n${SMUGGLED}`,
  "a bare line feed in an extension": `${head("Transfer-Encoding: chunked")}2;\nxx\r\n4c\r\n0\r\n\r\n${SMUGGLED}`,
  "a chunk longer than it says": `${head("Transfer-Encoding: chunked")}2\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
  "a chunk's size of seventeen digits": `${head("Transfer-Encoding: chunked")}00000000000000002\r\nab\r\n0\r\n\r\n`,
  "a chunk's size too large": `${head("Transfer-Encoding: chunked")}ffffffffffffffffff\r\nab\r\n0\r\n\r\n`,
  "a signed chunk's size": `${head("Transfer-Encoding: chunked")}+2\r\nab\r\n0\r\n\r\n`,
  "a chunk's size in hex notation": `${head("Transfer-Encoding: chunked")}0x2\r\nab\r\n0\r\n\r\n`,
  "space after a chunk's size": `${head("Transfer-Encoding: chunked")}2 \r\nab\r\n0\r\n\r\n`,
  "extensions up to the limit": `${head("Transfer-Encoding: chunked")}2;${"e".repeat(16_384)}\r\nab\r\n0\r\n\r\n`,
  "extensions past the limit": `${head("Transfer-Encoding: chunked")}2;${"e".repeat(16_385)}\r\nab\r\n0\r\n\r\n`,
  "extension values past the limit": `${head("Transfer-Encoding: chunked")}2;a=${"e".repeat(16_385)}\r\nab\r\n0\r\n\r\n`,
  "many small extensions": `${head("Transfer-Encoding: chunked")}2${";ab=cd".repeat(5000)}\r\nab\r\n0\r\n\r\n`,
  "extensions of many chunks": `${head("Transfer-Encoding: chunked")}${`1;${"e".repeat(9000)}\r\nx\r\n`.repeat(20)}0\r\n\r\n`,
  "endless headers": head(...many(4000, (i) => `X-${i}: y`)),
  "one endless header": head(`X: ${"y".repeat(20_000)}`),
  "an endless address": `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  "endless trailers": `${head("Transfer-Encoding: chunked")}0\r\n${many(4000, (i) => `X-${i}: y\r\n`).join("")}\r\n`,
  "more headers than are counted": head("Content-Length: 0", ...many(1500, (i) => `X${i}: y`)),
  "a zero byte in a name": head("X\0: y"),
  "a zero byte in a value": head("X: a\0b"),
  "no host": "GET / HTTP/1.1\r\n\r\n",
  "two hosts": "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  "an unknown method": "HACK / HTTP/1.1\r\nHost: a\r\n\r\n",
  "an unknown version": "GET / HTTP/1.3\r\nHost: a\r\n\r\n",
  "the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "something after the last message": `${head("Connection: close", "Content-Length: 0")}${SMUGGLED}`,
  "not HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01",
};

/** What a server may answer. */
const RESPONSES = {
  "length and chunks": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
  "two lengths": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nabcde",
  "bare line feeds": "HTTP/1.1 200 OK\nContent-Length: 2\n\nab",
  "a folded header": "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nab",
  "endless headers": `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(6000)}\r\n`,
  "endless extensions": `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;${"e".repeat(20_000)}\r\nab\r\n0\r\n\r\n`,
  "a second answer": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc",
  "less than it says": "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nab",
  "a status of four digits": "HTTP/1.1 2000 OK\r\n\r\n",
  "a zero byte in a value": "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
};

const attempt = (what, action) => {
  try {
    console.log(what, action() ?? "");
  } catch (error) {
    console.log(what, error.name, error.code, error.message);
  }
};

async function askServer(server) {
  for (const [what, text] of Object.entries(REQUESTS)) {
    console.log(`-- ${what}`);
    const closed = new Promise((resolve) => {
      server.once("connection", (peer) => peer.once("close", resolve));
    });
    const socket = net.connect(server.address().port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => {});
    socket.end(text, "latin1");
    await Promise.all([closed, once(socket, "close")]);
    await turn();
    console.log(JSON.stringify(answer.split("\r\n").filter((line) => /^HTTP|^Connection/.test(line))));
  }
}

async function answerClient() {
  for (const [what, text] of Object.entries(RESPONSES)) {
    console.log(`-- ${what}`);
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(text, "latin1"));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    await new Promise((resolve) => {
      const request = http.get({ port: server.address().port, host: "127.0.0.1", agent: false }, (response) => {
        let body = "";
        response.on("data", (data) => {
          body += data;
        });
        response.on("error", (error) => console.log("response", error.code));
        response.on("close", () => {
          console.log(response.statusCode, JSON.stringify(body), response.complete, response.rawHeaders.length);
          resolve();
        });
      });
      request.on("error", (error) => {
        console.log("request", error.code, error.reason, error.message);
        resolve();
      });
    });
    server.close();
  }
}

/** Peers that are slow, which the server's own timeouts end. */
async function beSlow() {
  const options = { headersTimeout: 60, requestTimeout: 120, connectionsCheckingInterval: 10, keepAliveTimeout: 50 };
  const server = http.createServer(options, (request, response) => {
    request.on("error", (error) => console.log("request", error.code));
    request.resume().on("end", () => response.end("ok"));
  });
  server.on("clientError", (error, socket) => {
    console.log("clientError", error.code);
    socket.end("HTTP/1.1 408 Late\r\nConnection: close\r\n\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  for (const text of ["", "GET / HTTP/1.1\r\nHost:", head("Content-Length: 10") + "a", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"]) {
    const socket = net.connect(server.address().port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("error", () => {});
    await once(socket, "close");
    console.log(JSON.stringify(text), answer.split("\r\n")[0]);
  }
  server.close();
}

async function main() {
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("error", (error) => console.log("request", error.code));
    request.on("end", () => {
      const { method, url, rawHeaders } = request;
      console.log(method, url.length, url.slice(0, 20), rawHeaders.length, JSON.stringify(body));
      response.end();
    });
  });
  server.on("clientError", (error, socket) => {
    console.log(error.code, error.reason, error.bytesParsed);
    const known = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413 };
    if (socket.writable) socket.end(`HTTP/1.1 ${known[error.code] ?? 400} No\r\nConnection: close\r\n\r\n`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  await askServer(server);
  server.removeAllListeners("clientError");
  console.log("== without a listener");
  await askServer(server);
  server.close();
  console.log("== answers");
  await answerClient();
  console.log("== slowness");
  await beSlow();
  console.log("== of its own making");
  const response = new http.ServerResponse({ method: "GET", httpVersionMajor: 1, httpVersionMinor: 1 });
  attempt("split value", () => response.setHeader("X", "a\r\nSet-Cookie: b"));
  attempt("split name", () => response.setHeader("X\r\nY", "a"));
  attempt("split status", () => response.writeHead(200, "OK\r\nX: y"));
  attempt("split trailer", () => response.addTrailers({ X: "a\r\nb" }));
  attempt("split path", () => http.request({ path: "/a b\r\nHost: evil" }));
  attempt("split method", () => http.request({ method: "GET\r\nX: y" }));
  attempt("split header of a request", () => http.request({ headers: { X: "a\nb" } }));
}

main();
