import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePool } from "./index.ts";
import { runGuest } from "./testing/run-guest.ts";

const bound = (socket: Socket, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, "127.0.0.1", () => resolve(socket.address().port));
  });

/** An answer to a DNS query: one address, or that it does not fit a datagram. */
function dnsAnswer(query: Buffer, address: string | undefined): Buffer {
  const head = Buffer.concat([
    query.subarray(0, 2),
    Buffer.from([address ? 0x81 : 0x83, 0x80, 0, 1, 0, address ? 1 : 0, 0, 0, 0, 0]),
  ]);
  const record = address
    ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]), Buffer.from(address.split(".").map(Number))]
    : [];
  return Buffer.concat([head, query.subarray(12), ...record]);
}

describe("datagrams that leave the sandbox", () => {
  const echo = createSocket("udp4");
  const stranger = createSocket("udp4");
  const names = createSocket("udp4");
  const longNames = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (framed) => {
      const reply = dnsAnswer(framed.subarray(2), "5.6.7.8");
      socket.end(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
    });
  });
  let echoPort = 0;
  let dnsPort = 0;
  beforeAll(async () => {
    echoPort = await bound(echo);
    await bound(stranger);
    dnsPort = await bound(names);
    await new Promise<void>((resolve) => longNames.listen(dnsPort, "127.0.0.1", resolve));
    echo.on("message", (data, { port, address }) => {
      // Somebody who was not written to answers first, on the same host.
      stranger.send("from a stranger", port, address, () => echo.send(`echo ${data}`, port, address));
    });
    names.on("message", (query, { port, address }) => {
      const isLong = query.includes("long");
      names.send(dnsAnswer(query, isLong ? undefined : "1.2.3.4"), port, address);
    });
  });
  afterAll(async () => {
    for (const socket of [echo, stranger, names]) socket.close();
    longNames.close();
    await closePool();
  });

  const allowing = (network: object) => ({ driver: { permissions: { network } }, compat: "full" }) as const;

  it("go to an address that a rule names, and only its answers come back", async () => {
    const program = `
      const socket = require("dgram").createSocket("udp4");
      socket.on("message", (data, { address, port, size }) => {
        console.log(String(data), address, port === ${echoPort}, size);
        socket.close();
      });
      socket.send("hello", ${echoPort}, "127.0.0.1", (error, bytes) => console.log("sent", error, bytes));`;
    const { stdout, stderr } = await runGuest(program, allowing({ connect: [`127.0.0.1:${echoPort}`] }));
    expect([stdout, stderr]).toEqual(["sent null 5\necho hello 127.0.0.1 true 10\n", ""]);
  });

  it("work on a connected socket, and by a name", async () => {
    const program = `
      const socket = require("dgram").createSocket("udp4");
      socket.on("message", (data) => { console.log(String(data)); socket.close(); });
      socket.connect(${echoPort}, "localhost", () => socket.send("connected"));`;
    const { stdout, stderr } = await runGuest(program, allowing({ connect: [`localhost:${echoPort}`] }));
    expect([stdout, stderr]).toEqual(["echo connected\n", ""]);
  });

  it("fail with EACCES and the reason elsewhere; what goes to a loopback where nobody is gets lost", async () => {
    const program = `
      const socket = require("dgram").createSocket("udp4");
      socket.send("x", 53, "8.8.8.8", (error) => {
        console.log(error.code, error.syscall, error.address, error.sandboxCode);
        socket.send("x", 53, "10.0.0.1", (blocked) => {
          console.log(blocked.code, blocked.sandboxCode);
          socket.send("x", ${echoPort}, "127.0.0.1", (lost, bytes) => { console.log(lost, bytes); socket.close(); });
        });
      });`;
    const { stdout, stderr } = await runGuest(program, allowing({ connect: ["*:1000", "10.0.0.0/9:9"] }));
    const denied = "EACCES send 8.8.8.8 ERR_SANDBOX_NETWORK_DENIED\nEACCES ERR_SANDBOX_NETWORK_DENIED\nnull 1\n";
    expect([stdout, stderr]).toEqual([denied, ""]);
  });

  it("reach a guest's socket from outside where a rule lends it an address of the host, and answer from there", async () => {
    const client = createSocket("udp4");
    const clientPort = await bound(client);
    const reserved = createSocket("udp4");
    const lent = await bound(reserved);
    await new Promise<void>((resolve) => {
      reserved.close(() => resolve());
    });
    const answered = new Promise((resolve) => {
      client.once("message", (data, { port }) => resolve([String(data), port]));
    });
    const program = `
      const socket = require("dgram").createSocket("udp4");
      socket.on("message", (data, { port, address }) => {
        console.log(String(data), address, port === ${clientPort});
        socket.send("answer", port, address, (error) => { console.log(error); socket.close(); });
      });
      socket.bind(${lent}, "127.0.0.1", () => console.log("bound"));`;
    let printed = "";
    const onStdio = ({ data }: { readonly data: Uint8Array }): void => {
      printed += Buffer.from(data).toString();
      if (printed === "bound\n") client.send("knock", lent, "127.0.0.1");
    };
    const rules = { listen: [`127.0.0.1:${lent}`], connect: [`127.0.0.1:${clientPort}`] };
    await runGuest(program, { ...allowing(rules), onStdio });
    expect(printed).toBe("bound\nknock 127.0.0.1 true\nnull\n");
    expect(await answered).toEqual(["answer", lent]);
    client.close();
  });

  it("ask a name server that a rule names, over TCP where the answer is too long", async () => {
    const program = `
      const { Resolver } = require("dns").promises;
      const resolver = new Resolver();
      resolver.setServers(["127.0.0.1:${dnsPort}"]);
      for (const name of ["short.test", "long.test", "other.example"])
        await resolver.resolve4(name).then(console.log, (error) => console.log(error.code, error.sandboxCode));`;
    const rules = { connect: [`127.0.0.1:${dnsPort}`], dns: ["*.test"] };
    const { stdout, stderr } = await runGuest(`(async () => {${program}})()`, allowing(rules));
    expect([stdout, stderr]).toEqual(["[ '1.2.3.4' ]\n[ '5.6.7.8' ]\nEACCES ERR_SANDBOX_NETWORK_DENIED\n", ""]);
  });

  it("are not asked about names that no rule allows, whoever the server is", async () => {
    const program = `
      const dns = require("dns").promises;
      console.log(dns.getServers());
      const own = new dns.Resolver();
      own.setServers(["9.9.9.9"]);
      for (const resolver of [dns, own])
        await resolver.resolveTxt("secret.example.com").catch((error) =>
          console.log(error.message, error.errno, error.code, error.syscall, error.hostname, error.sandboxCode));
      await dns.reverse("8.8.8.8").catch((error) => console.log(error.message, error.sandboxCode));`;
    const { stdout, stderr } = await runGuest(
      `(async () => {${program}})()`,
      allowing({ connect: [], dns: ["example.org"] }),
    );
    const denied =
      "queryTxt EACCES secret.example.com -13 EACCES queryTxt secret.example.com ERR_SANDBOX_NETWORK_DENIED\n";
    const reverse = "getHostByAddr EACCES 8.8.8.8 ERR_SANDBOX_NETWORK_DENIED\n";
    expect([stdout, stderr]).toEqual([`[ '127.0.0.1' ]\n${denied}${denied}${reverse}`, ""]);
  });

  it("are needless for a server of the program's own, which answers more questions than may be open at once", async () => {
    const program = `
      const server = require("dgram").createSocket("udp4");
      let asked = 0;
      server.on("message", (query, { port, address }) => {
        asked += 1;
        const answer = Buffer.concat([query, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, asked & 255])]);
        answer[2] = 0x81;
        answer[7] = 1;
        server.send(answer, port, address);
      });
      server.bind(0, "127.0.0.1", async () => {
        const resolver = new (require("dns").promises.Resolver)();
        resolver.setServers(["127.0.0.1:" + server.address().port]);
        const found = await Promise.all(Array.from({ length: 600 }, (_, i) => resolver.resolve4("n" + i + ".test")));
        console.log(found.length, asked, new Set(found.flat()).size);
        server.close();
      });`;
    const { stdout, stderr } = await runGuest(program, { compat: "full" });
    expect([stdout, stderr]).toEqual(["600 600 256\n", ""]);
  });
});
