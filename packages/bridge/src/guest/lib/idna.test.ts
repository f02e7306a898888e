import { domainToASCII, domainToUnicode } from "node:url";
import { describe, expect, it } from "vitest";
import { fakeRealm } from "../testing.ts";
import { idnaToAscii, idnaToUnicode } from "./idna.ts";

const realm = fakeRealm({ sys: { url: { domainToASCII, domainToUnicode } } as never });

describe("names of hosts", () => {
  it.each([
    ["ÄB.c", "xn--b-zfa.c"],
    ["AbC", "abc"],
    ["0x7f.1", "0x7f.1"],
    ["a|b.0,1", "a|b.0,1"],
    ["a..b.", "a..b."],
    ["xn--a", ""],
    ["", ""],
  ])("idnaToAscii(%j) is %j", (name, ascii) => {
    expect(idnaToAscii(realm, name)).toBe(ascii);
  });

  it.each([
    ["xn--b-zfa.C", "äb.C"],
    ["Ä.0x7f", "Ä.0x7f"],
    ["xn--a.b", ""],
  ])("idnaToUnicode(%j) is %j", (name, unicode) => {
    expect(idnaToUnicode(realm, name)).toBe(unicode);
  });
});
