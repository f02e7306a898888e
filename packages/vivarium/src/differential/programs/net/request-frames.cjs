// Whose callbacks the library's frames are: stacks name the kind of request.
const { lookup } = require("node:dns");
const { once } = require("node:events");
const { connect, createServer } = require("node:net");
const { promisify } = require("node:util");

const innermost = ({ code, stack }) => console.log(code, stack.split("\n")[1]);

(async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await once(connect(port, "127.0.0.2"), "connect").catch(innermost);
  server.close();
  await once(connect("/tmp/no-such.sock"), "connect").catch(innermost);
  console.log(String(await promisify(lookup)("127.0.0.1").then(({ address }) => address)));
  const ends = createServer((socket) => socket.end("x")).listen(0, "127.0.0.1");
  await once(ends, "listening");
  const socket = connect(ends.address().port, "127.0.0.1");
  socket.on("error", innermost);
  await once(socket, "connect");
  socket.write("y", () => console.log("written", new Error().stack.split("\n")[2]));
  socket.end(() => console.log("shut", new Error().stack.split("\n")[2]));
  socket.resume();
  await once(socket, "close");
  ends.close();
})();
