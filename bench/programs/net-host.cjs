// The host's server for programs that call out: a short answer at /, a body of SIZE bytes at /big. Prints its port.
const http = require("node:http");

const chunk = Buffer.alloc(256 * 1024, "x");

const server = http.createServer((request, response) => {
  if (request.url === "/") return response.end('{"hello":"world"}');
  let left = Number(process.env.SIZE);
  response.setHeader("content-length", left);
  const more = () => {
    while (left > 0) {
      const size = Math.min(left, chunk.length);
      left -= size;
      if (!response.write(chunk.subarray(0, size))) return void response.once("drain", more);
    }
    response.end();
  };
  more();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
