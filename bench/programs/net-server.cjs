// An HTTP server at PORT of a short answer. Says when it listens.
const http = require("node:http");

const server = http.createServer((request, response) => {
  response.setHeader("content-type", "text/plain");
  response.end("Hello, world\n");
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("up"));
