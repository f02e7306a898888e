"use strict";
// https between a server and clients of one program.
const https = require("node:https");
const { once } = require("node:events");
const { ca, server: own, client: clientKeys } = require("./certificates.cjs");

const trusting = { ca: ca.cert, servername: "localhost" };

const text = async (stream) => {
  let all = "";
  for await (const part of stream) all += part;
  return all;
};

async function get(options) {
  const request = https.get({ ...trusting, ...options });
  try {
    const [response] = await once(request, "response");
    const protocol = response.socket.getProtocol();
    return [response.statusCode, response.headers["x-path"], await text(response), protocol];
  } catch (error) {
    return [error.code, error.message];
  }
}

(async () => {
  const seen = [];
  const server = https.createServer({ cert: own.cert, key: own.key, requestCert: true, ca: ca.cert, rejectUnauthorized: false });
  server.on("request", async (request, response) => {
    const { authorized, encrypted } = request.socket;
    seen.push([request.method, request.url, authorized, encrypted, request.socket.getPeerCertificate().subject?.CN]);
    const body = await text(request);
    response.setHeader("x-path", request.url);
    response.end(`${body.length} bytes, ${request.headers.host === `localhost:${server.address().port}`}`);
  });
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address();
  console.log(await get({ port, path: "/plain" }));
  console.log(await get({ port, path: "/known", cert: clientKeys.cert, key: clientKeys.key }));
  console.log(await get({ port, path: "/untrusted", ca: [] }));
  console.log(await get({ port, path: "/name", servername: "elsewhere.test" }));
  console.log(await get({ port, path: "/so be it".replaceAll(" ", "%20"), ca: [], rejectUnauthorized: false }));

  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...trusting });
  const all = await Promise.all([1, 2, 3].map((n) => get({ port, path: `/${n}`, agent })));
  console.log(all, Object.keys(agent.freeSockets).length, agent.getName({ host: "localhost", port: 1, ca: "x" }));
  agent.destroy();

  const post = https.request({ port, path: "/post", method: "POST", ...trusting });
  const body = Buffer.alloc(300_000, "ab");
  post.end(body);
  const [response] = await once(post, "response");
  console.log(response.statusCode, await text(response));

  const response2 = await fetch(`https://localhost:${port}/`).catch((error) => [error.message, error.cause.code]);
  console.log(response2);
  console.log(seen);
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  console.log("done");
})();
