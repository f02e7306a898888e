// Several connections at once: a server hears of one each round of its loop, so the first is served before the last has come.
const net = require("node:net");

const COUNT = 5;
let accepted = 0;
let firstWords = 0;
const server = net.createServer((socket) => {
  accepted += 1;
  socket.once("data", () => {
    firstWords ||= accepted;
    socket.end();
  });
});
server.listen(0, "127.0.0.1", () => {
  let open = COUNT;
  for (let i = 0; i < COUNT; i++) {
    const client = net.connect(server.address().port, "127.0.0.1", () => client.write("hello"));
    client.resume().on("close", () => {
      open -= 1;
      if (open > 0) return;
      console.log("accepted before the first spoke:", firstWords < COUNT ? "some" : "all");
      server.close();
    });
  }
});
