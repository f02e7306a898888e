import { MAX_TLS_KEYING, MAX_TLS_WRITE, TLS_CALLBACKS, TLS_FACTS, TlsEvent } from "@vivarium/bridge/contract";
import { SyscallFailure } from "@vivarium/core/errors";
import { overCap } from "../crypto/failure.ts";
import { isProtocolList, placeOfProtocol } from "./alpn.ts";
import { type NativePipe, type NativeWrap, tlsEngine } from "./engine.ts";
import { int32, nameAt, type SecureContext } from "./secure-context.ts";
import { type Scalar, StepEvents } from "./step-events.ts";
import { writeTree } from "./tree.ts";

/** OpenSSL's name of a cipher that is not there. */
const NO_CIPHER = "(NONE)";
/** More certificates than a chain has. */
const MAX_CHAIN = 100;
/** A server waits for its certificate's choice from this event to `certificateDone`. */
type Certificate = "unused" | "enabled" | "waiting" | "done";

const refuse = (code: string): never => {
  throw new SyscallFailure(code);
};

/**
 * One connection: Node's TLSWrap between two ends in memory. What it calls while a step runs is written down as the
 * step's events. The engine asserts the order of its calls, so each is checked here first.
 */
export class Connection implements Disposable {
  readonly #wrap: NativeWrap;
  readonly #pipe: NativePipe;
  readonly #isServer: boolean;
  /** Its own context, and those whose certificates it shows. */
  readonly #contexts = new Set<SecureContext>();
  readonly #events = new StepEvents();
  #hasBegun = false;
  #isEstablished = false;
  #isWriting = false;
  #isShut = false;
  #certificate: Certificate = "unused";
  /** What the guest chose of the protocols a client will offer. */
  #protocol: Uint8Array | undefined;
  #presharedKey: { readonly psk: Uint8Array; readonly identity: string } | undefined;

  constructor(context: SecureContext, isServer: boolean) {
    const { Pipe, wrap } = tlsEngine();
    this.#isServer = isServer;
    this.#pipe = new Pipe();
    this.#events.listenToPipe(this.#pipe);
    this.#wrap = wrap(this.#pipe, context.native, isServer);
    this.#events.listenToWrap(this.#wrap, {
      onEstablished: () => {
        this.#isEstablished = true;
      },
      onCertificateWanted: () => {
        this.#certificate = "waiting";
      },
      chooseProtocol: (offered) => this.#protocol && placeOfProtocol(offered, this.#protocol),
      presharedKey: (identity) => this.#exchange(identity),
    });
    this.#hold(context);
  }

  #hold(context: SecureContext): void {
    if (!this.#contexts.has(context)) context.hold();
    this.#contexts.add(context);
  }

  verifyMode(requestCert: boolean, rejectUnauthorized: boolean): void {
    this.#wrap.setVerifyMode(requestCert, rejectUnauthorized);
  }

  enable(place: number): void {
    const name = nameAt(TLS_CALLBACKS, place);
    const isBeginning = !this.#hasBegun || name === "enableKeylogCallback" || !this.#isServer;
    if (name === "enableALPNCb" && !this.#isServer) refuse("EINVAL");
    if (!isBeginning || (name === "enableCertCb" && this.#certificate !== "unused")) refuse("EINVAL");
    if (name === "enableCertCb") this.#certificate = "enabled";
    this.#wrap[name]();
  }

  alpn(protocols: Uint8Array): void {
    if (!isProtocolList(protocols)) refuse("EINVAL");
    this.#wrap.setALPNProtocols(protocols);
  }

  chooseProtocol(protocol: Uint8Array | undefined): void {
    this.#protocol = protocol;
  }

  presharedKey(identity: string, psk: Uint8Array): void {
    this.#presharedKey = { identity, psk };
  }

  /** A server has a key for one identity; a client shows the one it has. */
  #exchange(identity: string | null): unknown {
    const known = this.#presharedKey;
    if (!this.#isServer) return known;
    return known?.identity === identity ? known?.psk : undefined;
  }

  presharedHint(hint: string): readonly Scalar[] {
    if (!this.#isServer || this.#hasBegun) refuse("EINVAL");
    return this.#events.step(() => this.#wrap.setPskIdentityHint(hint));
  }

  servername(name: string): void {
    if (this.#isServer || this.#hasBegun) refuse("EINVAL");
    this.#wrap.setServername(name);
  }

  session(session: Uint8Array): void {
    if (this.#isServer || this.#hasBegun) refuse("EINVAL");
    this.#wrap.setSession(session);
  }

  ocspResponse(response: Uint8Array): void {
    this.#wrap.setOCSPResponse(response);
  }

  maxFragment(size: number): number {
    return this.#wrap.setMaxSendFragment(int32(size));
  }

  show(context: SecureContext): void {
    this.#hold(context);
    this.#wrap.setKeyCert(context.native);
  }

  start(): readonly Scalar[] {
    if (this.#isServer || this.#hasBegun) refuse("EINVAL");
    this.#hasBegun = true;
    return this.#events.step(() => this.#wrap.start());
  }

  receive(ciphertext: Uint8Array): readonly Scalar[] {
    this.#hasBegun = true;
    return this.#events.step(() => this.#pipe.readBuffer(ciphertext));
  }

  write(plaintext: Uint8Array): readonly Scalar[] {
    if (this.#isWriting) refuse("EBUSY");
    if (plaintext.byteLength > MAX_TLS_WRITE) throw overCap(`one write of more than ${MAX_TLS_WRITE} bytes`);
    const { WriteWrap } = tlsEngine();
    const request = new WriteWrap();
    const done = (error: string): void => {
      this.#isWriting = false;
      this.#events.tell(TlsEvent.written, error, request.error ?? "");
    };
    request.oncomplete = (status) => done(status === 0 ? "" : "EPROTO");
    this.#isWriting = true;
    return this.#events.step(() => {
      if (this.#wrap.writeBuffer(request, plaintext) !== 0) done("EPROTO");
    });
  }

  shutdown(): readonly Scalar[] {
    if (this.#isShut) refuse("EPIPE");
    this.#isShut = true;
    const { ShutdownWrap } = tlsEngine();
    return this.#events.step(() => this.#wrap.shutdown(new ShutdownWrap()));
  }

  endParser(session: Uint8Array | undefined): readonly Scalar[] {
    return this.#events.step(() => {
      if (session) this.#wrap.loadSession(session);
      this.#wrap.endParser();
    });
  }

  certificateDone(context: SecureContext | undefined): readonly Scalar[] {
    if (this.#certificate !== "waiting") refuse("EINVAL");
    this.#certificate = "done";
    if (context) {
      this.#hold(context);
      this.#wrap.sni_context = context.native;
    }
    return this.#events.step(() => this.#wrap.certCbDone());
  }

  sessionDone(): readonly Scalar[] {
    return this.#events.step(() => this.#wrap.newSessionDone());
  }

  renegotiate(): void {
    this.#wrap.renegotiate();
  }

  /** The engine judges by the cipher without asking whether there is one: not before a handshake, nor in a second one. */
  #hasCipher(): boolean {
    const { name } = this.#wrap.getCipher() ?? {};
    return this.#isEstablished && name !== undefined && name !== NO_CIPHER;
  }

  fact(place: number, inDetail: boolean): readonly Scalar[] {
    const name = nameAt(TLS_FACTS, place);
    if (name === "verifyError" && !this.#hasCipher()) refuse("EINVAL");
    // The name is one of the table's, each a function of the engine's that takes nothing else.
    const ask = (this.#wrap as unknown as Record<string, (inDetail: boolean) => unknown>)[name];
    return writeTree(ask?.call(this.#wrap, inDetail));
  }

  /** -> the certificate and those that issued it */
  x509(ofPeer: boolean): readonly Uint8Array[] {
    const chain: Uint8Array[] = [];
    const wrap = this.#wrap;
    let next = ofPeer ? wrap.getPeerX509Certificate() : wrap.getX509Certificate();
    for (; next && chain.length < MAX_CHAIN; next = next.getIssuerCert()) chain.push(next.raw());
    return chain;
  }

  exportKey(length: number, label: string, context: Uint8Array | undefined): Uint8Array {
    if (length < 0) refuse("EINVAL");
    if (length > MAX_TLS_KEYING) throw overCap(`keying material of more than ${MAX_TLS_KEYING} bytes`);
    return this.#wrap.exportKeyingMaterial(length, label, context);
  }

  [Symbol.dispose](): void {
    this.#events.step(() => this.#wrap.destroySSL());
    for (const context of this.#contexts) context.release();
  }
}
