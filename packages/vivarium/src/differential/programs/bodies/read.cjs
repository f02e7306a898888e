// Reads the big bodies of the server at PORT in many ways, and says what came.
const { createHash } = require("node:crypto");
const http = require("node:http");
const { Duplex } = require("node:stream");

const agent = new http.Agent({ keepAlive: true });
const hashOf = (pieces) => {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex").slice(0, 16);
};

/** What a reader does with each piece, and what it says of the response in the end. */
const READERS = {
  flowing: () => ({}),
  // A piece is the reader's own: what it does to it shows nowhere else.
  changing: (response, raw) => ({ each: (piece) => piece.fill(0), end: () => `socket ${hashOf(raw)}` }),
  pausing: (response) => ({
    each() {
      response.pause();
      setImmediate(() => response.resume());
    },
  }),
  detaching: () => ({ each: (piece) => structuredClone(piece.buffer, { transfer: [piece.buffer] }) }),
  leaving: (response) => {
    let left = 20;
    return { each: () => --left > 0 || response.destroy() };
  },
};

function read(path, name) {
  return new Promise((resolve) => {
    const raw = [];
    const told = [];
    const request = http.get({
      host: "127.0.0.1",
      port: process.env.PORT,
      path,
      agent: name === "changing" ? undefined : agent,
      insecureHTTPParser: path === "/both",
    });
    if (name === "changing") {
      // Copies would hide who shares memory with whom.
      request.on("socket", (socket) => socket.on("data", (data) => raw.push(data)));
    }
    request.on("error", (error) => told.push(`request ${error.code}`));
    // Which of the two ends first is a question of time.
    let open = 1;
    const closed = () => {
      open -= 1;
      if (open === 0) resolve(told.sort().join(", "));
    };
    request.on("close", closed);
    request.on("response", (response) => {
      open += 1;
      const hash = createHash("sha256");
      const reader = READERS[name](response, raw);
      let size = 0;
      response.on("data", (piece) => {
        hash.update(piece);
        size += piece.length;
        reader.each?.(piece);
      });
      response.on("error", (error) => told.push(`response ${error.code}`));
      response.on("end", () => told.push("end"));
      response.on("close", () => {
        const rest = name === "leaving" ? "" : ` ${size} ${hash.digest("hex").slice(0, 16)}`;
        told.push(`${response.complete ? "complete" : "incomplete"}${rest} ${reader.end?.() ?? ""}`);
        closed();
      });
    });
  });
}

/** A connection of the program's own, which uses one piece of memory again and again. */
function readReused() {
  const memory = Buffer.alloc(65_536);
  let left = 20;
  const connection = new Duplex({
    read() {
      if (left === 0) return;
      left -= 1;
      memory.fill(left);
      this.push(memory);
    },
    write(_data, _encoding, done) {
      this.push(`HTTP/1.1 200 OK\r\ncontent-length: ${20 * memory.length + 1}\r\n\r\n`);
      done();
    },
  });
  return new Promise((resolve) => {
    const pieces = [];
    http.get({ host: "nowhere", createConnection: () => connection }, (response) => {
      response.on("data", (piece) => {
        pieces.push(piece);
        if (pieces.length === 20) resolve(pieces.map((each) => each[0]).join());
      });
    });
  });
}

async function main() {
  const all = Object.keys(READERS);
  // How much a reader has had when a body turns out wrong is a question of time, unless it reads at once.
  const prompt = ["flowing", "detaching"];
  const paths = { "/length": all, "/chunked": all, "/closing": all, "/odd": all, "/both": all, "/short": prompt, "/long": prompt };
  for (const path of Object.keys(paths)) {
    for (const name of paths[path]) console.log(path, name, await read(path, name));
  }
  console.log("reused", await readReused());
  const response = await fetch(`http://127.0.0.1:${process.env.PORT}/length`);
  console.log("fetch", hashOf([Buffer.from(await response.arrayBuffer())]));
  agent.destroy();
}
main();
