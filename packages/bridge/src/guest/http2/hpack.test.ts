import { describe, expect, it } from "vitest";
import { FieldDecoder } from "./hpack-decoder.ts";
import { FieldEncoder } from "./hpack-encoder.ts";
import type { Field } from "./hpack-table.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (block: Uint8Array): string => Buffer.from(block).toString("hex");
const field = (name: string, value: string): Field => ({ name, value, sensitive: false });

function decode(decoder: FieldDecoder, ...parts: readonly Uint8Array[]): string[] | undefined {
  const fields: string[] = [];
  for (const [i, part] of parts.entries()) {
    const isWell = decoder.decode(part, i === parts.length - 1, ({ name, value, sensitive }) => {
      fields.push(`${name}: ${value}${sensitive ? " (sensitive)" : ""}`);
    });
    if (!isWell) return undefined;
  }
  return fields;
}

/** RFC 7541 appendix C.4 and C.6: three requests, three responses with evictions, in Huffman's code. */
const REQUESTS = [
  ["828684418cf1e3c2e5f23a6ba0ab90f4ff", ["GET", "http", "/", "www.example.com"], []],
  ["828684be5886a8eb10649cbf", ["GET", "http", "/", "www.example.com"], [["cache-control", "no-cache"]]],
  [
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ["GET", "https", "/index.html", "www.example.com"],
    [["custom-key", "custom-value"]],
  ],
] as const;

describe("HPACK", () => {
  it("reads and writes the requests of RFC 7541 appendix C.4", () => {
    const encoder = new FieldEncoder(4096);
    const decoder = new FieldDecoder();
    for (const [block, [method, scheme, path, authority], more] of REQUESTS) {
      const fields = [
        field(":method", method),
        field(":scheme", scheme),
        field(":path", path),
        field(":authority", authority),
        ...more.map(([name, value]) => field(name, value)),
      ];
      expect(hex(encoder.encode(fields))).toBe(block);
      expect(decode(decoder, bytes(block))).toEqual(fields.map(({ name, value }) => `${name}: ${value}`));
    }
    expect([encoder.tableSize, decoder.tableSize]).toEqual([164, 164]);
  });

  it("drops the oldest entries of a table that is full, as in appendix C.6", () => {
    const decoder = new FieldDecoder();
    decoder.resize(256);
    const limit = "3fe101";
    expect(
      decode(
        decoder,
        bytes(
          `${limit}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3`,
        ),
      ),
    ).toEqual([
      ":status: 302",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:21 GMT",
      "location: https://www.example.com",
    ]);
    expect(decoder.tableSize).toBe(222);
    expect(decode(decoder, bytes("4883640effc1c0bf"))?.[0]).toBe(":status: 307");
    const third =
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007";
    expect(decode(decoder, bytes(third))).toEqual([
      ":status: 200",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
      "location: https://www.example.com",
      "content-encoding: gzip",
      "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ]);
    expect(decoder.tableSize).toBe(215);
  });

  it("reads a block in pieces of any size", () => {
    const [block] = REQUESTS[2];
    for (let at = 1; at < block.length / 2; at++) {
      const decoder = new FieldDecoder();
      decode(decoder, bytes(REQUESTS[0][0]));
      decode(decoder, bytes(REQUESTS[1][0]));
      const whole = bytes(block);
      expect(decode(decoder, whole.slice(0, at), whole.slice(at))).toHaveLength(5);
    }
  });

  it("keeps what is sensitive out of every table", () => {
    const encoder = new FieldEncoder(4096);
    const block = encoder.encode([{ name: "x-secret", value: "s", sensitive: true }, field("authorization", "b")]);
    expect(encoder.tableSize).toBe(0);
    expect(decode(new FieldDecoder(), block)).toEqual(["x-secret: s (sensitive)", "authorization: b (sensitive)"]);
  });

  it("round-trips every character, and tells of smaller tables", () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    const encoder = new FieldEncoder(4096);
    encoder.resize(0);
    encoder.resize(100);
    const block = encoder.encode([field("x-all", all), field("x-all", all)]);
    expect(hex(block)).toMatch(/^203f45/);
    expect(decode(new FieldDecoder(), block)).toEqual([`x-all: ${all}`, `x-all: ${all}`]);
  });

  it.each([
    ["the index 0", "80"],
    ["an index nobody gave", "ff00"],
    ["a number that does not end", "ffffffffffffffff7f"],
    ["a name that is not there whole", "400561"],
    ["a limit above what was allowed", "3fe21f"],
    ["a limit after a field", "8220"],
    ["padding of zeros in Huffman's code", "4001618100"],
    ["the end symbol in Huffman's code", "40016184ffffffff"],
    ["a byte of padding in Huffman's code", "400161821fff"],
    ["a text longer than is taken", "4001617f8280ff7f"],
  ])("refuses %s, and everything after it", (_what, block) => {
    const decoder = new FieldDecoder();
    expect(decode(decoder, bytes(block))).toBeUndefined();
    expect(decode(decoder, bytes("82"))).toBeUndefined();
  });

  it("insists on the limit it asked for", () => {
    const decoder = new FieldDecoder();
    decoder.resize(0);
    expect(decode(decoder, bytes("2082"))).toEqual([":method: GET"]);
    decoder.resize(4096);
    expect(decode(decoder, bytes("82"))).toEqual([":method: GET"]);
    const other = new FieldDecoder();
    other.resize(0);
    expect(decode(other, bytes("82"))).toBeUndefined();
  });
});
