// HTTP/2 over TLS: ALPN, fallback to HTTP/1.1, origins, many requests on one connection.
"use strict";
const { once } = require("node:events");
const http2 = require("node:http2");
const https = require("node:https");
const { ca, server: own } = require("./certificates.cjs");

const closed = (emitter) => new Promise((done) => emitter.once("close", done));
const text = async (stream) => {
  let all = "";
  for await (const chunk of stream.setEncoding("utf8")) all += chunk;
  return all;
};

(async () => {
  const server = http2.createSecureServer({ key: own.key, cert: own.cert, allowHTTP1: true, origins: ["https://a.example"] });
  server.on("request", (request, response) => {
    console.log(request.httpVersion, request.method, request.url, request.socket.encrypted);
    response.setHeader("x-protocol", request.httpVersion);
    response.end(`over ${request.stream?.session?.alpnProtocol ?? "http/1.1"}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const client = http2.connect(`https://localhost:${port}`, { ca: ca.cert, host: "127.0.0.1" });
  client.on("origin", (origins) => console.log("origin", origins));
  await once(client, "connect");
  console.log(client.alpnProtocol, client.encrypted, client.socket.authorized, client.originSet.length);
  const bodies = await Promise.all(
    Array.from({ length: 30 }, (_, i) => {
      const request = client.request({ ":path": `/${i}` });
      request.on("response", (headers) => i === 0 && console.log(headers[":status"], headers["x-protocol"]));
      return text(request);
    }),
  );
  console.log(new Set(bodies));
  client.close();
  await closed(client);
  const old = https.get({ port, host: "127.0.0.1", servername: "localhost", ca: ca.cert, agent: false });
  const [response] = await once(old, "response");
  console.log(response.httpVersion, await text(response));
  server.close();
  process.on("exit", (code) => console.log("exit", code));
})();
