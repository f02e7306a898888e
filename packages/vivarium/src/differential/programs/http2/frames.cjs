// What a server answers to frames that are wrong, odd or hostile: the frames it sends, the events it tells.
"use strict";
const http2 = require("node:http2");
const net = require("node:net");

const MAGIC = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
function frame(type, flags, id, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}
const hex = (text) => Buffer.from(text, "hex");
const headers = (id, flags, block) => frame(1, flags, id, hex(block));
const repeat = (count, make) => Array.from({ length: count }, (_, i) => make(i));
/** :method GET, :scheme http, :path /, :authority a */
const GET = "828684410161";
const END_STREAM = 1;
const END_HEADERS = 4;
const SETTINGS = frame(4, 0, 0);

function show(name, bytes) {
  for (let at = 0; bytes.length - at >= 9; ) {
    const length = bytes.readUIntBE(at, 3);
    const payload = bytes.subarray(at + 9, at + 9 + Math.min(length, 80));
    const [type, flags, id] = [bytes[at + 3], bytes[at + 4], bytes.readUInt32BE(at + 5)];
    // A response carries its date.
    const shown = type === 1 ? "headers" : payload.toString("latin1").replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
    console.log(`${name} < type ${type} flags ${flags} stream ${id} ${shown}`);
    at += 9 + length;
  }
}

/** Sends bytes to a server of its own; done when the server has closed the connection, or has answered a PING. */
function probe(name, frames, options = {}) {
  return new Promise((done) => {
    const events = [];
    const server = http2.createServer(options);
    server.on("session", (session) => {
      session.on("error", (error) => events.push(`session error ${error.code} ${error.message} ${error.errno}`));
      session.on("goaway", (...args) => events.push(`goaway ${args.map(String)}`));
      session.on("frameError", (...args) => events.push(`frameError ${args}`));
    });
    server.on("stream", (stream, fields) => {
      events.push(`stream ${stream.id} ${fields[":path"]}`);
      stream.on("error", (error) => events.push(`stream ${stream.id} error ${error.code} ${error.message}`));
      stream.on("close", () => events.push(`stream ${stream.id} close ${stream.rstCode}`));
      stream.on("trailers", (trailers) => events.push(`trailers ${JSON.stringify(trailers)}`));
      if (options.ignores) return;
      stream.resume();
      if (!options.isQuiet) {
        stream.respond();
        stream.end("x");
      }
    });
    server.listen(0, "127.0.0.1", () => {
      const client = net.connect(server.address().port, "127.0.0.1");
      const got = [];
      const finish = () => client.destroy();
      client.on("data", (bytes) => {
        got.push(bytes);
        if (Buffer.concat(got).includes(hex("0000080601000000006c6173746c617374"))) finish();
      });
      client.on("error", (error) => events.push(`client ${error.code}`));
      client.on("end", finish);
      client.on("close", () => {
        show(name, Buffer.concat(got));
        server.close(() => {
          for (const event of events) console.log(`${name} ${event}`);
          done();
        });
      });
      client.write(Buffer.concat([...frames, frame(6, 0, 0, Buffer.from("lastlast"))]));
    });
  });
}

(async () => {
  const start = [MAGIC, SETTINGS];
  const open = [...start, headers(1, END_HEADERS, GET)];
  await probe("no magic", [Buffer.from("GET / HTTP/1.1\r\n\r\n")]);
  await probe("no settings", [MAGIC, frame(6, 0, 0, Buffer.alloc(8))]);
  await probe("a request", [...start, headers(1, END_HEADERS | END_STREAM, GET)]);
  await probe("byte by byte", [...start, headers(1, END_HEADERS | END_STREAM, GET)].flatMap((bytes) => [...bytes].map((b) => Buffer.from([b]))));
  await probe("headers on stream 0", [...start, headers(0, 5, GET)]);
  await probe("headers on an even stream", [...start, headers(2, 5, GET)]);
  await probe("a frame too large", [...start, frame(0, 0, 1, Buffer.alloc(16385))]);
  await probe("data on an idle stream", [...start, frame(0, 0, 1, Buffer.alloc(5))]);
  await probe("window update of 0", [...start, frame(8, 0, 0, Buffer.alloc(4))]);
  await probe("window update beyond", [...start, frame(8, 0, 0, hex("7fffffff"))]);
  await probe("window update beyond on a stream", [...open, frame(8, 0, 1, hex("7fffffff"))], { isQuiet: true });
  await probe("a broken block", [...start, headers(1, 5, "ff")]);
  await probe("an index too high", [...start, headers(1, 5, "ff00ff7f")]);
  await probe("a padded string too long", [...start, headers(1, 5, `${GET}400161ffffffff0f`)]);
  await probe("a bad end of a string", [...start, headers(1, 5, `${GET}40016182f800`)]);
  await probe("ping acknowledged unasked", [...start, frame(6, 1, 0, Buffer.alloc(8))]);
  await probe("settings acknowledged twice", [...start, frame(4, 1, 0), frame(4, 1, 0)]);
  await probe("reset of an idle stream", [...start, frame(3, 0, 1, Buffer.alloc(4))]);
  await probe("continuation alone", [...start, frame(9, 4, 1, Buffer.alloc(4))]);
  await probe("continuation of another stream", [...start, headers(1, 1, "82"), frame(9, 4, 3, Buffer.alloc(4))]);
  await probe("a block in pieces", [...start, headers(1, 1, GET.slice(0, 8)), frame(9, 0, 1), frame(9, 4, 1, hex(GET.slice(8)))]);
  await probe("too many continuations", [...start, headers(1, 1, GET), ...repeat(9, () => frame(9, 0, 1))]);
  await probe("no path", [...start, headers(1, 5, "8286410161")]);
  await probe("upper case", [...start, headers(1, 5, `${GET}4001410161`)]);
  await probe("a bad character", [...start, headers(1, 5, `${GET}400161020a41`)], { isQuiet: true });
  await probe("a connection field", [...start, headers(1, 5, `${GET}400a636f6e6e656374696f6e05636c6f7365`)]);
  await probe("two paths", [...start, headers(1, 5, `${GET}84`)]);
  await probe("too little body", [...start, headers(1, 4, `${GET}5c0135`), frame(0, 1, 1, Buffer.alloc(3))], { isQuiet: true });
  await probe("too much body", [...start, headers(1, 4, `${GET}5c0131`), frame(0, 1, 1, Buffer.alloc(3))], { isQuiet: true });
  await probe("pseudo fields in trailers", [...open, headers(1, 5, "82")], { isQuiet: true });
  await probe("trailers", [...open, headers(1, 5, "4001610162")], { isQuiet: true });
  await probe("trailers that end nothing", [...open, headers(1, 4, "4001610162")], { isQuiet: true });
  await probe("headers after the end", [...start, headers(1, 5, GET), headers(1, 5, GET)], { isQuiet: true });
  await probe("padding", [...open, frame(0, 9, 1, hex("02aabb0000"))], { isQuiet: true });
  await probe("too much padding", [...open, frame(0, 8, 1, hex("05aa"))], { isQuiet: true });
  await probe("a ping too short", [...start, frame(6, 0, 0, Buffer.alloc(7))]);
  await probe("goaway with a code", [...start, frame(7, 0, 0, hex("0000000000000002686f"))]);
  await probe("an unknown frame", [...start, frame(77, 255, 1, Buffer.alloc(3)), headers(1, 5, GET)]);
  await probe("priorities", [...start, frame(2, 0, 1, hex("0000000310")), headers(1, 37, `8000000010${GET}`)]);
  await probe("dependence on itself", [...start, headers(1, 37, `0000000110${GET}`)]);
  for (const bad of ["000200000002", "000480000000", "000500000000", "000800000002", "000900000002"]) {
    await probe(`settings ${bad}`, [MAGIC, frame(4, 0, 0, hex(bad))]);
  }
  await probe("too many settings", [MAGIC, frame(4, 0, 0, Buffer.alloc(33 * 6))]);
  await probe("too many streams", [...open, headers(3, 4, GET), headers(5, 4, GET)], { settings: { maxConcurrentStreams: 1 }, isQuiet: true });
  await probe("smaller tables", [MAGIC, frame(4, 0, 0, hex("000100000000")), headers(1, 5, GET), headers(3, 5, GET)]);
  console.log("done");
})();
