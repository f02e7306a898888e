import { describe, expect, it } from "vitest";
import { compileNetworkRules } from "./policy.ts";

const policy = (...connect: readonly string[]) => compileNetworkRules({ connect, listen: [], dns: [] });
const code = (rules: readonly string[], hostname: string, address?: string) =>
  policy(...rules).connect(address === undefined ? { hostname, port: 80 } : { hostname, port: 80, address })
    .sandboxCode;

const BLOCKED = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "017700000001",
  "0177.1",
  "127.255.255.254",
  "127.0.0.1.",
  "\uff11\uff12\uff17.0.0.1",
  "[::1]",
  "::1",
  "0:0:0:0:0:0:0:1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "0.0.0.0",
  "0",
  "::",
  "10.0.0.1",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.1.1",
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "::ffff:a9fe:a9fe",
  "168.63.129.16",
  "100.100.100.200",
  "fd00:ec2::254",
  "fe80::1%eth0",
  "[fe80::1%25lo]",
  "fc00::1",
  "fdff::1",
  "fec0::1",
  "ff02::1",
  "224.0.0.1",
  "255.255.255.255",
  "240.0.0.1",
  "198.18.0.1",
  "192.0.2.1",
  "64:ff9b::7f00:1",
  "64:ff9b::10.0.0.1",
  "64:ff9b:1::1",
  "2002:7f00:1::",
  "2002:a00:1::1",
  "2001:0:53aa:64c::1",
  "::ffff:0:127.0.0.1",
  "2001:db8::1",
];

describe('addresses that "*" never includes', () => {
  it.each(BLOCKED)("%s", (address) => {
    expect(code(["*"], address)).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["*", "0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/7"], address)).toBe(
      "ERR_SANDBOX_ADDRESS_BLOCKED",
    );
  });

  it("a public address passes, so that the list above shows something", () => {
    for (const address of [
      "93.184.216.34",
      "1.1.1.1",
      "172.32.0.1",
      "100.128.0.1",
      "2606:4700::1111",
      "64:ff9b::1.1.1.1",
      "2002:101:101::",
    ])
      expect(code(["*"], address), address).toBeUndefined();
  });

  it("a name that is allowed does not carry the address it resolves to (DNS rebinding)", () => {
    for (const address of ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:10.0.0.5", "fd00:ec2::254"]) {
      expect(code(["api.example.com"], "api.example.com", address), address).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
      expect(code(["*.example.com"], "api.example.com", address), address).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    }
  });

  it("an address that is no address denies, whatever the name", () => {
    for (const address of ["", "localhost", "1.2.3.4.5", "api.example.com"])
      expect(code(["*"], "api.example.com", address), address).toBe("ERR_SANDBOX_NETWORK_DENIED");
  });
});

describe("naming a special address", () => {
  it("by itself, in any spelling of the request", () => {
    for (const address of ["10.0.0.5", "::ffff:10.0.0.5", "0x0a000005", "10.5"])
      expect(code(["10.0.0.5:80"], address)).toBeUndefined();
    expect(code(["10.0.0.5:80"], "db.internal", "10.0.0.5")).toBeUndefined();
    expect(code(["10.0.0.5:81"], "10.0.0.5")).toBe("ERR_SANDBOX_NETWORK_DENIED");
    expect(code(["10.0.0.5:81", "*"], "10.0.0.5")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["[::1]:80"], "::1")).toBeUndefined();
  });

  it("by a block inside the special one", () => {
    expect(code(["10.1.0.0/16"], "10.1.2.3")).toBeUndefined();
    expect(code(["127.0.0.0/8"], "127.9.9.9")).toBeUndefined();
    expect(code(["8.0.0.0/5"], "10.1.2.3")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
  });

  it("metadata services only by their very address", () => {
    expect(code(["169.254.0.0/16"], "169.254.1.1")).toBeUndefined();
    expect(code(["169.254.0.0/16"], "169.254.169.254")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["168.63.129.0/24"], "168.63.129.16")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["169.254.169.254:80"], "169.254.169.254")).toBeUndefined();
  });

  it("localhost names loopback for that name, and for nothing else", () => {
    expect(code(["localhost"], "localhost", "127.0.0.1")).toBeUndefined();
    expect(code(["localhost"], "LOCALHOST.", "::1")).toBeUndefined();
    expect(code(["localhost"], "localhost", "10.0.0.1")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["localhost", "*"], "evil.example", "127.0.0.1")).toBe("ERR_SANDBOX_ADDRESS_BLOCKED");
    expect(code(["localhost"], "127.0.0.1")).toBe("ERR_SANDBOX_NETWORK_DENIED");
  });
});

describe("hosts that are none", () => {
  it.each([
    "a.test@evil.example",
    "a.test#",
    "a.test/",
    "a.test?",
    "a.test\\",
    "a.test%00",
    "a.test\0.evil",
    "a.test\r\nHost: x",
    "a.test:80",
    "",
    " a.test",
  ])("%j is denied even under *", (hostname) => {
    expect(code(["*"], hostname, "93.184.216.34")).toBe("ERR_SANDBOX_NETWORK_DENIED");
  });

  it.each([-1, 65_536, 1.5, Number.NaN])("port %d is denied", (port) => {
    expect(policy("*").connect({ hostname: "a.test", port, address: "1.1.1.1" }).allowed).toBe(false);
  });
});
