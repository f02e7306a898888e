// Takes the big body of the server at PORT and counts it. Prints the milliseconds.
const http = require("node:http");

const started = performance.now();
http.get(`http://127.0.0.1:${process.env.PORT}/big`, (response) => {
  let size = 0;
  response.on("data", (data) => {
    size += data.length;
  });
  response.on("end", () => {
    if (size !== Number(process.env.SIZE)) throw new Error(`${size} bytes`);
    console.log(performance.now() - started);
  });
});
