import { beforeEach, describe, expect, it } from "vitest";
import { Streams } from "../streams.ts";
import { Loopback } from "./loopback.ts";

const CAPACITY = 64 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe("the network inside the sandbox", () => {
  let streams: Streams;
  let loopback: Loopback;
  beforeEach(() => {
    streams = new Streams();
    loopback = new Loopback(streams, 64);
  });

  /** A server at this address with room for waiting connections. -> socket, port */
  const serve = (address = "127.0.0.1", port = 0, backlog = 8): readonly [number, number] => {
    const bound = loopback.bind("tcp", address, port, false);
    loopback.listen(bound[0], backlog);
    return bound;
  };
  const connect = async (address = "127.0.0.1") => {
    const [socket, port] = serve(address);
    const accepted = loopback.accept(socket);
    const client = await loopback.dial("tcp", address, port, 0);
    return { client, server: await accepted, socket, port };
  };

  it("carries bytes both ways and tells each side its own addresses", async () => {
    const { client, server, port } = await connect();
    expect(client.remote).toEqual({ address: "127.0.0.1", port });
    expect(server).toMatchObject({ local: client.remote, remote: client.local });
    await streams.get(client.stream).write(bytes("ping"));
    expect(text(await streams.get(server.stream).read())).toBe("ping");
    await streams.get(server.stream).write(bytes("pong"));
    expect(text(await streams.get(client.stream).read())).toBe("pong");
  });

  it("gives a port of the ephemeral range where none is asked for", () => {
    const [, port] = serve();
    expect(port).toBeGreaterThanOrEqual(32_768);
    expect(port).toBeLessThanOrEqual(60_999);
  });

  it.each([
    ["0.0.0.0", "127.0.0.1"],
    ["::", "127.0.0.1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["127.0.0.1", "0.0.0.0"],
  ])("%s and %s share a port and cannot both have it", (first, second) => {
    const [, port] = serve(first);
    expect(() => serve(second, port)).toThrow("EADDRINUSE");
  });

  it("a socket for IPv6 only leaves the port to IPv4", () => {
    const [socket, port] = loopback.bind("tcp", "::", 0, true);
    loopback.listen(socket, 1);
    expect(loopback.isServed("tcp", "::1", port)).toBe(true);
    expect(loopback.isServed("tcp", "127.0.0.1", port)).toBe(false);
    expect(() => serve("127.0.0.1", port)).not.toThrow();
  });

  it("refuses itself what is tried at another of its own addresses than the one that serves the port", async () => {
    const [socket, port] = loopback.bind("tcp", "127.0.0.1", 0, false);
    expect(loopback.isInside("tcp", "::1", port)).toBe(false);
    loopback.listen(socket, 1);
    expect(loopback.isInside("tcp", "::1", port)).toBe(true);
    await expect(loopback.dial("tcp", "::1", port, 0)).rejects.toThrow("ECONNREFUSED");
    for (const [address, other] of [
      ["::1", port + 1],
      ["10.0.0.1", port],
      ["::ffff:10.0.0.1", port],
    ] as const)
      expect(loopback.isInside("tcp", address, other), address).toBe(false);
  });

  it("a server on every address shows IPv4 clients as mapped addresses", async () => {
    const [socket, port] = serve("::");
    const accepted = loopback.accept(socket);
    await loopback.dial("tcp", "127.0.0.1", port, 0);
    expect((await accepted).remote.address).toBe("::ffff:127.0.0.1");
  });

  it.each(["10.0.0.1", "8.8.8.8", "169.254.169.254", "fe80::1", "::ffff:10.0.0.1", "localhost", ""])(
    "%s is no address of the sandbox's own",
    (address) => {
      expect(() => loopback.bind("tcp", address, 0, false)).toThrow("EADDRNOTAVAIL");
      expect(loopback.isServed("tcp", address, 80)).toBe(false);
    },
  );

  it("refuses a connection nobody listens for", async () => {
    const [socket, port] = loopback.bind("tcp", "127.0.0.1", 0, false);
    await expect(loopback.dial("tcp", "127.0.0.1", port, 0)).rejects.toThrow("ECONNREFUSED");
    loopback.close(socket);
    await expect(loopback.dial("tcp", "127.0.0.1", port, 0)).rejects.toThrow("ECONNREFUSED");
  });

  it("holds no more than its capacity: the writer waits until the reader has taken some", async () => {
    const { client, server } = await connect();
    const near = streams.get(client.stream);
    expect(near.writeNow?.(new Uint8Array(2 * CAPACITY))).toBe(CAPACITY);
    let isWritten = false;
    const written = near.write(bytes("more")).then(() => {
      isWritten = true;
    });
    expect(near.writeNow?.(bytes("x"))).toBe(0);
    await Promise.resolve();
    expect(isWritten).toBe(false);
    expect((await streams.get(server.stream).read()).byteLength).toBe(CAPACITY);
    await written;
    expect(text(await streams.get(server.stream).read())).toBe("more");
  });

  it("an end arrives after the bytes before it, and the other direction goes on", async () => {
    const { client, server } = await connect();
    await streams.get(client.stream).write(bytes("last"));
    await streams.get(client.stream).shutdown();
    const far = streams.get(server.stream);
    expect(text(await far.read())).toBe("last");
    expect((await far.read()).byteLength).toBe(0);
    await far.write(bytes("answer"));
    expect(text(await streams.get(client.stream).read())).toBe("answer");
    await expect(streams.get(client.stream).write(bytes("x"))).rejects.toThrow("EPIPE");
  });

  it("a reset, or a close over bytes nobody read, fails the other end with ECONNRESET", async () => {
    const first = await connect();
    streams.reset(first.client.stream);
    await expect(streams.get(first.server.stream).read()).rejects.toThrow("ECONNRESET");
    const second = await connect();
    await streams.get(second.server.stream).write(bytes("unread"));
    streams.close(second.client.stream);
    await expect(streams.get(second.server.stream).read()).rejects.toThrow("ECONNRESET");
  });

  it("the first bytes to an end that is gone are lost, the next fail with EPIPE", async () => {
    const { client, server } = await connect();
    streams.close(server.stream);
    const near = streams.get(client.stream);
    await near.write(bytes("lost"));
    await expect(near.write(bytes("failed"))).rejects.toThrow("EPIPE");
  });

  it("what is under way when an end is closed fails with ECANCELED", async () => {
    const { client, socket } = await connect();
    const reading = streams.get(client.stream).read();
    streams.close(client.stream);
    await expect(reading).rejects.toThrow("ECANCELED");
    const accepting = loopback.accept(socket);
    loopback.close(socket);
    await expect(accepting).rejects.toThrow("ECANCELED");
  });

  it("past the backlog a connection waits for room", async () => {
    const [socket, port] = serve("127.0.0.1", 0, 0);
    await loopback.dial("tcp", "127.0.0.1", port, 0);
    let isConnected = false;
    const second = loopback.dial("tcp", "127.0.0.1", port, 0).then(() => {
      isConnected = true;
    });
    await Promise.resolve();
    expect(isConnected).toBe(false);
    await loopback.accept(socket);
    await second;
  });

  it("closing a server resets what waits to be accepted", async () => {
    const [socket, port] = serve();
    const { stream } = await loopback.dial("tcp", "127.0.0.1", port, 0);
    loopback.close(socket);
    await expect(streams.get(stream).read()).rejects.toThrow("ECONNRESET");
  });

  it("Unix domain sockets are found by path, and not by TCP", async () => {
    const [socket] = loopback.bind("pipe", "/tmp/a.sock", 0, false);
    loopback.listen(socket, 1);
    expect(() => loopback.bind("pipe", "/tmp/a.sock", 0, false)).toThrow("EADDRINUSE");
    expect(loopback.isServed("tcp", "/tmp/a.sock", 0)).toBe(false);
    const accepted = loopback.accept(socket);
    const { stream } = await loopback.dial("pipe", "/tmp/a.sock", 0, 0);
    await streams.get(stream).write(bytes("hi"));
    expect(text(await streams.get((await accepted).stream).read())).toBe("hi");
    expect(() => loopback.bind("pipe", `/${"x".repeat(108)}`, 0, false)).toThrow("EINVAL");
  });

  it("sockets are bounded, and closing makes room again", async () => {
    loopback = new Loopback(streams, 3);
    const { client, server } = await connect();
    expect(() => serve()).toThrow("EMFILE");
    streams.close(client.stream);
    streams.close(server.stream);
    expect(() => serve()).not.toThrow();
  });

  it("numbers nobody gave out fail with EBADF", () => {
    for (const id of [0, -1, 1, 2 ** 40]) {
      expect(() => loopback.listen(id, 1)).toThrow("EBADF");
      expect(() => loopback.close(id)).toThrow("EBADF");
      expect(() => streams.reset(id)).toThrow("EBADF");
    }
  });
});
