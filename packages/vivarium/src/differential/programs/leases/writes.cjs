// Writes of all kinds and sizes to the server at PORT, which reads slowly and answers with what it made of them. Prints it.
const net = require("node:net");

/** Whatever is lost, doubled or out of order shows: no two writes are alike. */
function* writes() {
  for (let i = 0; i < 4000; i++) {
    if (i % 500 === 499) yield Buffer.alloc(700_000 + i, `big ${i} `);
    else if (i % 97 === 96) yield new Uint8Array(new SharedArrayBuffer(300)).fill(i);
    else if (i % 7 === 6) yield [Buffer.from(`[${i}`).toString("base64"), "base64"];
    else if (i % 5 === 4) yield [`\u20ac ${i}`, "utf16le"];
    else if (i % 3 === 2) yield [`\u00ff${i}`, "latin1"];
    else if (i % 2 === 1) yield new Uint8Array(30).fill(i);
    else yield [`text ${i} \u{1f600};`, "utf8"];
  }
}

function run(end, next) {
  const socket = net.connect(Number(process.env.PORT), "127.0.0.1", async () => {
    let i = 0;
    for (const write of writes()) {
      // Together, in one system call, or each on its own; now and then only when there is room, which corked there will not be.
      if (i % 40 === 0) socket.cork();
      const isTaken = Array.isArray(write) ? socket.write(...write) : socket.write(write);
      if (i % 40 === 9) socket.uncork();
      if (!isTaken && i % 3 === 0 && socket.writableCorked === 0) await new Promise((resolve) => (socket.writableNeedDrain ? socket.once("drain", resolve) : resolve()));
      i += 1;
    }
    socket.uncork();
    end(socket);
  });
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => (answer += text)).on("error", ({ code }) => console.log("error", code));
  socket.on("close", (hadError) => {
    console.log(socket.bytesWritten, answer, hadError);
    next?.();
  });
}

run((socket) => socket.end("the end"), () =>
  run((socket) => socket.write("the last", () => socket.destroy())),
);
