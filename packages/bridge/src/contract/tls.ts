import { bool, bytes, int, list, none, optional, str } from "./codec.ts";
import { sync } from "./declare.ts";

/** Secure contexts of one run that may be open on the host at a time; a client's connection has one of its own. */
export const MAX_TLS_CONTEXTS = 4096;
/** TLS connections of one run that may be open on the host at a time, each end counting. */
export const MAX_TLS_CONNECTIONS = 2048;
/** Most keys, certificates and lists of one secure context, bytes altogether. */
export const MAX_TLS_MATERIAL = 4 * 1024 * 1024;
/** Most plaintext of one `write`, bytes. */
export const MAX_TLS_WRITE = 1024 * 1024;
/** Most keying material of one `exportKey`, bytes. */
export const MAX_TLS_KEYING = 64 * 1024;

/**
 * What a step of a connection brought about, by its number in the list a step answers: the calls Node's TLSWrap makes,
 * in their order, each number followed by as many values.
 */
export const TlsEvent = {
  /** Ciphertext for the other side: bytes */
  output: 0,
  handshakeStart: 1,
  handshakeDone: 2,
  /** session id, server name, whether there is a ticket; the handshake waits for `endParser` */
  clientHello: 3,
  /** server name, whether it asks for an OCSP response; the handshake waits for `certificateDone` */
  certificate: 4,
  /** session id, session; a server's output waits for `sessionDone` */
  newSession: 5,
  /** line */
  keylog: 6,
  /** response or null */
  ocspResponse: 7,
  /** the engine's error, an `EngineError` as JSON */
  error: 8,
  /** Plaintext from the other side: bytes */
  input: 9,
  /** The other side closed its direction. */
  end: 10,
  /** The write under way went into the output: errno name or empty, text */
  written: 11,
  /** The server name a client asked for. */
  servername: 12,
} as const;

/** How many values follow each event's number. */
export const TLS_EVENT_VALUES: readonly number[] = [1, 0, 0, 3, 2, 2, 1, 1, 1, 1, 0, 2, 1];

/** Facts of a connection, asked for by their place here. Their values come as contract/tree.ts writes them. */
export const TLS_FACTS = [
  "getALPNNegotiatedProtocol",
  "getCertificate",
  "getCipher",
  "getEphemeralKeyInfo",
  "getFinished",
  "getPeerCertificate",
  "getPeerFinished",
  "getProtocol",
  "getServername",
  "getSession",
  "getSharedSigalgs",
  "getTLSTicket",
  "isSessionReused",
  "verifyError",
] as const;

/** Settings of a secure context that are text. */
export const TLS_TEXTS = [
  "setCiphers",
  "setCipherSuites",
  "setSigalgs",
  "setECDHCurve",
  "setSessionIdContext",
] as const;
/** Settings of a secure context that are numbers. */
export const TLS_NUMBERS = ["setMinProto", "setMaxProto", "setOptions", "setSessionTimeout"] as const;
/** Settings of a secure context that are certificates or lists of revoked ones, in PEM. */
export const TLS_MATERIALS = ["setCert", "addCACert", "addCRL"] as const;
/** What a connection can be made to tell before it begins. */
export const TLS_CALLBACKS = [
  "enableSessionCallbacks",
  "enableKeylogCallback",
  "enableCertCb",
  "enableALPNCb",
  "enablePskCallback",
  "requestOCSP",
] as const;

/**
 * TLS on the host's engine. A connection is a state machine: ciphertext that arrived goes in, ciphertext to send,
 * plaintext and Node's callbacks come out; it touches no network. Contexts and connections are kept on the host under
 * numbers that are never used twice.
 */
export const tls = {
  /** method name, lowest and highest protocol version -> context */
  contextOpen: sync([optional(str), int, int], int, { cost: 4 }),
  /** context, key in PEM, passphrase */
  contextKey: sync([int, bytes, optional(str)], none, { cost: 4 }),
  /** context, place in TLS_MATERIALS, data in PEM */
  contextMaterial: sync([int, int, bytes], none, { cost: 4 }),
  /** The certificates Node comes with become trusted. */
  contextRoots: sync([int], none, { cost: 4 }),
  contextPartialChains: sync([int], none),
  /** context, place in TLS_TEXTS, text */
  contextText: sync([int, int, str], none, { cost: 2 }),
  /** context, place in TLS_NUMBERS, number */
  contextNumber: sync([int, int, int], none),
  /** -> lowest and highest protocol version */
  contextProtocols: sync([int], list),
  /** context, parameters in PEM or nothing for the engine's own -> a warning */
  contextDh: sync([int, optional(bytes)], optional(str), { cost: 4 }),
  /** context, PKCS#12 archive, passphrase */
  contextArchive: sync([int, bytes, optional(bytes)], none, { cost: 8 }),
  contextTicketKeys: sync([int], bytes),
  contextSetTicketKeys: sync([int, bytes], none),
  /** context, whether its issuer is meant -> certificate in DER */
  contextCertificate: sync([int, bool], optional(bytes)),
  /** Unknown contexts are ignored. */
  contextClose: sync([int], none),

  /** context, whether it is the server's side -> connection */
  open: sync([int, bool], int, { cost: 8 }),
  /** connection, whether the other side is asked for a certificate, and refused without one */
  verifyMode: sync([int, bool, bool], none),
  /** connection, place in TLS_CALLBACKS */
  enable: sync([int, int], none),
  /** connection, protocols as ALPN has them on the wire */
  alpn: sync([int, bytes], none),
  /** connection, the protocol to choose of those a client will offer, or none of them */
  chooseProtocol: sync([int, optional(bytes)], none),
  /** connection, identity, key: for the handshake that is about to ask for it */
  presharedKey: sync([int, str, bytes], none),
  /** connection, hint for clients */
  presharedHint: sync([int, str], list),
  servername: sync([int, str], none),
  session: sync([int, bytes], none),
  ocspResponse: sync([int, bytes], none),
  /** connection, bytes -> what the engine said */
  maxFragment: sync([int, int], int),
  /** The connection shows another context's certificate from now on. */
  certificate: sync([int, int], none),
  /** Steps: each answers events. A client begins. */
  start: sync([int], list, { cost: 4 }),
  /** connection, ciphertext that arrived */
  receive: sync([int, bytes], list, { cost: 2 }),
  /** connection, plaintext; one write at a time, until `written` */
  write: sync([int, bytes], list, { cost: 4 }),
  shutdown: sync([int], list, { cost: 2 }),
  /** connection, session for the client or nothing */
  endParser: sync([int, optional(bytes)], list, { cost: 4 }),
  /** connection, context whose certificate to show, 0 for its own */
  certificateDone: sync([int, int], list, { cost: 4 }),
  sessionDone: sync([int], list, { cost: 2 }),
  renegotiate: sync([int], none, { cost: 4 }),
  /** connection, place in TLS_FACTS, whether in detail -> a tree */
  fact: sync([int, int, bool], list, { cost: 2 }),
  /** connection, whether the other side's -> certificate in DER, then those that issued it as far as they are known */
  x509: sync([int, bool], list, { cost: 2 }),
  /** connection, bytes, label, context */
  exportKey: sync([int, int, str, optional(bytes)], bytes, { cost: 2 }),
  /** Unknown connections are ignored. */
  close: sync([int], none),

  /** The certificates Node comes with, in PEM. */
  roots: sync([], list, { cost: 4 }),
  ciphers: sync([], list),
} as const;
