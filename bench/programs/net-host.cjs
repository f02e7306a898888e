// The host's server for programs that call out: a short answer at /, a body of SIZE bytes at /big, a place for one at /sink.
// Prints its port.
const http = require("node:http");

const chunk = Buffer.alloc(256 * 1024, "x");

function big(response) {
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
}

function sink(request, response) {
  let size = 0;
  request.on("data", (data) => {
    size += data.length;
  });
  request.on("end", () => response.end(String(size)));
}

const server = http.createServer((request, response) => {
  if (request.url === "/big") big(response);
  else if (request.url === "/sink") sink(request, response);
  else response.end('{"hello":"world"}');
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
