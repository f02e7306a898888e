// Chunks of every kind gathered by cork(), more than a connection holds, to a reader that waits: all arrive, in order.
const net = require("node:net");
const { createHash } = require("node:crypto");

const ENCODINGS = ["utf8", "latin1", "utf16le", "hex", "base64", "ascii"];
const sent = createHash("sha256");
const received = createHash("sha256");
let size = 0;

/** One batch: text in every encoding and bytes between it, `scale` characters each. */
function batch(socket, scale, round) {
  socket.cork();
  for (const encoding of ENCODINGS) {
    const text = encoding === "hex" ? "0a".repeat(scale) : encoding === "base64" ? "YWJj".repeat(scale) : `é€${round}`.repeat(scale);
    socket.write(text, encoding);
    socket.write(Buffer.alloc(scale, round));
    sent.update(Buffer.from(text, encoding)).update(Buffer.alloc(scale, round));
  }
  socket.uncork();
}

const server = net.createServer((socket) => {
  for (let round = 0; round < 60; round++) batch(socket, round < 40 ? 3 : 1200, round);
  socket.end();
});
server.listen(0, "127.0.0.1", () => {
  const client = net.connect(server.address().port, "127.0.0.1");
  client.pause();
  client.on("data", (data) => {
    size += data.length;
    received.update(data);
  });
  client.on("end", () => {
    console.log(size, received.digest("hex") === sent.digest("hex"));
    server.close();
  });
  server.once("connection", () => setImmediate(() => client.resume()));
});
