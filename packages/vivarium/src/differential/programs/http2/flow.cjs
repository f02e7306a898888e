// Much data through small windows: memory stays flat, in both directions and for files, and whoever stalls holds the
// other back.
"use strict";
const fs = require("node:fs");
const http2 = require("node:http2");
const os = require("node:os");
const path = require("node:path");
const { once } = require("node:events");
const { Readable, Writable, pipeline } = require("node:stream");

const MiB = 1024 * 1024;
const TOTAL = 32 * MiB;
const MOST = 24 * MiB;
const chunk = Buffer.alloc(256 * 1024, "f");

function* chunks() {
  for (let sent = 0; sent < TOTAL; sent += chunk.length) yield chunk;
}

let peak = 0;
const base = process.memoryUsage().arrayBuffers;
const measure = () => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - base));

function sink(tell) {
  let size = 0;
  return new Writable({
    write(bytes, _encoding, done) {
      size += bytes.length;
      measure();
      setImmediate(done);
    },
    final(done) {
      tell(size);
      done();
    },
  });
}

(async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "flow-")), "large");
  fs.writeFileSync(file, Buffer.alloc(8 * MiB, "g"));
  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    const where = headers[":path"];
    if (where === "/up") {
      pipeline(stream, sink((size) => {
        stream.respond({ "x-size": size });
        stream.end();
      }), () => {});
    } else if (where === "/down") {
      stream.respond();
      pipeline(Readable.from(chunks()), stream, () => {});
    } else if (where === "/file") stream.respondWithFile(file);
    else {
      stream.respond();
      let accepted = 0;
      const more = () => {
        while (stream.write(chunk)) accepted += chunk.length;
      };
      stream.on("drain", more);
      stream.on("error", () => {});
      stream.on("close", () => console.log("a stalled reader took at most 1 MiB:", accepted <= MiB));
      more();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = http2.connect(`http://127.0.0.1:${server.address().port}`);

  const up = client.request({ ":method": "POST", ":path": "/up" });
  pipeline(Readable.from(chunks()), up, () => {});
  const [answer] = await once(up, "response");
  console.log("up", answer["x-size"]);
  up.resume();

  for (const where of ["/down", "/file"]) {
    const request = client.request({ ":path": where });
    await new Promise((done) => pipeline(request, sink((size) => console.log(where, size)), done));
  }

  const stalled = client.request({ ":path": "/stall" });
  await once(stalled, "response");
  await new Promise((done) => setTimeout(done, 50));
  stalled.close(http2.constants.NGHTTP2_CANCEL);
  await once(stalled, "close");
  client.close();
  server.close();
  await once(server, "close");
  console.log("memory stayed flat:", peak < MOST);
})();
