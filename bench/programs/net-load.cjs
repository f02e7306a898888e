// Clients of the HTTP server at PORT, each on a connection that is kept and with one request under way at a time.
// Prints requests a second.
const net = require("node:net");

const CLIENTS = 16;
/** Answers, not a time: on a busy machine both sides are to be as warm when the counting begins. A server lives long. */
const WARM = 20_000;
const COUNTED = 20_000;
const REQUEST = "GET / HTTP/1.1\r\nHost: bench\r\nConnection: keep-alive\r\n\r\n";

let answers = 0;
let started = 0;

function count() {
  answers++;
  if (answers === WARM) started = performance.now();
  if (answers < WARM + COUNTED) return;
  console.log((COUNTED * 1000) / (performance.now() - started));
  process.exit();
}

function client() {
  const socket = net.connect({ port: Number(process.env.PORT), host: "127.0.0.1", noDelay: true });
  let size = 0;
  let received = 0;
  socket.on("connect", () => socket.write(REQUEST));
  socket.on("data", (data) => {
    if (size === 0) {
      const head = data.indexOf("\r\n\r\n");
      const length = /^content-length: (\d+)/im.exec(data.latin1Slice(0, head));
      if (head < 0 || !length) throw new Error(`no answer: ${data}`);
      size = head + 4 + Number(length[1]);
    }
    received += data.length;
    if (received < size) return;
    size = received = 0;
    count();
    socket.write(REQUEST);
  });
  socket.on("close", () => {
    throw new Error("the server closed a connection");
  });
}
for (let i = 0; i < CLIENTS; i++) client();
