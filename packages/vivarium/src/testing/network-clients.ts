import { isIP } from "node:net";

interface Client {
  /**
   * Code that calls `tell(error)`, or `tell()` for a connection that came about. `host` is as a URL writes it, `bare` the
   * same without brackets.
   */
  readonly code: string;
  /** The standard hides from a program why it failed. */
  readonly hides?: true;
  /** What Node itself says where a name is given: this client takes addresses alone. */
  readonly ofNames?: string;
}

const heard = "() => tell()";
const seen = `.on("error", tell)`;
const bySocket = (url: string): Client => ({
  code: `const socket = new WebSocket(${url}); socket.onopen = ${heard}; socket.onerror = () => tell({ code: "hidden" });`,
  hides: true,
});
const byFetch = (url: string, init = "{}"): Client => ({
  code: `fetch(${url}, ${init}).then(${heard}, (error) => tell(error.cause ?? error));`,
});
const insecure = "rejectUnauthorized: false";

/** Every client of a guest's by which something could leave it. */
export const CLIENTS: Readonly<Record<string, Client>> = {
  fetch: byFetch("`http://${host}:${port}/`"),
  "fetch over TLS": byFetch("`https://${host}:${port}/`", `{ method: "POST", body: "x" }`),
  http: { code: `http.get({ host: bare, port }, ${heard})${seen};` },
  "http by URL": { code: `http.get(\`http://\${host}:\${port}/\`, ${heard})${seen};` },
  "http with an agent": {
    code: `http.get({ host: bare, port, agent: new http.Agent({ keepAlive: true }) }, ${heard})${seen};`,
  },
  "http upgrade": {
    code: `http.get({ host: bare, port, headers: { connection: "upgrade", upgrade: "x" } }).on("upgrade", ${heard})${seen};`,
  },
  "http CONNECT": {
    code: `http.request({ host: bare, port, method: "CONNECT", path: "a.test:443" }).on("connect", ${heard})${seen}.end();`,
  },
  https: { code: `https.get({ host: bare, port, ${insecure} }, ${heard})${seen};` },
  "https by URL": { code: `https.get(\`https://\${host}:\${port}/\`, { ${insecure} }, ${heard})${seen};` },
  http2: { code: `http2.connect(\`http://\${host}:\${port}\`, ${heard})${seen};` },
  "http2 over TLS": { code: `http2.connect(\`https://\${host}:\${port}\`, { ${insecure} }, ${heard})${seen};` },
  net: { code: `net.connect(port, bare, ${heard})${seen};` },
  "net with a look-up of its own": {
    code: `net.connect({ host: "public.example", port, lookup: (_n, _o, done) => done(null, [{ address: bare, family: net.isIPv6(bare) ? 6 : 4 }]) }, ${heard})${seen};`,
    ofNames: "ERR_INVALID_IP_ADDRESS undefined",
  },
  "net.Socket": { code: `new net.Socket().on("connect", ${heard})${seen}.connect({ host: bare, port });` },
  tls: { code: `tls.connect({ host: bare, port, ${insecure} }, ${heard})${seen};` },
  "tls over a socket": {
    code: `const socket = net.connect(port, bare, ${heard})${seen}; tls.connect({ socket, ${insecure} }).on("error", () => {});`,
  },
  WebSocket: bySocket("`ws://${host}:${port}/`"),
  "WebSocket over TLS": bySocket("`wss://${host}:${port}/`"),
  "dns server": {
    code: `const resolver = new dns.Resolver({ timeout: 200, tries: 1 });
      try {
        resolver.setServers([\`\${host}:\${port}\`]);
        resolver.resolve4("a.test", (error) => (error ? tell(error) : tell()));
      } catch (error) { tell(error); }`,
    ofNames: "ERR_INVALID_IP_ADDRESS undefined",
  },
};

/** A program that tries every client on every target, and prints a line for each. */
export const tryAll = (port: number, targets: readonly string[]): string => `
  const dns = require("dns"), http = require("http"), http2 = require("http2"), https = require("https");
  const net = require("net"), tls = require("tls"), port = ${port};
  const clients = {
    ${Object.entries(CLIENTS)
      .map(([name, { code }]) => `${JSON.stringify(name)}: (host, bare, tell) => { ${code} }`)
      .join(",\n")}
  };
  /** What a client said, or the first of the errors it tried. */
  const verdict = (error) => {
    const one = error instanceof AggregateError ? error.errors[0] : error;
    return one === undefined ? "REACHED" : one.code === "hidden" ? "refused" : one.code + " " + one.sandboxCode;
  };
  (async () => {
    for (const host of ${JSON.stringify(targets)}) {
      const bare = host.replace(/^\\[|\\]$/g, "");
      for (const [name, connect] of Object.entries(clients)) {
        const said = await new Promise((tell) => connect(host, bare, tell));
        console.log(name + " to " + host + ": " + verdict(said));
      }
    }
    process.exit();
  })();`;

/** What a client says of a target where the verdict on it is this one. */
export function expectedOf(name: string, host: string, verdict: string): string {
  const { hides, ofNames } = CLIENTS[name] as Client;
  const isAddress = isIP(host.replace(/^\[|\]$/g, "")) !== 0;
  const said = hides ? "refused" : ofNames !== undefined && !isAddress ? ofNames : verdict;
  return `${name} to ${host}: ${said}`;
}

/** The lines of `tryAll` where each target is refused with this verdict. */
export const expectedLines = (targets: readonly string[], verdict: string): readonly string[] =>
  targets.flatMap((host) => Object.keys(CLIENTS).map((name) => expectedOf(name, host, verdict)));
