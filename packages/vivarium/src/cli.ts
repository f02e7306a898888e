const OLDEST_NODE = 22;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  process.stderr.write(`vivarium needs Node ${OLDEST_NODE} or newer; this is ${process.version}\n`);
  process.exitCode = 1;
} else {
  // Loaded late, so that an older Node gets the line above and not a syntax error.
  const { main } = await import("./cli/main.ts");
  const code = await main(process.argv.slice(2));
  // A terminal that was read from would keep the process waiting for its next line.
  process.exit(code);
}

export {};
