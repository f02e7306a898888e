// Sends a body of SIZE bytes to the server at PORT. Prints the milliseconds.
const http = require("node:http");

const chunk = Buffer.alloc(256 * 1024, "x");
const options = { port: process.env.PORT, host: "127.0.0.1", path: "/sink", method: "POST" };
const started = performance.now();
let left = Number(process.env.SIZE);
const request = http.request({ ...options, headers: { "content-length": left } }, async (response) => {
  const [said] = await response.toArray();
  if (String(said) !== process.env.SIZE) throw new Error(`${said} bytes`);
  console.log(performance.now() - started);
});
function more() {
  while (left > 0) {
    const size = Math.min(left, chunk.length);
    left -= size;
    if (!request.write(chunk.subarray(0, size))) return void request.once("drain", more);
  }
  request.end();
}
more();
