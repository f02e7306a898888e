import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { closePool, createNodeDriver, NodeRuntime } from "./index.ts";

/** A port nobody has: asked of the system, and given back. */
async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));

/** What the host is told that asks at this port. */
function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    socket.on("close", () => resolve(text));
  });
}

const GREETER = (port: number, host: string) => `
  const server = require("net").createServer((socket) => {
    socket.end("from " + socket.remoteAddress + " at " + socket.localAddress);
    server.close();
  });
  server.on("error", ({ code, syscall, port }) => console.log(code, syscall, port === ${port}));
  server.listen(${port}, ${JSON.stringify(host)}, () => tools.listening());`;

describe("permissions.network.listen", () => {
  afterAll(closePool);

  const serve = (listen: readonly string[]) => {
    const served = Promise.withResolvers<void>();
    let printed = "";
    const runtime = new NodeRuntime({
      driver: createNodeDriver({ permissions: { network: { listen } } }),
      bindings: { tools: { listening: () => served.resolve() } },
      compat: "full",
      onStdio: ({ data }) => {
        printed += new TextDecoder().decode(data);
      },
    });
    return { runtime, listening: served.promise, printed: () => printed };
  };

  it.each(["127.0.0.1", "0.0.0.0"])("a guest bound to %s is reached at the address a rule names", async (host) => {
    const port = await freePort();
    const { runtime, listening: ready } = serve([`127.0.0.1:${port}`]);
    await using _ = runtime;
    const ended = runtime.exec(GREETER(port, host));
    await ready;
    expect(await ask(port)).toBe("from 127.0.0.1 at 127.0.0.1");
    expect((await ended).code).toBe(0);
    expect(await ask(port)).toBe("ECONNREFUSED");
  });

  it("without a rule the host's port stays free, and the guest serves inside", async () => {
    const port = await freePort();
    const { runtime, listening: ready } = serve([`127.0.0.1:${port + 1}`]);
    await using _ = runtime;
    const ended = runtime.exec(GREETER(port, "0.0.0.0"));
    await ready;
    expect(await ask(port)).toBe("ECONNREFUSED");
    (await runtime.connect(port)).resume();
    expect((await ended).code).toBe(0);
  });

  it("a port that the host has given away is EADDRINUSE", async () => {
    const taken = await listening(createServer());
    const { port } = taken.address() as AddressInfo;
    const { runtime, printed } = serve([`127.0.0.1:${port}`]);
    await using _ = runtime;
    expect((await runtime.exec(GREETER(port, "127.0.0.1"))).code).toBe(0);
    expect(printed()).toBe("EADDRINUSE listen true\n");
    taken.close();
  });

  it("the end of a run gives the port back, connections open or not", async () => {
    const port = await freePort();
    const { runtime, listening: ready } = serve([`localhost:${port}`]);
    await using _ = runtime;
    const stop = new AbortController();
    const ended = runtime.exec(`require("net").createServer(() => {}).listen(${port}, () => tools.listening())`, {
      signal: stop.signal,
    });
    await ready;
    const open = ask(port);
    stop.abort();
    expect((await ended).outcome).toBe("aborted");
    await open;
    expect(await ask(port)).toBe("ECONNREFUSED");
  });
});
