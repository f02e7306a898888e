import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { closePool } from "../index.ts";
import { attack, outcomes } from "../testing/attack.ts";

const open: (Server | Socket | ChildProcess)[] = [];
afterEach(() => {
  for (const one of open.splice(0)) {
    if ("kill" in one) one.kill("SIGKILL");
    else if ("close" in one) one.close();
    else one.destroy();
  }
});
afterAll(closePool);

/** A server of the host's, by its port. */
async function serve(connected: (socket: Socket) => void, address = "127.0.0.1"): Promise<number> {
  const server = createServer((socket) => {
    open.push(socket);
    socket.on("error", () => undefined);
    connected(socket);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}

const allowing = (port: number) => ({ permissions: { network: { connect: [`127.0.0.1:${port}`] } } });
const patient = { cpuTimeMs: 10_000, wallTimeMs: 20_000, memoryMiB: 64 };
const TOLD = `const told = (error) => console.log(error.code, error.syscall, error.sandboxCode, error.cause?.code, error.cause?.message);`;

describe("limits of connections to the outside", () => {
  it("one that does not come about ends by limits.connectTimeMs", async () => {
    // A server that accepts nobody: what waits for it fills its queue, and then the system answers no more.
    const stuck = spawn(process.execPath, [
      "-e",
      `const s = require("net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
        require("fs").writeSync(1, String(s.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`,
    ]);
    open.push(stuck);
    const [said] = (await once(stuck.stdout, "data")) as [Buffer];
    const port = Number(String(said));
    for (let i = 0; i < 8; i++) open.push(connect(port, "127.0.0.1").on("error", () => undefined));
    const code = `${TOLD} require("net").connect(${port}, "127.0.0.1", () => console.log("in")).on("error", told);`;
    const limits = { ...patient, connectTimeMs: 300 };
    const { result, stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe(
      "ETIMEDOUT connect ERR_SANDBOX_BUDGET_EXCEEDED ERR_SANDBOX_BUDGET_EXCEEDED " +
        "limits.connectTimeMs of 300 milliseconds is reached; raise it with options.limits.connectTimeMs\n",
    );
  });

  it("one that is silent ends by limits.idleTimeMs, and its other end hears of it", async () => {
    const ended = Promise.withResolvers<string>();
    const port = await serve((socket) =>
      socket.on("error", (error) => ended.resolve(String(Reflect.get(error, "code")))),
    );
    const code = `${TOLD} require("net").connect(${port}, "127.0.0.1").on("error", told).on("close", () => console.log("closed"));`;
    const limits = { ...patient, idleTimeMs: 200 };
    const { result, stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    expect(stdout).toBe(
      "ETIMEDOUT read ERR_SANDBOX_BUDGET_EXCEEDED ERR_SANDBOX_BUDGET_EXCEEDED " +
        "limits.idleTimeMs of 200 milliseconds is reached; raise it with options.limits.idleTimeMs\nclosed\n",
    );
    expect(await ended.promise).toBe("ECONNRESET");
  });

  it("one that is used goes on past limits.idleTimeMs", async () => {
    const port = await serve((socket) => socket.pipe(socket));
    const code = `
      const socket = require("net").connect(${port}, "127.0.0.1");
      const began = Date.now();
      socket.on("data", () => setTimeout(() => (Date.now() - began < 2500 ? socket.write("x") : socket.end()), 20));
      socket.on("error", ({ code }) => console.log(code)).on("close", () => console.log("closed")).write("x");`;
    const limits = { ...patient, idleTimeMs: 1000 };
    const { stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(stdout).toBe("closed\n");
  });

  it.each([
    ["received", "socket.resume()", (socket: Socket) => flood(socket)],
    [
      "sent",
      "const more = () => { while (socket.write(Buffer.alloc(65536))); socket.once('drain', more); }; more()",
      (socket: Socket) => socket.resume(),
    ],
  ] as const)("bytes %s end by limits.networkBytes", async (_way, use, server) => {
    const port = await serve(server);
    const code = `${TOLD}
      const socket = require("net").connect(${port}, "127.0.0.1", () => { ${use}; }).on("error", ({ code, sandboxCode, cause }) => {
        console.log(code, sandboxCode, cause.message);
        console.log(socket.bytesRead + socket.bytesWritten <= 2 ** 22 + 65536);
        require("net").connect(${port}, "127.0.0.1", function () { this.write("more"); }).on("error", told);
      });`;
    const limits = { ...patient, networkBytes: 2 ** 22 };
    const { result, stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(result).toMatchObject(outcomes.exit(0));
    const cure = "limits.networkBytes of 4194304 bytes is reached; raise it with options.limits.networkBytes";
    const [first, within, second] = stdout.trimEnd().split("\n");
    expect([first, within]).toEqual([`ENOBUFS ERR_SANDBOX_BUDGET_EXCEEDED ${cure}`, "true"]);
    expect(second).toMatch(/^ENOBUFS (?:write|read) ERR_SANDBOX_BUDGET_EXCEEDED/);
  });

  /** A server of the host's that counts the bytes it hears. */
  const listener = async () => {
    let bytes = 0;
    const port = await serve((socket) =>
      socket.on("data", (data) => {
        bytes += data.length;
      }),
    );
    return { port, heard: () => bytes };
  };

  /**
   * Writes pieces without end, and says how that ended. Connections that were busy before hold more than is left then: it is
   * to come back.
   */
  const writing = (port: number, piece: string): string => `${TOLD}
      const { connect } = require("net");
      const busy = (left) => {
        let writes = 0;
        const socket = connect(${port}, "127.0.0.1", () => next());
        const next = () => {
          if (writes++ < 20) return socket.write("x", next);
          socket.unref();
          return left > 0 ? busy(left - 1) : flood();
        };
        socket.on("error", () => undefined);
      };
      const flood = () => {
        const socket = connect(${port}, "127.0.0.1", () => more()).on("error", told);
        const piece = ${piece};
        const more = () => { while (socket.write(piece)); socket.once("drain", more); };
      };
      busy(4);`;

  it("bytes of many writes, which need no syscall each, end by limits.networkBytes to the byte", async () => {
    const { port, heard } = await listener();
    const most = 20_000_000;
    const limits = { ...patient, networkBytes: most };
    const { stdout } = await attack(writing(port, "Buffer.alloc(1000)"), {
      compat: "full",
      driver: allowing(port),
      limits,
    });
    expect(stdout).toMatch(/^ENOBUFS (?:write|read) ERR_SANDBOX_BUDGET_EXCEEDED/);
    // The last of them are lost with the connection, which is broken off.
    expect(heard()).toBeLessThanOrEqual(most);
    expect(heard()).toBeGreaterThan(most / 2);
  });

  it("such writes end by limits.syscalls", async () => {
    const { port, heard } = await listener();
    const most = 8000;
    const limits = { ...patient, syscalls: most };
    const { result } = await attack(writing(port, '"x"'), { compat: "full", driver: allowing(port), limits });
    expect(result).toMatchObject({ error: { code: "ERR_SANDBOX_BUDGET_EXCEEDED" } });
    expect(heard()).toBeLessThanOrEqual(most);
    expect(heard()).toBeGreaterThan(most / 2);
  });

  it("one that is only written to goes on past limits.idleTimeMs", async () => {
    const port = await serve((socket) => socket.resume());
    const code = `
      const socket = require("net").connect(${port}, "127.0.0.1");
      const began = Date.now();
      const timer = setInterval(() => {
        socket.write("x");
        if (Date.now() - began < 2500) return;
        clearInterval(timer);
        socket.destroy();
      }, 20);
      socket.on("error", ({ code }) => console.log(code)).on("close", () => console.log("closed"));`;
    const limits = { ...patient, idleTimeMs: 1000 };
    const { stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(stdout).toBe("closed\n");
  });

  it("datagrams count as well: once the bytes are used up, none leaves", async () => {
    const { createSocket } = await import("node:dgram");
    const host = createSocket("udp4");
    let bytes = 0;
    host.on("message", (data) => {
      bytes += data.byteLength;
    });
    await new Promise<void>((resolve) => host.bind(0, "127.0.0.1", resolve));
    const { port } = host.address();
    const code = `${TOLD}
      const socket = require("dgram").createSocket("udp4");
      const data = Buffer.alloc(1000);
      const more = (error) => (error ? (told(error), socket.close()) : socket.send(data, ${port}, "127.0.0.1", more));
      more();`;
    const limits = { ...patient, networkBytes: 10_000 };
    const { stdout } = await attack(code, { compat: "full", driver: allowing(port), limits });
    expect(stdout).toMatch(/^ENOBUFS send ERR_SANDBOX_BUDGET_EXCEEDED/);
    expect(bytes).toBeLessThanOrEqual(10_000);
    host.close();
  });
});

/** Sends for as long as somebody reads. */
function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, "x");
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    socket.once("drain", more);
  };
  more();
}
