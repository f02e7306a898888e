import { describe, expect, it } from "vitest";
import { compilePermissions } from "../../permissions/index.ts";
import type { OutsideDatagrams, OutsideSocket, Received } from "../../syscalls/outside-datagrams.ts";
import { Datagrams } from "../loopback/datagrams.ts";
import { DatagramOutlet } from "./datagram-outlet.ts";
import { Sockets } from "./sockets.ts";

const authority = compilePermissions(
  { network: { connect: ["*"], listen: ["127.0.0.1:5000", "6000"], dns: [] } },
  () => ({
    allow: false,
  }),
);
const to = (hostname: string, port: number) =>
  authority.grantNetwork({ domain: "network", op: "connect", protocol: "udp", hostname, port });

/** Sockets of a host that only writes down what becomes of them. */
class Host implements OutsideDatagrams {
  readonly opened: { family: number; bound: string; got: (received: Received) => void; isOpen: boolean }[] = [];

  #make(family: number, bound: string, got: (received: Received) => void): OutsideSocket {
    const made = { family, bound, got, isOpen: true };
    this.opened.push(made);
    return {
      local: { address: bound, port: 1 },
      send: async () => undefined,
      close: () => {
        made.isOpen = false;
      },
    };
  }

  open(family: 4 | 6, got: (received: Received) => void): OutsideSocket {
    return this.#make(family, "any", got);
  }

  listen(granted: ReturnType<typeof to>, _options: object, got: (received: Received) => void): OutsideSocket {
    return this.#make(4, (granted.need as { hostname: string }).hostname, got);
  }

  dial(): OutsideSocket {
    return expect.fail("no question is asked");
  }
}

const from = (address: string, port: number) => ({ data: new Uint8Array([1]), from: { address, port } });

describe("what a datagram socket has outside", () => {
  it("hears only whom it was allowed to send to, address and port", async () => {
    const host = new Host();
    const heard: Received[] = [];
    const powers = { outside: host, sockets: new Sockets({ sockets: 8 }), grantListening: () => [] };
    const outlet = new DatagramOutlet(powers, (received) => heard.push(received));
    await outlet.send(to("9.9.9.9", 53), new Uint8Array(1));
    await outlet.send(to("::ffff:8.8.8.8", 53), new Uint8Array(1));
    const [socket] = host.opened;
    for (const sender of [from("9.9.9.9", 53), from("9.9.9.9", 54), from("9.9.9.8", 53), from("8.8.8.8", 53)])
      socket?.got(sender);
    expect(heard.map(({ from: { address, port } }) => [address, port])).toEqual([
      ["9.9.9.9", 53],
      ["8.8.8.8", 53],
    ]);
    expect(host.opened.length).toBe(1);
    outlet.close();
    expect(socket?.isOpen).toBe(false);
  });

  it("refuses what is no address, and port 0", async () => {
    const host = new Host();
    const outlet = new DatagramOutlet(
      { outside: host, sockets: new Sockets({ sockets: 8 }), grantListening: () => [] },
      () => undefined,
    );
    await expect(outlet.send(to("example.com", 53), new Uint8Array(1))).rejects.toThrow("EINVAL");
    await expect(outlet.send(to("9.9.9.9", 0), new Uint8Array(1))).rejects.toThrow("EINVAL");
    expect(host.opened).toEqual([]);
  });

  it("counts against the sockets of the run, and makes room when it is closed", async () => {
    const sockets = new Sockets({ sockets: 1 });
    const powers = { outside: new Host(), sockets, grantListening: () => [] };
    const first = new DatagramOutlet(powers, () => undefined);
    const second = new DatagramOutlet(powers, () => undefined);
    await first.send(to("9.9.9.9", 53), new Uint8Array(1));
    await expect(second.send(to("9.9.9.9", 53), new Uint8Array(1))).rejects.toMatchObject({
      code: "EMFILE",
      sandboxCode: "ERR_SANDBOX_BUDGET_EXCEEDED",
    });
    first.close();
    await second.send(to("9.9.9.9", 53), new Uint8Array(1));
    second.close();
    second.close();
    expect(() => sockets.take()).not.toThrow();
  });

  it("lends a socket the addresses its rules name, for ports that were asked for", () => {
    const host = new Host();
    const grantListening = (address: string, port: number) => authority.grantListening(address, port, "udp");
    const datagrams = new Datagrams(8, { outside: host, sockets: new Sockets({ sockets: 8 }), grantListening });
    datagrams.bind("0.0.0.0", 0, false, false);
    datagrams.bind("127.0.0.1", 4999, false, false);
    datagrams.bind("127.0.0.2", 5000, false, false);
    expect(host.opened).toEqual([]);
    const [first] = datagrams.bind("127.0.0.1", 5000, false, false);
    datagrams.bind("0.0.0.0", 6000, false, false);
    expect(host.opened.map(({ bound }) => bound)).toEqual(["127.0.0.1", "0.0.0.0"]);
    datagrams.close(first);
    expect(host.opened.map(({ isOpen }) => isOpen)).toEqual([false, true]);
    datagrams.closeAll();
    expect(host.opened.map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it("does not bind inside what the host refuses", () => {
    const refuse = (): never => {
      throw new Error("EADDRINUSE");
    };
    const grantListening = (address: string, port: number) => authority.grantListening(address, port, "udp");
    const outside = { open: refuse, listen: refuse, dial: refuse };
    const datagrams = new Datagrams(1, { outside, sockets: new Sockets({ sockets: 8 }), grantListening });
    expect(() => datagrams.bind("127.0.0.1", 5000, false, false)).toThrow("EADDRINUSE");
    expect(() => datagrams.bind("127.0.0.1", 5001, false, false)).not.toThrow();
  });
});
