import { describe, expect, it } from "vitest";
import { ownAddresses, ownService } from "./own-names.ts";

const VERBATIM = 0;
const IPV4_FIRST = 1;
const IPV6_FIRST = 2;

describe("names of the machine itself", () => {
  it.each([
    ["localhost", 0, VERBATIM, ["::1", "127.0.0.1"]],
    ["LOCALHOST", 0, IPV4_FIRST, ["127.0.0.1", "::1"]],
    ["localhost", 0, IPV6_FIRST, ["::1", "127.0.0.1"]],
    ["localhost", 4, VERBATIM, ["127.0.0.1"]],
    ["localhost", 6, VERBATIM, ["::1"]],
    ["box", 0, VERBATIM, ["127.0.0.1"]],
    ["box", 6, VERBATIM, []],
    ["10.1.2.3", 0, VERBATIM, ["10.1.2.3"]],
  ] as const)("%s, family %i, order %i", (name, family, order, addresses) => {
    expect(ownAddresses(name, "box", family, order)).toEqual(addresses);
  });

  it("other names are not answered here", () => {
    expect(ownAddresses("example.com", "box", 0, VERBATIM)).toBeUndefined();
    expect(ownAddresses("localhost.example.com", "box", 0, VERBATIM)).toBeUndefined();
  });

  it("loopback addresses and ports have names, others do not", () => {
    expect(ownService("127.0.0.1", 80)).toEqual(["localhost", "http"]);
    expect(ownService("127.9.9.9", 12345)).toEqual(["localhost", "12345"]);
    expect(ownService("::1", 22)).toEqual(["ip6-localhost", "ssh"]);
    expect(ownService("::2", 22)).toBeUndefined();
    expect(ownService("8.8.8.8", 53)).toBeUndefined();
  });
});
