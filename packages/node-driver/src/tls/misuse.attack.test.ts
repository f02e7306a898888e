import { type Codec, contract, TLS_FACTS, TLS_NUMBERS } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { describe, expect, it } from "vitest";
import { failureOf } from "../crypto/harness.ts";
import { createTlsHandlers } from "./handlers.ts";
import { AUTHORITY, bytes, CERTIFICATE, connected, eventsOf, KEY } from "./harness.ts";
import { x509Handlers } from "./x509.ts";

/** Calls no library would make. The engine under the handlers asserts and trusts: a wrong one would end this process. */

/** A repeatable choice of numbers below n (mulberry32). */
function chooser(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

const INTS = [0, 1, 2, 3, 5, 13, -1, 2 ** 31, -(2 ** 31), 2 ** 40, 771, 772, 16_384];
const TEXTS = [
  "",
  "localhost",
  "TLS_AES_128_GCM_SHA256",
  "P-256",
  "TLS_client_method",
  "x".repeat(5000),
  "a\0b",
  "\ud800",
];
const DATA = [CERTIFICATE, KEY, AUTHORITY, "", "garbage", "\x02h2", "\xc8\x01", "\x16".repeat(2000)].map(bytes);

type Call = (grants: readonly never[], ...args: unknown[]) => unknown;

/** Makes random calls of a table of handlers. -> how many did something */
function storm(
  table: object,
  declarations: object,
  rounds: number,
  next: (n: number) => number,
  sent: Uint8Array[],
): number {
  const names = Object.keys(table).filter((name) => name !== "roots");
  let done = 0;
  let last = 1;
  const value = ({ name }: Codec): unknown => {
    if (name.endsWith("?") && next(3) === 0) return undefined;
    switch (name.replace("?", "")) {
      case "int":
        return next(3) === 0 ? INTS[next(INTS.length)] : Math.max(1, last - next(4));
      case "bool":
        return next(2) === 0;
      case "str":
        return TEXTS[next(TEXTS.length)];
      default: {
        const from = next(2) === 0 && sent.length > 0 ? sent : DATA;
        return from[next(from.length)]?.slice();
      }
    }
  };
  for (let i = 0; i < rounds; i++) {
    const name = names[next(names.length)] as string;
    const { args } = (declarations as Record<string, { readonly args: readonly Codec[] }>)[name] as { args: Codec[] };
    try {
      const answer = (table as Record<string, Call>)[name]?.([], ...args.map(value));
      done += 1;
      if (typeof answer === "number") last = answer;
      if (Array.isArray(answer)) sent.push(...answer.filter((item) => item instanceof Uint8Array).slice(0, 4));
      if (sent.length > 40) sent.splice(0, 20);
    } catch (error) {
      if (!(error instanceof SyscallFailure)) throw error;
    }
  }
  return done;
}

describe("TLS syscalls with anything, in any order", () => {
  it.each([1, 2, 3, 4, 5, 6])("fail as data, series %i", (seed) => {
    const { handlers, reset } = createTlsHandlers();
    const next = chooser(seed);
    const sent: Uint8Array[] = [];
    expect(storm(handlers, contract.tls, 4000, next, sent)).toBeGreaterThan(100);
    expect(storm(x509Handlers, contract.x509, 300, next, sent)).toBeGreaterThan(10);
    reset();
  });

  it.each([1, 2, 3, 4, 5, 6])("fail as data on connections that are up, series %i", (seed) => {
    const tls = createTlsHandlers();
    const next = chooser(seed);
    for (let round = 0; round < 20; round++) {
      const { server, client } = connected(tls);
      const { contextOpen, close, contextClose, ...others } = tls.handlers;
      // Numbers near the last ones answered are those of this pair.
      expect(
        storm({ ...others, open: () => (next(2) === 0 ? server : client) }, contract.tls, 200, next, []),
      ).toBeGreaterThan(0);
      for (const id of [server, client]) close([], id);
      contextClose([], 1);
      contextOpen([], undefined, 0, 0);
    }
    tls.reset();
  });
});

describe("what the engine would take on trust", () => {
  it("versions, times and places out of range", () => {
    const { handlers } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    const connection = handlers.open([], context, false);
    const calls = [
      () => handlers.contextOpen([], undefined, 28, 0),
      () => handlers.contextNumber([], context, TLS_NUMBERS.indexOf("setMaxProto"), 5),
      () => handlers.contextNumber([], context, TLS_NUMBERS.indexOf("setSessionTimeout"), -1),
      () => handlers.contextText([], context, 99, ""),
      () => handlers.contextSetTicketKeys([], context, new Uint8Array(47)),
      () => handlers.alpn([], connection, new Uint8Array([5, 1])),
      () => handlers.fact([], connection, -1, false),
      () => handlers.exportKey([], connection, -1, "label", undefined),
    ];
    for (const call of calls) expect(failureOf(call).code).toBe("EINVAL");
    expect(failureOf(() => handlers.exportKey([], connection, 2 ** 31, "label", undefined)).sandboxCode).toBe(
      "ERR_SANDBOX_BUDGET_EXCEEDED",
    );
  });

  it("steps out of order", () => {
    const tls = createTlsHandlers();
    const { server, client } = connected(tls);
    const { handlers } = tls;
    const calls = [
      () => handlers.start([], client),
      () => handlers.start([], server),
      () => handlers.servername([], client, "late"),
      () => handlers.session([], client, new Uint8Array(10)),
      () => handlers.certificateDone([], server, 0),
      () => handlers.enable([], server, 0),
      () => handlers.presharedHint([], server, "late"),
    ];
    for (const call of calls) expect(failureOf(call).code).toBe("EINVAL");
    handlers.shutdown([], client);
    expect(failureOf(() => handlers.shutdown([], client)).code).toBe("EPIPE");
    expect(eventsOf(handlers.write([], client, bytes("after the end"))).at(-1)?.[1]).toBe("EPROTO");
  });

  it("a judgement before there is a cipher", () => {
    const { handlers } = createTlsHandlers();
    const connection = handlers.open([], handlers.contextOpen([], undefined, 0, 0), false);
    handlers.start([], connection);
    expect(failureOf(() => handlers.fact([], connection, TLS_FACTS.indexOf("verifyError"), false)).code).toBe("EINVAL");
  });

  it("the store of a context that is replaced and used on", () => {
    const { handlers } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    handlers.contextRoots([], context);
    handlers.contextMaterial([], context, 1, bytes(AUTHORITY));
    expect(failureOf(() => handlers.contextRoots([], context)).code).toBe("EINVAL");
    handlers.contextMaterial([], context, 1, bytes(AUTHORITY));
  });

  it("a context that is closed under its connections", () => {
    const { handlers } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    const connection = handlers.open([], context, false);
    handlers.contextClose([], context);
    handlers.enable([], connection, 1);
    expect(handlers.start([], connection).length).toBeGreaterThan(0);
    expect(failureOf(() => handlers.open([], context, false)).code).toBe("EBADF");
  });
});
