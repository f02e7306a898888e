// Connections to the server at PORT that end badly while they are written to. Each says what it heard, in order.
const net = require("node:net");

/** Longer than the server takes to do as it was told; the program hears of nothing meanwhile. */
const DEAF_MS = 200;

function deaf() {
  const until = Date.now() + DEAF_MS;
  while (Date.now() < until);
}

/** What is done with a socket whose other end has broken off, which nobody here has noticed. */
const ENDINGS = {
  write: (socket, told) => socket.write("late", told),
  "several writes": (socket, told) => {
    socket.write("one", told);
    socket.write(Buffer.alloc(10_000), told);
    socket.end("three", told);
  },
  "corked writes": (socket, told) => {
    socket.cork();
    socket.write("one", told);
    socket.write("two", told);
    socket.uncork();
  },
  "a big write": (socket, told) => socket.write(Buffer.alloc(5_000_000), told),
  end: (socket) => socket.end(),
  destroy: (socket) => socket.destroy(),
};

/** @param writes before it ends: few or many */
function run(name, writes, command) {
  return new Promise((resolve) => {
    const log = [];
    const socket = net.connect({ port: Number(process.env.PORT), host: "127.0.0.1", allowHalfOpen: true });
    for (const event of ["end", "finish"]) socket.on(event, () => log.push(event));
    socket.on("data", () => undefined);
    socket.on("error", ({ code, syscall }) => log.push(`error ${code} ${syscall}`));
    socket.on("close", (hadError) => {
      log.push(`close ${hadError}`);
      setImmediate(() => resolve(`${command}, ${writes} writes, ${name}: ${log.join(", ")}`));
    });
    const end = () => {
      deaf();
      ENDINGS[name](socket, (error) => log.push(`told ${error?.code ?? "fine"}`));
    };
    const next = (i) => (i < writes ? socket.write(".", () => next(i + 1)) : socket.write(command, end));
    socket.on("connect", () => next(0));
  });
}

(async () => {
  for (const command of ["reset", "close"])
    for (const name of Object.keys(ENDINGS))
      for (const writes of [0, 20]) console.log(await run(name, writes, command));
})();
