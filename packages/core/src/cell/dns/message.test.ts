import { Buffer } from "node:buffer";
import * as codec from "dns-packet";
import { type Answer, encode, type Packet, type Question, TRUNCATED_RESPONSE } from "dns-packet";
import { describe, expect, it } from "vitest";
import { makeQuery, readReply } from "./message.ts";

const ID = 4711;
const A = 1;
const query = makeQuery(codec, ID, "example.org", A);
const question: Question = { type: "A", name: "example.org" };
const address: Answer = { type: "A", name: "example.org", ttl: 60, data: "93.184.216.34" };
const reply = (packet: Partial<Packet> = {}): Buffer =>
  encode({ type: "response", id: ID, questions: [question], answers: [address], ...packet });

describe("makeQuery()", () => {
  it("asks for one name and type, recursion desired, under its number", () => {
    const expected = encode({ type: "query", id: ID, flags: 0x100, questions: [question] });
    expect(Buffer.from(query.bytes)).toEqual(expected);
    expect(makeQuery(codec, 1, "example.org.", A).bytes).toEqual(makeQuery(codec, 1, "example.org", A).bytes);
    expect(Buffer.from(makeQuery(codec, 1, "", 255).bytes).subarray(12)).toEqual(Buffer.from([0, 0, 255, 0, 1]));
  });

  it.each(["a..b", `${"a".repeat(64)}.org`, "a b.org", "a\0.org", "é.org", `${"a.".repeat(127)}org`, "%", "a\\.b"])(
    "refuses the name %j",
    (name) => expect(() => makeQuery(codec, 1, name, A)).toThrow("EBADNAME"),
  );

  it.each([0, -1, 65_536])("refuses the type %d", (type) => {
    expect(() => makeQuery(codec, 1, "a", type)).toThrow("EINVAL");
  });
});

describe("readReply()", () => {
  it("reads records as their type, ttl, number of fields and fields", () => {
    const answers: Answer[] = [
      address,
      { type: "MX", name: "example.org", ttl: 5, data: { preference: 10, exchange: "mx.example.org" } },
      { type: "TXT", name: "example.org", ttl: 6, data: ["a", Buffer.from([255])] },
      { type: "HINFO", name: "example.org", ttl: 7, data: { cpu: "x", os: "y" } },
    ];
    const records = [1, 60, 1, "93.184.216.34", 15, 5, 2, 10, "mx.example.org", 16, 6, 2, "a", "\u00ff", 0, 0, 0];
    expect(readReply(codec, reply({ answers }), query)).toEqual({ truncated: false, code: 0, records });
  });

  it("tells the server's code, and that the answer was cut short", () => {
    expect(readReply(codec, reply({ flags: 3, answers: [] }), query)).toEqual({
      truncated: false,
      code: 3,
      records: [],
    });
    expect(readReply(codec, reply({ flags: TRUNCATED_RESPONSE, answers: [] }), query)).toMatchObject({
      truncated: true,
    });
  });

  it("takes names in any case for the same, as servers may answer them", () => {
    expect(readReply(codec, reply({ questions: [{ type: "A", name: "EXAMPLE.org" }] }), query)).toMatchObject({
      code: 0,
    });
  });

  it.each<[string, Partial<Packet>]>([
    ["another number", { id: ID + 1 }],
    ["another name", { questions: [{ type: "A", name: "example.com" }] }],
    ["another type", { questions: [{ type: "AAAA", name: "example.org" }] }],
    ["another class", { questions: [{ type: "A", name: "example.org", class: "CH" }] }],
  ])("leaves an answer to %s alone", (_what, packet) => {
    expect(readReply(codec, reply(packet), query)).toBe("foreign");
  });

  it.each<[string, Buffer]>([
    ["no question", reply({ questions: [] })],
    ["two questions", reply({ questions: [question, question] })],
    ["bytes missing", reply().subarray(0, -1)],
    ["only its number", reply().subarray(0, 2)],
  ])("says of an answer with %s that it is broken", (_what, message) => {
    expect(readReply(codec, message, query)).toBe("malformed");
  });

  it("never throws, whatever the length", () => {
    const whole = reply({ answers: [address, address], additionals: [address] });
    for (let length = 0; length < whole.byteLength; length++) {
      expect(readReply(codec, whole.subarray(0, length), query), `${length} bytes`).toBe(
        length < 2 ? "foreign" : "malformed",
      );
    }
    expect(readReply(codec, whole, query)).toMatchObject({ code: 0 });
  });

  it("never throws and never runs on, whichever byte is wrong", () => {
    const answers: Answer[] = [
      { type: "CNAME", name: "example.org", data: "other.example.org" },
      { type: "SOA", name: "example.org", data: { mname: "m.example.org", rname: "r.example.org", serial: 1 } },
      {
        type: "NAPTR",
        name: "a",
        data: { order: 1, preference: 2, flags: "s", services: "x", regexp: "", replacement: "b" },
      },
      { type: "CAA", name: "a", data: { tag: "issue", value: "ca" } },
      { type: "TLSA", name: "a", data: { usage: 1, selector: 1, matchingType: 1, certificate: Buffer.from("abc") } },
      { type: "TXT", name: "a", data: ["x", "y"] },
      address,
    ];
    const whole = reply({ answers, additionals: [{ type: "RRSIG", name: "a", data: rrsig }] });
    const seen = new Set<string>();
    for (let at = 2; at < whole.byteLength; at++) {
      for (const value of [0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xff]) {
        const broken = Buffer.from(whole);
        broken[at] = value;
        const reading = readReply(codec, broken, query);
        seen.add(typeof reading === "string" ? reading : "reply");
      }
    }
    expect([...seen].sort()).toEqual(["foreign", "malformed", "reply"]);
  });

  it("does not follow names that point at each other", () => {
    const pointer = (to: number): Buffer => Buffer.from([0xc0 | (to >> 8), to & 0xff]);
    const fixed = Buffer.from([0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);
    const head = Buffer.from(reply({ answers: [] }));
    head.writeUInt16BE(1, 6);
    const self = Buffer.concat([head, pointer(head.byteLength), fixed]);
    const forth = Buffer.concat([head, pointer(head.byteLength + 2), pointer(head.byteLength), fixed]);
    expect([readReply(codec, self, query), readReply(codec, forth, query)]).toEqual(["malformed", "malformed"]);
  });

  it("counts before it reads: a header alone costs nothing", () => {
    const empty = Buffer.from(reply({ answers: [] }));
    for (const section of [6, 8, 10]) {
      const claims = Buffer.from(empty);
      claims.writeUInt16BE(65_535, section);
      expect(readReply(codec, claims, query)).toBe("malformed");
    }
    const many = Buffer.concat([empty, Buffer.alloc(65_535 - empty.byteLength)]);
    many.writeUInt16BE(5000, 6);
    expect(readReply(codec, many, query)).toBe("malformed");
  });
});

const rrsig = {
  typeCovered: "A",
  algorithm: 1,
  labels: 1,
  originalTTL: 1,
  expiration: 1,
  inception: 1,
  keyTag: 1,
  signersName: "a",
  signature: Buffer.from("s"),
} as const;
