// Sessions over loopback: the compat API, streams, push, trailers, settings, ping, goaway, files, aborts.
"use strict";
const fs = require("node:fs");
const http2 = require("node:http2");
const path = require("node:path");
const { once } = require("node:events");
const { duplexPair } = require("node:stream");

const plain = (headers) => {
  const { date, ...rest } = headers;
  return { ...rest, date: typeof date };
};
const listen = (server) => once(server.listen(0, "127.0.0.1"), "listening");
/** `once` would reject when an error comes first. */
const closed = (emitter) => new Promise((done) => emitter.once("close", done));
const dial = (server, options) => http2.connect(`http://127.0.0.1:${server.address().port}`, options);
const text = async (stream) => {
  let all = "";
  for await (const chunk of stream.setEncoding("utf8")) all += chunk;
  return all;
};

async function compat() {
  const server = http2.createServer(async (request, response) => {
    console.log(request.method, request.url, request.httpVersion, request.headers["x-list"], request.authority.length > 0);
    const body = await text(request);
    response.setHeader("x-size", body.length);
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.writeHead(201, "ignored", { "content-type": "text/plain" });
    response.write(`you said ${body.slice(0, 10)}`);
    response.addTrailers({ "x-sum": "done" });
    response.end("!");
  });
  await listen(server);
  const client = dial(server);
  const request = client.request({ ":method": "POST", ":path": "/compat?a=b", "x-list": ["one", "two"], cookie: ["c=1", "d=2"] });
  request.on("response", (headers, flags) => console.log("response", plain(headers), flags));
  request.on("trailers", (trailers, flags) => console.log("trailers", trailers, flags));
  request.end("x".repeat(200_000));
  console.log(await text(request), request.rstCode);
  client.close();
  await closed(client);
  server.close();
  await closed(server);
}

async function streams() {
  const server = http2.createServer({ settings: { maxConcurrentStreams: 50, customSettings: { 1244: 456 } } });
  server.on("session", (session) => {
    session.on("goaway", (code, id, data) => data && console.log("server got goaway", code, id, data.toString()));
    session.on("ping", (payload) => console.log("server got ping", payload.toString()));
  });
  server.on("stream", (stream, headers, flags) => {
    const where = headers[":path"];
    console.log("stream", stream.id, where, flags, stream.endAfterHeaders);
    if (where === "/push") {
      stream.pushStream({ ":path": "/pushed" }, (error, pushed, sent) => {
        console.log("pushing", error, sent[":path"], sent[":method"]);
        pushed.respond({ ":status": 200, "x-pushed": "yes" });
        pushed.end("pushed body");
      });
      stream.additionalHeaders({ ":status": 103, link: "</style.css>" });
      stream.respond({ ":status": 200 }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-end": "1" }));
      stream.end("body");
    } else if (where === "/abort") {
      stream.on("aborted", () => console.log("server saw abort"));
      stream.on("close", () => console.log("server closed", stream.rstCode));
      stream.on("error", (error) => console.log("server error", error.code));
      stream.respond();
      stream.write("partial");
    } else if (where === "/file") {
      stream.respondWithFile(__filename, { "content-type": "text/javascript" }, { offset: 3, length: 20 });
    } else if (where === "/fd") {
      const fd = fs.openSync(__filename);
      stream.on("close", () => fs.closeSync(fd));
      stream.respondWithFD(fd, { "x-fd": "1" }, { statCheck: (stat, sent) => void (sent["content-length"] = stat.size) });
    } else if (where === "/missing") {
      const onError = (error) => {
        stream.respond({ ":status": error.code === "ENOENT" ? 404 : 500 });
        stream.end();
      };
      stream.respondWithFile(path.join(__dirname, "no such file"), {}, { onError });
    } else if (where === "/refuse") {
      stream.on("error", (error) => console.log("server error", error.code));
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    } else stream.respond({ ":status": 204 }, { endStream: true });
  });
  await listen(server);
  const client = dial(server, { settings: { initialWindowSize: 1 << 20 }, remoteCustomSettings: [1244] });
  client.on("stream", async (pushed, headers) => {
    console.log("promised", headers[":path"], pushed.id);
    pushed.on("push", (response) => console.log("push response", response["x-pushed"]));
    console.log(await text(pushed));
  });
  const [remote] = await once(client, "remoteSettings");
  console.log(remote.maxConcurrentStreams, remote.customSettings, client.alpnProtocol, client.encrypted);
  client.ping(Buffer.from("pingpong"), (error, ms, payload) => console.log("ping", error, ms >= 0, payload.toString()));
  client.settings({ enablePush: true, maxFrameSize: 20000 }, (error, settings) => console.log(error, settings.maxFrameSize));

  const pushing = client.request({ ":path": "/push" });
  pushing.on("headers", (headers) => console.log("informational", headers[":status"], headers.link));
  pushing.on("trailers", (trailers) => console.log("trailers", trailers));
  console.log(await text(pushing));
  for (const where of ["/file", "/fd", "/missing", "/else"]) {
    const request = client.request({ ":path": where });
    request.on("response", (headers) => console.log(where, headers[":status"], headers["content-length"], headers["x-fd"]));
    console.log((await text(request)).slice(0, 30));
  }
  const aborted = client.request({ ":path": "/abort" });
  aborted.on("data", () => aborted.close(http2.constants.NGHTTP2_CANCEL));
  await closed(aborted);
  const refused = client.request({ ":path": "/refuse" });
  refused.on("error", (error) => console.log(error.code, error.message));
  await closed(refused);
  const controller = new AbortController();
  const signalled = client.request({ ":path": "/abort" }, { signal: controller.signal });
  signalled.on("error", (error) => console.log(error.name, error.code, signalled.rstCode));
  signalled.on("data", () => controller.abort());
  await closed(signalled);
  console.log(client.state.nextStreamID, client.state.lastProcStreamID, client.state.localWindowSize > 0);
  client.goaway(0, 0, Buffer.from("thanks"));
  client.close();
  await closed(client);
  server.close();
}

async function windows() {
  const server = http2.createServer({ settings: { initialWindowSize: 10 } });
  const total = 20_000;
  server.on("stream", (stream) => {
    let size = 0;
    stream.on("data", (chunk) => {
      size += chunk.length;
      stream.pause();
      setImmediate(() => stream.resume());
    });
    stream.on("end", () => {
      stream.respond({ ":status": 200, "x-size": size });
      stream.end(Buffer.alloc(total, "y"));
    });
  });
  await listen(server);
  const client = dial(server, { settings: { initialWindowSize: 16 } });
  const request = client.request({ ":method": "POST" });
  request.on("response", (headers) => console.log("windows", headers["x-size"]));
  request.end(Buffer.alloc(2000, "z"));
  console.log((await text(request)).length);
  client.destroy();
  await closed(client);
  server.close();
}

async function overStreams() {
  const [one, other] = duplexPair();
  const server = http2.createServer({ paddingStrategy: http2.constants.PADDING_STRATEGY_MAX });
  server.on("stream", (stream) => {
    stream.respond();
    stream.pipe(stream);
  });
  server.emit("connection", one);
  const client = http2.connect("http://pair", { createConnection: () => other });
  const requests = Array.from({ length: 20 }, (_, i) => {
    const request = client.request({ ":method": "PUT" });
    request.end(`${i}:`.repeat(1000));
    return text(request);
  });
  console.log((await Promise.all(requests)).map((body) => body.length).join());
  client.close();
}

async function errors() {
  const server = http2.createServer({ maxHeaderListPairs: 8 });
  server.on("stream", (stream) => stream.respond({ ":status": 200 }, { endStream: true }));
  await listen(server);
  const client = dial(server, { maxOutstandingPings: 2 });
  for (const headers of [{ ":path": 1, host: "x", ":bad": 1 }, { "connection": "close" }, { "a b": 1 }, { ":method": "CONNECT" }]) {
    try {
      client.request(headers);
    } catch (error) {
      console.log(error.name, error.code, error.message);
    }
  }
  const many = client.request(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x-${i}`, "1"])));
  many.on("error", (error) => console.log(error.code, error.message));
  await closed(many);
  for (let i = 0; i < 3; i++) console.log(client.ping((error) => console.log("ping", error && error.code)));
  const big = client.request({ "x-big": "x".repeat(70_000) });
  big.on("frameError", (type, code, id) => console.log("frame error", type, code, id));
  big.on("error", (error) => console.log(error.code, error.message));
  await closed(big);
  client.on("error", (error) => console.log("client", error.code, error.message));
  client.destroy(new Error("enough"));
  await closed(client);
  try {
    client.request();
  } catch (error) {
    console.log(error.code);
  }
  server.close();
}

(async () => {
  for (const part of [compat, streams, windows, overStreams, errors]) {
    console.log(`== ${part.name}`);
    await part();
  }
  process.on("exit", (code) => console.log("exit", code));
})();
