import { BlockList as NativeList } from "node:net";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "../lib/ip-address.ts";
import { installed } from "../testing.ts";
import { install } from "./block-list.ts";

type Handle = Record<string, (...args: unknown[]) => unknown>;
const { BlockList, SocketAddress } = installed<{
  BlockList: new () => Handle;
  SocketAddress: new (address: string, port: number, family: number, flow: number) => Handle;
}>(install, undefined, { AF_INET: 2, AF_INET6: 10 });
const at = (address: string) => new SocketAddress(address, 0, address.includes(":") ? 10 : 2, 0);
const familyOf = (address: string) => (address.includes(":") ? "ipv6" : "ipv4");

describe("BlockList", () => {
  const ours = new BlockList();
  const native = new NativeList();
  for (const address of ["1.2.3.4", "::1", "::ffff:9.9.9.9"]) {
    ours.addAddress?.(at(address));
    native.addAddress(address, familyOf(address));
  }
  for (const [from, to] of [
    ["10.0.0.1", "10.0.0.9"],
    ["fe80::1", "fe80::ff"],
  ] as const) {
    ours.addRange?.(at(from), at(to));
    native.addRange(from, to, familyOf(from));
  }
  for (const [network, prefix] of [
    ["192.168.0.0", 16],
    ["2001:db8::", 33],
    ["::ffff:7.0.0.0", 104],
    ["172.16.0.0", 12],
  ] as const) {
    ours.addSubnet?.(at(network), prefix);
    native.addSubnet(network, prefix, familyOf(network));
  }

  it("lists its rules as Node does", () => expect(ours.getRules?.()).toEqual(native.rules));

  it("matches what Node matches, IPv4 mapped into IPv6 included", () => {
    const addresses = [
      "1.2.3.4",
      "1.2.3.5",
      "9.9.9.9",
      "10.0.0.0",
      "10.0.0.1",
      "10.0.0.9",
      "10.0.0.10",
      "192.168.255.1",
      "192.169.0.0",
      "7.1.2.3",
      "8.0.0.0",
      "172.31.1.1",
      "172.32.0.0",
    ];
    const all = [
      ...addresses,
      ...addresses.map((address) => `::ffff:${address}`),
      "::1",
      "::2",
      "fe80::10",
      "fe80::1:0",
      "2001:db8:1::",
      "2001:db8:8000::",
    ];
    for (const address of all) {
      expect(ours.check?.(at(address)), address).toBe(native.check(address, familyOf(address)));
    }
  });

  it("refuses a range that ends before it starts", () => {
    expect(new BlockList().addRange?.(at("10.0.0.9"), at("10.0.0.1"))).toBe(false);
  });
});

describe("addresses", () => {
  it("are written as inet_ntop writes them", () => {
    const pairs = [
      ["::", "::"],
      ["1::", "1::"],
      ["0:0:1::", "0:0:1::"],
      ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
      ["::ffff:1.2.3.4", "::ffff:1.2.3.4"],
      ["::1.2.3.4", "::1.2.3.4"],
      ["fe80::1%eth0", "fe80::1"],
      ["1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"],
    ] as const;
    for (const [text, written] of pairs) expect(formatAddress(parseAddress(text, true) as number[])).toBe(written);
  });

  it("are refused as inet_pton refuses them", () => {
    for (const text of ["1.2.3", "01.2.3.4", "256.1.1.1", "1.2.3.4.5", "", "a.b.c.d"])
      expect(parseAddress(text, false)).toBeUndefined();
    for (const text of [":", "1:2", ":::", "1::2::3", "12345::", "::1.2.3", "g::"])
      expect(parseAddress(text, true)).toBeUndefined();
  });
});
