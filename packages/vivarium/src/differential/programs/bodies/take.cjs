// A server that takes big bodies, changes each piece and answers with what came, or with the body itself, until it has had
// COUNT of them.
const { createHash } = require("node:crypto");
const http = require("node:http");

let left = Number(process.env.COUNT);
const server = http.createServer((request, response) => {
  request.on("end", () => {
    left -= 1;
    if (left === 0) server.close();
  });
  if (request.url === "/echo") {
    request.pipe(response);
    return;
  }
  const hash = createHash("sha256");
  let size = 0;
  request.on("data", (piece) => {
    hash.update(piece);
    size += piece.length;
    piece.fill(0);
  });
  request.on("end", () => {
    response.end(`${request.url} ${size} ${hash.digest("hex")}`);
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("listening"));
