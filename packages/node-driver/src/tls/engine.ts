import type * as tls from "node:tls";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";

/** `SecureContext` of src/crypto/crypto_context.cc. */
export interface NativeContext {
  init(method: string | undefined, min: number, max: number): void;
  setKey(key: Uint8Array, passphrase?: string): void;
  setCert(pem: Uint8Array): void;
  addCACert(pem: Uint8Array): void;
  addCRL(pem: Uint8Array): void;
  addRootCerts(): void;
  setAllowPartialTrustChain(): void;
  setCiphers(list: string): void;
  setCipherSuites(list: string): void;
  setSigalgs(list: string): void;
  setECDHCurve(names: string): void;
  setSessionIdContext(id: string): void;
  setDHParam(parameters: Uint8Array | true): string | undefined;
  setMinProto(version: number): void;
  setMaxProto(version: number): void;
  getMinProto(): number;
  getMaxProto(): number;
  setOptions(options: number): void;
  setSessionTimeout(seconds: number): void;
  loadPKCS12(archive: Uint8Array, passphrase?: Uint8Array): void;
  getTicketKeys(): Uint8Array;
  setTicketKeys(keys: Uint8Array): void;
  getCertificate(): Uint8Array | null;
  getIssuer(): Uint8Array | null;
  close(): void;
}

/** A request of a stream of src/stream_base.cc. */
export interface NativeRequest {
  oncomplete?: (status: number) => void;
  /** Text of the engine's error. */
  error?: string;
}

/** `TLSWrap` of src/crypto/crypto_tls.cc, as far as it is used here. It calls the functions put on it. */
export interface NativeWrap {
  sni_context?: NativeContext;
  setVerifyMode(requestCert: boolean, rejectUnauthorized: boolean): void;
  enableSessionCallbacks(): void;
  enableKeylogCallback(): void;
  enableCertCb(): void;
  enableALPNCb(): void;
  enablePskCallback(): void;
  setPskIdentityHint(hint: string): void;
  requestOCSP(): void;
  setALPNProtocols(protocols: Uint8Array): void;
  setServername(name: string): void;
  setSession(session: Uint8Array): void;
  setOCSPResponse(response: Uint8Array): void;
  setMaxSendFragment(size: number): number;
  setKeyCert(context: NativeContext): void;
  start(): void;
  writeBuffer(request: NativeRequest, data: Uint8Array): number;
  shutdown(request: NativeRequest): number;
  loadSession(session?: Uint8Array): void;
  endParser(): void;
  certCbDone(): void;
  newSessionDone(): void;
  renegotiate(): void;
  exportKeyingMaterial(length: number, label: string, context: Uint8Array | undefined): Uint8Array;
  getCipher(): { readonly name?: string } | undefined;
  getX509Certificate(): NativeCertificate | undefined;
  getPeerX509Certificate(): NativeCertificate | undefined;
  destroySSL(): void;
}

export interface NativeCertificate {
  raw(): Uint8Array;
  getIssuerCert(): NativeCertificate | undefined;
}

/** `JSStream` of src/js_stream.cc: the side of a TLSWrap that is the network. It calls the functions put on it. */
export interface NativePipe {
  onwrite: (request: NativeRequest, chunks: readonly Uint8Array[]) => number;
  onshutdown: (request: NativeRequest) => number;
  onreadstart: () => number;
  onreadstop: () => number;
  isClosing: () => boolean;
  readBuffer(data: Uint8Array): void;
  finishWrite(request: NativeRequest, status: number): void;
  finishShutdown(request: NativeRequest, status: number): void;
}

interface TlsBinding {
  readonly TLSWrap: { readonly prototype: object };
  readonly wrap: (pipe: NativePipe, context: NativeContext, isServer: boolean, hasActiveWrite?: boolean) => NativeWrap;
}

interface StreamBinding {
  readonly WriteWrap: new () => NativeRequest;
  readonly ShutdownWrap: new () => NativeRequest;
  /** Numbers a stream tells beside its calls, by the two places below. */
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kArrayBufferOffset: number;
}

/** Node's TLS engine without sockets: the classes under `node:tls`. */
export interface Engine extends StreamBinding {
  readonly Context: new () => NativeContext;
  readonly Pipe: new () => NativePipe;
  /** The name under which a TLSWrap looks for whom to ask about pre-shared keys. */
  readonly onPskExchange: symbol;
  wrap(pipe: NativePipe, context: NativeContext, isServer: boolean): NativeWrap;
}

const binding = <T>(name: string): T => (process as unknown as { binding(name: string): T }).binding(name);

/** Only a socket's handle shows it. */
function findPskSymbol(): symbol {
  const nowhere = new late.stream.Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const options = { pskCallback: () => null } as tls.TLSSocketOptions;
  const socket = new late.tls.TLSSocket(nowhere, options) as tls.TLSSocket & { readonly _handle: object };
  const found = Object.getOwnPropertySymbols(socket._handle).find(({ description }) => description === "onpskexchange");
  socket.destroy();
  if (!found) throw new Error("onpskexchange");
  return found;
}

function load(): Engine {
  const { TLSWrap, wrap } = binding<TlsBinding>("tls_wrap");
  const { JSStream } = binding<{ JSStream: new () => NativePipe }>("js_stream");
  // It insists on its number of arguments, which grew by one with this method.
  const isNewer = "writesIssuedByPrevListenerDone" in TLSWrap.prototype;
  // Public, but not in the types.
  const { SecureContext } = late.tls as unknown as { SecureContext: new () => { context: NativeContext } };
  const { context } = new SecureContext();
  return {
    ...binding<StreamBinding>("stream_wrap"),
    Context: context.constructor as new () => NativeContext,
    Pipe: JSStream,
    onPskExchange: findPskSymbol(),
    wrap: (pipe, secure, isServer) => (isNewer ? wrap(pipe, secure, isServer, false) : wrap(pipe, secure, isServer)),
  };
}

let engine: Engine | undefined;

/** The engine, loaded when it is first asked for. @throws SyscallFailure ENOSYS on a Node that does not lend it */
export function tlsEngine(): Engine {
  try {
    engine ??= load();
  } catch {
    throw new SyscallFailure("ENOSYS");
  }
  return engine;
}
