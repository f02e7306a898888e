import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "./index.ts";
import { runGuest } from "./testing/run-guest.ts";

/** A server of the host's: what a guest may reach only where a rule names it. */
const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

describe("connections that leave the sandbox", () => {
  let connections = 0;
  const echo = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  const web = createHttpServer((request, response) => {
    if (request.url === "/away") response.writeHead(302, { location: `http://10.1.2.3:${webPort}/` }).end();
    else request.pipe(response.writeHead(200, { "x-method": request.method ?? "" }));
  });
  let echoPort = 0;
  let webPort = 0;
  beforeAll(async () => {
    echoPort = await listening(echo);
    webPort = await listening(web);
  });
  afterAll(async () => {
    echo.close();
    web.close();
    web.closeAllConnections();
    await closePool();
  });

  const allowing = (...connect: readonly string[]) => ({ driver: { permissions: { network: { connect } } } });

  it("net speaks to a server that a rule names, both ways, to the end", async () => {
    const program = `
      const socket = require("net").connect(${echoPort}, "127.0.0.1", () => {
        console.log(socket.remoteAddress, socket.remotePort === ${echoPort}, socket.localAddress, socket.localPort > 0);
        socket.end(Buffer.alloc(300_000, "x"));
      });
      let bytes = 0;
      socket.on("data", (data) => { bytes += data.length; }).on("end", () => console.log("end", bytes));
      socket.on("close", (hadError) => console.log("close", hadError));`;
    const { stdout, stderr } = await runGuest(program, { ...allowing(`127.0.0.1:${echoPort}`), compat: "full" });
    expect([stdout, stderr]).toEqual(["127.0.0.1 true 127.0.0.1 true\nend 300000\nclose false\n", ""]);
  });

  it("fetch and http work in baseline, by address and by localhost", async () => {
    const program = `
      const response = await fetch("http://127.0.0.1:${webPort}/", { method: "POST", body: "fetched" });
      console.log(response.status, response.headers.get("x-method"), await response.text());
      const request = require("http").request({ host: "localhost", port: ${webPort}, method: "PUT" }, (answer) => {
        answer.setEncoding("utf8").on("data", (text) => console.log(answer.statusCode, text));
      });
      request.end("requested");`;
    const rules = allowing(`127.0.0.1:${webPort}`, `localhost:${webPort}`);
    const { stdout, stderr } = await runGuest(`(async () => {${program}})()`, rules);
    expect([stdout, stderr]).toEqual(["200 POST fetched\n200 requested\n", ""]);
  });

  it("baseline has http, https, dns and fetch under the permission; net, tls and http2 throw their own errors", async () => {
    const { server: own, ca } = createRequire(import.meta.url)("../../../fixtures/certificates.cjs");
    const secure = createHttpsServer({ key: own.key, cert: own.cert }, (request, response) =>
      response.end(request.url),
    );
    const securePort = await listening(secure);
    const program = `
      const http = require("http"), https = require("https"), dns = require("dns").promises;
      const net = require("net"), tls = require("tls"), http2 = require("http2");
      const ca = ${JSON.stringify(ca.cert)};
      const text = async (response) => { let all = ""; for await (const part of response.setEncoding("utf8")) all += part; return all; };
      const get = (client, options) => new Promise((resolve, reject) => client.get(options, resolve).on("error", reject)).then(text);
      const tried = (run) => { try { run(); } catch ({ code, message }) { return code + " " + message; } };
      const said = (error) => { const { code, sandboxCode } = error.cause ?? error; return code + " " + sandboxCode; };
      (async () => {
        console.log(await get(http, { host: "127.0.0.1", port: ${webPort} }) === "", await get(https, { host: "127.0.0.1", port: ${securePort}, path: "/secure", ca, servername: "localhost" }));
        console.log((await fetch("http://127.0.0.1:${webPort}/")).status, (await dns.lookup("a.test")).address, await dns.resolve4("a.test"));
        console.log(await get(http, { host: "127.0.0.1", port: 1 }).catch(said));
        console.log(await get(https, { host: "127.0.0.1", port: 1 }).catch(said));
        console.log(await fetch("http://127.0.0.1:4000/").catch(said), "|", await dns.lookup("b.test").catch(said));
        console.log(tried(() => net.connect(${webPort}, "127.0.0.1")));
        console.log(tried(() => new net.Socket().connect(${webPort}, "127.0.0.1")));
        console.log(tried(() => net.createServer()));
        console.log(tried(() => tls.connect(${securePort}, "127.0.0.1")));
        console.log(tried(() => http2.connect("http://127.0.0.1:${webPort}")));
      })();`;
    const { stdout, stderr } = await runGuest(program, {
      driver: {
        network: { lookup: () => ["93.184.216.34"] },
        permissions: {
          network: { connect: [`127.0.0.1:${webPort}`, `127.0.0.1:${securePort}`], dns: ["a.test"] },
        },
      },
    });
    secure.close();
    secure.closeAllConnections();
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual([
      "true /secure",
      "200 93.184.216.34 [ '93.184.216.34' ]",
      "EACCES ERR_SANDBOX_NETWORK_DENIED",
      "EACCES ERR_SANDBOX_NETWORK_DENIED",
      "EACCES ERR_SANDBOX_NETWORK_DENIED | EACCES ERR_SANDBOX_NETWORK_DENIED",
      "ERR_SANDBOX_NET_UNSUPPORTED net.connect is not supported in sandbox",
      "ERR_SANDBOX_NET_UNSUPPORTED net.Socket.prototype.connect is not supported in sandbox",
      "ERR_SANDBOX_NET_UNSUPPORTED net.createServer is not supported in sandbox",
      "ERR_SANDBOX_TLS_UNSUPPORTED tls.connect is not supported in sandbox",
      "ERR_SANDBOX_HTTP2_UNSUPPORTED http2.connect is not supported in sandbox",
    ]);
  });

  it("a redirect is decided anew", async () => {
    const program = `fetch("http://127.0.0.1:${webPort}/away").catch(({ message, cause }) =>
      console.log(message, "|", cause.code, cause.sandboxCode, cause.address));`;
    const { stdout } = await runGuest(program, allowing(`127.0.0.1:${webPort}`, "*"));
    expect(stdout).toBe("fetch failed | EACCES ERR_SANDBOX_ADDRESS_BLOCKED 10.1.2.3\n");
  });

  it("a denied address is an EACCES error with the sandbox's code, and no connection reaches the server", async () => {
    const before = connections;
    const program = `
      const socket = require("net").connect(${echoPort}, "127.0.0.1");
      socket.on("error", (error) => console.log(error.message.split(" - ")[0], error.syscall, error.sandboxCode));
      require("dns").lookup("example.com", (error) => console.log(error.message, error.sandboxCode));`;
    const denied = await runGuest(program, { compat: "full" });
    expect(denied.stdout).toBe(
      `connect EACCES 127.0.0.1:${echoPort} connect ERR_SANDBOX_NETWORK_DENIED\n` +
        "getaddrinfo EACCES example.com ERR_SANDBOX_NETWORK_DENIED\n",
    );
    const blocked = await runGuest(program.split("\n").slice(0, 3).join("\n"), { ...allowing("*"), compat: "full" });
    expect(blocked.stdout).toContain("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(connections).toBe(before);
  });

  it("nobody there is ECONNREFUSED, and a connection broken off is ECONNRESET", async () => {
    const closed = createServer((socket) => socket.on("error", () => undefined).resetAndDestroy());
    const port = await listening(closed);
    const program = `
      const net = require("net");
      net.connect(${port}, "127.0.0.1").on("error", ({ code }) => console.log(code)).on("close", () =>
        console.log("closed"));`;
    const reset = await runGuest(program, { ...allowing(`127.0.0.1:${port}`), compat: "full" });
    expect(reset.stdout).toBe("ECONNRESET\nclosed\n");
    await new Promise((resolve) => closed.close(resolve));
    const refused = await runGuest(program, { ...allowing(`127.0.0.1:${port}`), compat: "full" });
    expect(refused.stdout).toBe("ECONNREFUSED\nclosed\n");
  });

  it("no more connections than limits.sockets are open at once, and a closed one makes room", async () => {
    const program = `
      const net = require("net");
      const open = () => new Promise((resolve) => {
        const socket = net.connect(${echoPort}, "127.0.0.1", () => resolve(socket)).on("error", resolve);
      });
      (async () => {
        const sockets = await Promise.all([open(), open(), open()]);
        const refused = sockets.filter((socket) => socket instanceof Error);
        console.log(refused.length, refused[0].code, refused[0].sandboxCode);
        for (const socket of sockets) if (socket.destroy) await new Promise((done) => socket.on("close", done).destroy());
        console.log((await open()).remotePort === ${echoPort});
        process.exit();
      })();`;
    const options = { ...allowing(`127.0.0.1:${echoPort}`), compat: "full", limits: { sockets: 2 } } as const;
    const { stdout, stderr } = await runGuest(program, options);
    expect([stdout, stderr]).toEqual(["1 EMFILE ERR_SANDBOX_BUDGET_EXCEEDED\ntrue\n", ""]);
  });
});
