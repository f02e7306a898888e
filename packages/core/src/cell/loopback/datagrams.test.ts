import { describe, expect, it } from "vitest";
import { Sockets } from "../outside/sockets.ts";
import { Datagrams } from "./datagrams.ts";

/** No socket of the host's is opened by any of this. */
const refuse = (): never => {
  throw new Error("a datagram left the sandbox");
};
const powers = {
  outside: { open: refuse, listen: refuse, dial: refuse },
  sockets: new Sockets({ sockets: 0 }),
  grantListening: () => [],
};
const make = (mostSockets: number): Datagrams => new Datagrams(mostSockets, powers);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const bind = (datagrams: Datagrams, address = "127.0.0.1", port = 0, isShared = false) =>
  datagrams.bind(address, port, false, isShared);

describe("UDP inside the sandbox", () => {
  it("delivers a datagram whole, in order, with its sender's address", async () => {
    const datagrams = make(8);
    const [sender, senderPort] = bind(datagrams);
    const [receiver, port] = bind(datagrams, "0.0.0.0");
    expect(datagrams.send(sender, "127.0.0.1", port, bytes("one"))).toBe(true);
    expect(datagrams.send(sender, "127.0.0.1", port, bytes("two"))).toBe(true);
    const from = { address: "127.0.0.1", port: senderPort };
    expect(await datagrams.receive(receiver)).toEqual({ data: bytes("one"), from });
    expect(await datagrams.receive(receiver)).toEqual({ data: bytes("two"), from });
    const later = datagrams.receive(receiver);
    datagrams.send(sender, "127.0.0.1", port, bytes("three"));
    expect((await later).data).toEqual(bytes("three"));
  });

  it("tells when nobody is there, and refuses addresses that are not the sandbox's own", () => {
    const datagrams = make(8);
    const [sender, port] = bind(datagrams);
    expect(datagrams.send(sender, "127.0.0.1", port === 40_000 ? 40_001 : 40_000, bytes("x"))).toBe(false);
    expect(datagrams.send(sender, "8.8.8.8", port, bytes("x"))).toBe(false);
    expect(() => bind(datagrams, "8.8.8.8")).toThrow("EADDRNOTAVAIL");
  });

  it("a port is one socket's unless both share it", () => {
    const datagrams = make(8);
    const [, port] = bind(datagrams);
    expect(() => bind(datagrams, "0.0.0.0", port)).toThrow("EADDRINUSE");
    const [, shared] = bind(datagrams, "0.0.0.0", 0, true);
    expect(() => bind(datagrams, "0.0.0.0", shared, true)).not.toThrow();
  });

  it("bounds what waits, what is sent at once, and the sockets", async () => {
    const datagrams = make(2);
    const [sender] = bind(datagrams);
    const [receiver, port] = bind(datagrams);
    expect(() => bind(datagrams)).toThrow("EMFILE");
    expect(() => datagrams.send(sender, "127.0.0.1", port, new Uint8Array(65_508))).toThrow("EMSGSIZE");
    for (let i = 0; i < 10; i++) datagrams.send(sender, "127.0.0.1", port, new Uint8Array(65_507).fill(i));
    const kept: number[] = [];
    for (let i = 0; i < 3; i++) kept.push((await datagrams.receive(receiver)).data[0] as number);
    expect(kept).toEqual([0, 1, 2]);
    const none = datagrams.receive(receiver);
    datagrams.close(receiver);
    await expect(none).rejects.toThrow("ECANCELED");
    expect(() => datagrams.close(receiver)).toThrow("EBADF");
  });

  it("sends to a group what its members on the port get, each once, and nobody else", async () => {
    const datagrams = make(8);
    const [sender, from] = bind(datagrams);
    const [first, port] = bind(datagrams, "0.0.0.0", 0, true);
    const [second] = bind(datagrams, "0.0.0.0", port, true);
    bind(datagrams, "0.0.0.0", port, true);
    expect(datagrams.send(sender, "224.0.0.114", port, bytes("early"))).toBe(false);
    for (const member of [first, second]) datagrams.setMembership(member, "224.0.0.114", true);
    expect(datagrams.send(sender, "224.0.0.114", port, bytes("all"))).toBe(true);
    expect(datagrams.send(sender, "224.0.0.115", port, bytes("others"))).toBe(false);
    for (const member of [first, second]) {
      expect(await datagrams.receive(member)).toEqual({
        data: bytes("all"),
        from: { address: "127.0.0.1", port: from },
      });
    }
    datagrams.setMembership(first, "224.0.0.114", false);
    datagrams.send(sender, "224.0.0.114", port, bytes("one left"));
    datagrams.send(sender, "127.0.0.1", port, bytes("to the last one bound"));
    expect((await datagrams.receive(second)).data).toEqual(bytes("one left"));
    expect(() => datagrams.setMembership(first, "224.0.0.114", false)).toThrow("EADDRNOTAVAIL");
    expect(() => datagrams.setMembership(second, "224.0.0.114", true)).toThrow("EADDRINUSE");
    expect(() => datagrams.setMembership(second, "127.0.0.1", true)).toThrow("EINVAL");
    for (let i = 0; i < 20; i++) datagrams.setMembership(first, `224.0.1.${i}`, true);
    expect(() => datagrams.setMembership(first, "224.0.1.20", true)).toThrow("ENOBUFS");
  });
});
