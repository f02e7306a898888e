import { isIP } from "node:net";
import { describe, expect, it } from "vitest";
import { formatIp, parseHost, parseIp } from "./ip.ts";

const plain = (text: string): string | undefined => {
  const ip = parseIp(text);
  return ip && formatIp(ip);
};

describe("parseHost()", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["127.0.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["0X7F.0.0.1", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["017700000001", "127.0.0.1"],
    ["0x7f.0.0.0x1", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["0", "0.0.0.0"],
    ["0x", "0.0.0.0"],
    ["\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127.0.0.1"],
    ["127\u30020\u30020\u30021", "127.0.0.1"],
    ["\u2460\u2461\u2466.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["::0001", "::1"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["[::FFFF:7F00:1]", "127.0.0.1"],
    ["0:0:0:0:0:ffff:127.0.0.1", "127.0.0.1"],
    ["fe80::1%eth0", "fe80::1"],
    ["[fe80::1%25eth0]", "fe80::1"],
    ["2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"],
    ["1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"],
    ["::", "::"],
  ])("reads the address %s", (text, expected) => {
    expect(plain(text)).toBe(expected);
    expect(isIP(expected)).not.toBe(0);
  });

  it.each([
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["b\u00fccher.example", "xn--bcher-kva.example"],
    ["EXAMPLE\u3002com", "example.com"],
    ["_srv.example.com", "_srv.example.com"],
    ["1.2.3.4.example.com", "1.2.3.4.example.com"],
    ["0x7f.1.x", "0x7f.1.x"],
  ])("reads the name %s", (text, name) => {
    expect(parseHost(text)).toEqual({ kind: "name", name });
  });

  it.each([
    "",
    ".",
    "..",
    "a..b",
    "256.1.1.1",
    "1.2.3.4.5",
    "1.2.3.256",
    "4294967296",
    "08.1.1.1",
    "0x7g.1",
    "example.1",
    "a b",
    "127.0.0.1 ",
    " 127.0.0.1",
    "127.0.0.1\n",
    "127.0.0.1\0",
    "%31%32%37.0.0.1",
    "a%2eb",
    "user@host",
    "host:80",
    "::1::",
    "1:2:3",
    ":::",
    "1:2:3:4:5:6:7:8:9",
    "::12345",
    "::1.2.3",
    "::01.2.3.4",
    "[127.0.0.1]",
    "[::1",
    "a/b",
    "a?b",
    "a#b",
    "a\\b",
    "x".repeat(64),
    `${"a.".repeat(130)}a`,
    "1:2:3:4:5:6:7::8",
  ])("refuses %j", (text) => {
    expect(parseHost(text)).toBeUndefined();
  });

  it("agrees with the WHATWG URL parser on numeric hosts", () => {
    const parts = ["0", "1", "127", "255", "256", "0x7f", "0X1", "017", "08", "4294967295"];
    let compared = 0;
    for (const a of parts)
      for (const b of parts)
        for (const text of [a, `${a}.${b}`, `${a}.${b}.1`, `1.${a}.2.${b}`]) {
          const url = `http://${text}/`;
          expect(plain(text), text).toBe(URL.canParse(url) ? new URL(url).hostname : undefined);
          compared++;
        }
    expect(compared).toBe(400);
  });

  it("agrees with the WHATWG URL parser on IPv6 spelling", () => {
    for (const text of [
      "1::",
      "::2",
      "1::2",
      "1:0:0:2::",
      "0:0:1::",
      "1:2:0:0:5:0:0:8",
      "a:b:c:d:e:f:0:0",
      "::1.2.3.4",
      "64:ff9b::1.2.3.4",
    ])
      expect(`[${plain(text)}]`, text).toBe(new URL(`http://[${text}]/`).hostname);
  });
});
