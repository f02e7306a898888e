import {
  MAX_TLS_CONNECTIONS,
  MAX_TLS_CONTEXTS,
  MAX_TLS_MATERIAL,
  TLS_FACTS,
  TlsEvent,
} from "@vivarium/bridge/contract";
import { describe, expect, it } from "vitest";
import { engineErrorOf, failureOf } from "../crypto/harness.ts";
import { createTlsHandlers } from "./handlers.ts";
import { AUTHORITY, bytes, CERTIFICATE, connected, eventsOf, KEY } from "./harness.ts";

const fact = (name: (typeof TLS_FACTS)[number]): number => TLS_FACTS.indexOf(name);
const text = (data: unknown): string => Buffer.from(data as Uint8Array).toString();

describe("TLS connections on the host", () => {
  it("shake hands through what their steps answer, and carry data both ways", () => {
    const tls = createTlsHandlers();
    const { server, client, told } = connected(tls);
    expect(told.filter(([kind]) => kind === TlsEvent.handshakeDone)).toHaveLength(2);
    const [[, sent] = [], written] = eventsOf(tls.handlers.write([], client, bytes("question")));
    expect(written).toEqual([TlsEvent.written, "", ""]);
    const [input] = eventsOf(tls.handlers.receive([], server, sent as Uint8Array));
    expect([input?.[0], text(input?.[1])]).toEqual([TlsEvent.input, "question"]);
    const [[, alert] = []] = eventsOf(tls.handlers.shutdown([], server));
    expect(eventsOf(tls.handlers.receive([], client, alert as Uint8Array)).at(-1)).toEqual([TlsEvent.end]);
    expect(JSON.parse(tls.handlers.fact([], client, fact("getProtocol"), false)[0] as string)).toBe("TLSv1.3");
  });

  it("tell the engine's errors with code and reason and nothing of the host", () => {
    const { handlers } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    const server = handlers.open([], context, true);
    const error = eventsOf(handlers.receive([], server, bytes("GET / HTTP/1.1\r\n\r\n"))).at(-1);
    expect(error?.[0]).toBe(TlsEvent.error);
    const [kind, message, ...properties] = JSON.parse(error?.[1] as string) as string[];
    expect([kind, properties]).toEqual([
      "Error",
      ["library", "SSL routines", "reason", "http request", "code", "ERR_SSL_HTTP_REQUEST"],
    ]);
    expect(message).not.toContain(process.cwd());
    expect(engineErrorOf(() => handlers.contextKey([], context, bytes("nothing"), undefined))[0]).toBe("Error");
  });

  it("end with the run", () => {
    const { handlers, reset } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    const connection = handlers.open([], context, true);
    reset();
    expect(failureOf(() => handlers.receive([], connection, bytes("x"))).code).toBe("EBADF");
    expect(failureOf(() => handlers.open([], context, true)).code).toBe("EBADF");
  });
});

describe("what one run may hold of TLS", () => {
  it("is so many contexts and connections, and there is room again after close", () => {
    const { handlers, reset } = createTlsHandlers();
    const contexts = Array.from({ length: MAX_TLS_CONTEXTS }, () => handlers.contextOpen([], undefined, 0, 0));
    const [first = 0, second = 0] = contexts;
    expect(failureOf(() => handlers.contextOpen([], undefined, 0, 0)).sandboxCode).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    handlers.contextClose([], second);
    expect(handlers.contextOpen([], undefined, 0, 0)).toBe(MAX_TLS_CONTEXTS + 1);
    const connections = Array.from({ length: MAX_TLS_CONNECTIONS }, () => handlers.open([], first, true));
    expect(failureOf(() => handlers.open([], first, true)).sandboxCode).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    handlers.close([], connections[0] as number);
    expect(handlers.open([], first, true)).toBe(MAX_TLS_CONNECTIONS + 1);
    reset();
  });

  it("is so many bytes of keys and certificates", () => {
    const { handlers } = createTlsHandlers();
    const context = handlers.contextOpen([], undefined, 0, 0);
    const giant = new Uint8Array(MAX_TLS_MATERIAL + 1).fill(65);
    const calls = [
      () => handlers.contextKey([], context, giant, undefined),
      () => handlers.contextMaterial([], context, 0, giant),
      () => handlers.contextDh([], context, giant),
      () => handlers.contextArchive([], context, giant, undefined),
    ];
    for (const call of calls) expect(failureOf(call).sandboxCode).toBe("ERR_SANDBOX_BUDGET_EXCEEDED");
    handlers.contextMaterial([], context, 1, bytes(AUTHORITY));
    handlers.contextMaterial([], context, 0, bytes(CERTIFICATE));
    handlers.contextKey([], context, bytes(KEY), undefined);
    expect(handlers.contextCertificate([], context, true)).toBeInstanceOf(Uint8Array);
  });
});
