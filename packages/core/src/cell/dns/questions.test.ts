import { decode, encode } from "dns-packet";
import { describe, expect, it } from "vitest";
import { SyscallFailure } from "../../errors/failure.ts";
import { compilePermissions } from "../../permissions/index.ts";
import type { OutsideDatagrams, Received } from "../../syscalls/outside-datagrams.ts";
import { Datagrams } from "../loopback/datagrams.ts";
import { Sockets } from "../outside/sockets.ts";
import { Traffic } from "../outside/traffic.ts";
import { Questions } from "./questions.ts";
import { innerWire, outerWire, streamWire } from "./wire.ts";

const A = 1;
const LONG = 60_000;
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "answered",
    (failure: SyscallFailure) => failure.code,
  );
const nowhere: OutsideDatagrams = {
  open: () => expect.fail("left the sandbox"),
  listen: () => expect.fail("left the sandbox"),
  dial: () => expect.fail("left the sandbox"),
};
const inside = () =>
  new Datagrams(64, { outside: nowhere, sockets: new Sockets({ sockets: 0 }), grantListening: () => [] });

/** An answer to a query, from one address. */
const answerTo = (query: Uint8Array, data: string, change: { id?: number; name?: string } = {}): Buffer => {
  const { id = 0, questions = [] } = decode(Buffer.from(query));
  const asked = questions.map((question) => ({ ...question, name: change.name ?? question.name }));
  const answers = [{ type: "A", name: "example.org", data } as const];
  return encode({ type: "response", id: change.id ?? id, questions: asked, answers });
};

describe("questions to a server inside the sandbox", () => {
  it("takes the answer of the server it asked, with its number and its name, and no other", async () => {
    const datagrams = inside();
    const [server, port] = datagrams.bind("127.0.0.1", 0, false, false);
    const [other] = datagrams.bind("127.0.0.1", 0, false, false);
    const questions = new Questions(4);
    const asked = questions.ask(1, "example.org", A, LONG, () => innerWire(datagrams, "127.0.0.1", port, ""));
    const { data: query, from } = await datagrams.receive(server);
    const send = (socket: number, reply: Buffer) => datagrams.send(socket, from.address, from.port, reply);
    const { id = 0 } = decode(Buffer.from(query));
    send(other, answerTo(query, "6.6.6.1"));
    send(server, answerTo(query, "6.6.6.2", { id: (id + 1) & 0xffff }));
    send(server, answerTo(query, "6.6.6.3", { name: "evil.org" }));
    send(server, Buffer.alloc(0));
    send(server, answerTo(query, "1.2.3.4"));
    expect(await asked).toEqual({ truncated: false, code: 0, records: [1, 0, 1, "1.2.3.4"] });
  });

  it("numbers its queries at random and asks from a port of their own each", async () => {
    const datagrams = inside();
    const [server, port] = datagrams.bind("127.0.0.1", 0, false, false);
    const questions = new Questions(64);
    const ids = new Set<number>();
    const ports = new Set<number>();
    for (let number = 0; number < 16; number++) {
      const asked = questions.ask(number, "a.test", A, LONG, () => innerWire(datagrams, "127.0.0.1", port, ""));
      asked.catch(() => undefined);
      const { data, from } = await datagrams.receive(server);
      ids.add(Buffer.from(data).readUInt16BE(0));
      ports.add(from.port);
    }
    questions.cancelAll();
    expect(ids.size).toBeGreaterThan(12);
    expect(Math.max(...ids) - Math.min(...ids)).toBeGreaterThan(16);
    expect(ports.size).toBe(16);
  });

  it("fails with c-ares' names: nobody there, out of time, cancelled, broken", async () => {
    const datagrams = inside();
    const [silent, silentPort] = datagrams.bind("127.0.0.1", 0, false, false);
    const [server, port] = datagrams.bind("127.0.0.1", 0, false, false);
    const questions = new Questions(4);
    const ask = (number: number, to: number, ms = LONG) =>
      codeOf(questions.ask(number, "a.test", A, ms, () => innerWire(datagrams, "127.0.0.1", to, "")));
    expect(await ask(1, 53)).toBe("ECONNREFUSED");
    expect(await ask(1, silentPort, 1)).toBe("ETIMEOUT");
    const cancelled = ask(1, port);
    await datagrams.receive(server);
    questions.cancel(1);
    questions.cancel(99);
    expect(await cancelled).toBe("ECANCELLED");
    const broken = ask(1, port);
    const { data, from } = await datagrams.receive(server);
    datagrams.send(server, from.address, from.port, data.slice(0, 5));
    expect(await broken).toBe("EBADRESP");
    datagrams.close(silent);
    expect(await ask(1, port, 0)).toBe("EINVAL");
    expect(await codeOf(questions.ask(2, "a..b", A, 1, () => expect.fail("asked")))).toBe("EBADNAME");
  });

  it("bounds how many are open, refuses a number twice, and leaves nothing open", async () => {
    const datagrams = inside();
    const [, port] = datagrams.bind("127.0.0.1", 0, false, false);
    const questions = new Questions(2);
    const ask = (number: number) =>
      codeOf(questions.ask(number, "a.test", A, LONG, () => innerWire(datagrams, "127.0.0.1", port, "")));
    const first = ask(1);
    expect(await ask(1)).toBe("EEXIST");
    const second = ask(2);
    expect(await ask(3)).toBe("EMFILE");
    questions.cancelAll();
    expect(await Promise.all([first, second])).toEqual(["ECANCELLED", "ECANCELLED"]);
    for (let number = 0; number < 200; number++) {
      const asked = ask(number);
      questions.cancelAll();
      expect(await asked).toBe("ECANCELLED");
    }
    // Each had a socket of the 64 there may be.
    expect(() => datagrams.bind("127.0.0.1", 0, false, false)).not.toThrow();
  });
});

describe("questions to a server outside", () => {
  const authority = compilePermissions({ network: { connect: ["9.9.9.9:53"], listen: [], dns: [] } }, () => ({
    allow: false,
  }));
  const granted = authority.grantNetwork({
    domain: "network",
    op: "connect",
    protocol: "udp",
    hostname: "9.9.9.9",
    port: 53,
  });

  it("sends what was granted once, hears answers, and closes its socket", async () => {
    const sent: Uint8Array[] = [];
    let got: (received: Received) => void = () => undefined;
    let closed = 0;
    const outside: OutsideDatagrams = {
      ...nowhere,
      dial: (_granted, listener) => {
        got = listener;
        return {
          local: { address: "0.0.0.0", port: 4000 },
          send: async (_to, data) => {
            sent.push(data);
            const from = { address: "9.9.9.9", port: 53 };
            queueMicrotask(() => {
              got({ data: answerTo(data, "6.6.6.6", { name: "evil.org" }), from });
              got({ data: answerTo(data, "1.2.3.4"), from });
            });
          },
          close: () => {
            closed += 1;
          },
        };
      },
    };
    const questions = new Questions(4);
    const asked = await questions.ask(1, "example.org", A, LONG, () => outerWire(outside, granted, new Traffic(0)));
    expect([asked.records, sent.length, closed]).toEqual([[1, 0, 1, "1.2.3.4"], 1, 1]);
  });

  it("takes an unreachable server for one that is not there", async () => {
    const outside: OutsideDatagrams = {
      ...nowhere,
      dial: (_granted, _got, failed) => {
        queueMicrotask(() => failed(new SyscallFailure("EHOSTUNREACH")));
        return { local: { address: "", port: 0 }, send: async () => undefined, close: () => undefined };
      },
    };
    const asked = new Questions(1).ask(1, "a.test", A, LONG, () => outerWire(outside, granted, new Traffic(0)));
    expect(await codeOf(asked)).toBe("ECONNREFUSED");
  });
});

describe("questions over TCP", () => {
  it("puts messages together from any pieces, and fails when the server hangs up", async () => {
    const written: Uint8Array[] = [];
    const pieces: Uint8Array[] = [];
    const stream = {
      read: async () => pieces.shift() ?? new Uint8Array(0),
      write: async (data: Uint8Array) => {
        written.push(data);
        const reply = answerTo(data.subarray(2), "1.2.3.4");
        const framed = Buffer.concat([Buffer.from([reply.byteLength >> 8, reply.byteLength & 0xff]), reply]);
        for (const byte of framed) pieces.push(Uint8Array.of(byte));
      },
      shutdown: async () => undefined,
      close: () => undefined,
    };
    const ask = () => new Questions(1).ask(1, "example.org", A, LONG, () => streamWire(stream));
    expect((await ask()).records).toEqual([1, 0, 1, "1.2.3.4"]);
    expect(Buffer.from(written[0] as Uint8Array).readUInt16BE(0)).toBe((written[0] as Uint8Array).byteLength - 2);
    stream.write = async () => undefined;
    expect(await codeOf(ask())).toBe("ECONNREFUSED");
  });
});
