import { TlsEvent } from "../../contract/tls.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import type { Realm } from "../realm.ts";
import { errorOf } from "./crypto-error.ts";

/** What the library put on the connection's object, by name, and what it is called with. */
export interface LibraryCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The callback of the library an event is, of those that are nothing else. */
export function libraryCall(realm: Realm, event: readonly unknown[]): LibraryCall | undefined {
  const { 0: kind, 1: first, 2: second, 3: third } = event;
  const buffer = (value: unknown): unknown => value && asNodeBuffer(realm, value as Uint8Array);
  switch (kind) {
    case TlsEvent.handshakeStart:
      return { name: "onhandshakestart", args: [realm.loop.now()] };
    case TlsEvent.handshakeDone:
      return { name: "onhandshakedone", args: [] };
    case TlsEvent.clientHello:
      return { name: "onclienthello", args: [{ sessionId: buffer(first), servername: second, tlsTicket: third }] };
    case TlsEvent.certificate:
      return { name: "oncertcb", args: [{ servername: first, OCSPRequest: second }] };
    case TlsEvent.newSession:
      return { name: "onnewsession", args: [buffer(first), buffer(second)] };
    case TlsEvent.keylog:
      return { name: "onkeylog", args: [buffer(first)] };
    case TlsEvent.ocspResponse:
      return { name: "onocspresponse", args: [buffer(first)] };
    case TlsEvent.error:
      return { name: "onerror", args: [errorOf(first as string)] };
    case "refused":
      return { name: "onerror", args: [first] };
    default:
      return undefined;
  }
}
