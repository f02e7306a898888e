// Takes the big body of the server at PORT and sends it back there. Prints the milliseconds.
const http = require("node:http");

const server = { port: process.env.PORT, host: "127.0.0.1" };
const headers = { "content-length": process.env.SIZE };
const started = performance.now();
http.get({ ...server, path: "/big" }, (body) => {
  const request = http.request({ ...server, path: "/sink", method: "POST", headers }, async (response) => {
    const [said] = await response.toArray();
    if (String(said) !== process.env.SIZE) throw new Error(`${said} bytes`);
    console.log(performance.now() - started);
  });
  body.pipe(request);
});
