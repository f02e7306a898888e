import { MAX_TLS_CONNECTIONS, TLS_CALLBACKS, TLS_FACTS } from "../../contract/tls.ts";
import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf, exactCopy } from "../lib/bytes.ts";
import { dataDescriptor } from "../lib/define.ts";
import { NativeTypeError } from "../lib/intrinsics.ts";
import { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { readTree } from "../lib/tree.ts";
import { ArrayProto, isArrayBufferView, objectDefineProperty } from "../primordials.ts";
import type { InstallBinding } from "../realm.ts";
import { asyncObjects } from "./async-object.ts";
import { putClass } from "./crypto-class.ts";
import { engine } from "./crypto-error.ts";
import { contextNumber, isSecureContext } from "./crypto-secure-context.ts";
import { certificateChain } from "./crypto-x509.ts";
import { addStreamMethods, registerStream, streamFrom } from "./stream-methods.ts";
import type { Step } from "./tls-engine.ts";
import { Questions } from "./tls-questions.ts";
import { TlsStream } from "./tls-stream.ts";

type Callback = (typeof TLS_CALLBACKS)[number];

const placeOf = (names: readonly string[], name: string): number => ArrayProto.indexOf(names, name);

/** A buffer's bytes, ready to cross. @throws TypeError ERR_INVALID_ARG_TYPE naming what it is */
function crossing(value: unknown, name: string): Uint8Array {
  const bytes = isArrayBufferView(value) ? bytesOf(value) : undefined;
  if (!bytes) throw notABuffer(name);
  return exactCopy(bytes);
}

/** `internalBinding('tls_wrap')` (src/crypto/crypto_tls.cc): the handshake and the ciphers are in the cell. */
export const install: InstallBinding = (binding, realm) => {
  const { AsyncWrap } = asyncObjects(realm);
  const { tls } = realm.sys;
  const leftovers = new Leftovers(realm, { few: 256, most: MAX_TLS_CONNECTIONS, close: (id) => tls.close(id) });

  class TLSWrap extends AsyncWrap {
    readonly #stream: TlsStream | undefined;
    readonly #questions: Questions | undefined;
    /** What the library sets where a server shows another context's certificate. */
    declare sni_context: unknown;
    declare onerror: unknown;

    /** Without arguments, as a program may call it, an object over nothing. */
    constructor(handle?: object, context = 0, isServer = false, held = false) {
      super();
      if (!handle) return;
      const below = streamFrom(handle);
      leftovers.makeRoom();
      const id = engine(wrap, () => tls.open(context, isServer));
      leftovers.watch(this, id);
      const { 1: maxVersion } = tls.contextProtocols(context);
      const stream = new TlsStream(realm, this, below, id, held, () => this.#questions);
      this.#stream = stream;
      this.#questions = new Questions({
        realm,
        target: this,
        resource: stream.resource,
        isServer,
        maxVersion: maxVersion as number,
        tell: (run) => this.#with((connection) => run(tls, connection)),
      });
      registerStream(this, stream);
    }

    /** Does something with the connection, while there is one. */
    #with<T>(run: (id: number) => T): T | undefined {
      const id = this.#stream?.id ?? 0;
      return id === 0 ? undefined : engine(wrap, () => run(id));
    }

    #step(step: Step): void {
      this.#stream?.step(step);
    }

    #enable(name: Callback): void {
      this.#with((id) => tls.enable(id, placeOf(TLS_CALLBACKS, name)));
    }

    setVerifyMode(requestCert: unknown, rejectUnauthorized: unknown): void {
      this.#with((id) => tls.verifyMode(id, requestCert === true, rejectUnauthorized === true));
    }

    enableSessionCallbacks(): void {
      this.#enable("enableSessionCallbacks");
    }

    enableKeylogCallback(): void {
      this.#enable("enableKeylogCallback");
    }

    enableCertCb(): void {
      this.#enable("enableCertCb");
    }

    enableALPNCb(): void {
      this.#enable("enableALPNCb");
      this.#questions?.askProtocol();
    }

    enablePskCallback(): void {
      this.#enable("enablePskCallback");
      this.#questions?.askKey();
    }

    setPskIdentityHint(hint: string): void {
      this.#step((id) => tls.presharedHint(id, hint));
    }

    requestOCSP(): void {
      this.#enable("requestOCSP");
    }

    /** The engine would write to the host's standard error: as in a Node whose OpenSSL has no tracing. */
    enableTrace(): void {}

    setALPNProtocols(protocols: unknown): void {
      if (!isArrayBufferView(protocols)) throw new NativeTypeError("Must give a Buffer as first argument");
      const bytes = crossing(protocols, "ALPN protocols");
      this.#with((id) => tls.alpn(id, bytes));
    }

    setServername(name: string): void {
      this.#with((id) => tls.servername(id, name));
    }

    setSession(session: unknown): void {
      const bytes = crossing(session, "Session");
      this.#with((id) => tls.session(id, bytes));
    }

    setOCSPResponse(response: unknown): void {
      const bytes = crossing(response, "OCSP response");
      this.#with((id) => tls.ocspResponse(id, bytes));
    }

    setMaxSendFragment(size: number): number | undefined {
      return this.#with((id) => tls.maxFragment(id, size));
    }

    setKeyCert(context: unknown): void {
      if (!isSecureContext(context)) throw new NativeTypeError("Must give a SecureContext as first argument");
      this.#with((id) => tls.certificate(id, contextNumber(context)));
    }

    start(): void {
      this.#questions?.onStart();
      this.#step((id) => tls.start(id));
    }

    receive(data: unknown): void {
      const bytes = bytesOf(data);
      if (bytes) this.#stream?.receive(exactCopy(bytes));
    }

    writesIssuedByPrevListenerDone(): void {
      this.#stream?.release();
    }

    /** A session for the handshake that waits; `endParser` lets it go on. */
    loadSession(session: unknown): void {
      this.#session = isArrayBufferView(session) ? crossing(session, "Session") : undefined;
    }
    #session: Uint8Array | undefined;

    endParser(): void {
      const session = this.#session;
      this.#session = undefined;
      this.#step((id) => tls.endParser(id, session));
    }

    certCbDone(): void {
      const context = this.sni_context;
      if (typeof context === "object" && context !== null && !isSecureContext(context)) {
        this.#stream?.resource.call(this.onerror, [new NativeTypeError("Invalid SNI context")]);
        return;
      }
      this.#step((id) => tls.certificateDone(id, contextNumber(context)));
    }

    newSessionDone(): void {
      this.#step((id) => tls.sessionDone(id));
    }

    renegotiate(): void {
      this.#with((id) => tls.renegotiate(id));
    }

    exportKeyingMaterial(length: number, label: string, context: unknown): Uint8Array | undefined {
      const secret = context === undefined ? undefined : crossing(context, "context");
      const bytes = this.#with((id) => tls.exportKey(id, length, label, secret));
      return bytes && asNodeBuffer(realm, bytes);
    }

    getX509Certificate(): object | undefined {
      return this.#x509(false);
    }

    getPeerX509Certificate(): object | undefined {
      return this.#x509(true);
    }

    #x509(ofPeer: boolean): object | undefined {
      return certificateChain(realm, this.#with((id) => tls.x509(id, ofPeer)) ?? []);
    }

    destroySSL(): void {
      const id = this.#stream?.destroy() ?? 0;
      if (id !== 0) leftovers.close(id);
    }

    get writeQueueSize(): number {
      return this.#stream?.writeQueueSize ?? 0;
    }

    /** A fact of the connection by its place in TLS_FACTS. */
    static fact(wrap: TLSWrap, place: number, inDetail: boolean): unknown {
      const asked = wrap.#questions?.servername;
      if (asked !== undefined && TLS_FACTS[place] === "getServername") return asked;
      const flat = wrap.#with((id) => tls.fact(id, place, inDetail));
      return flat && readTree(realm, flat);
    }
  }
  const { fact } = TLSWrap;
  for (let place = 0; place < TLS_FACTS.length; place++) {
    const name = TLS_FACTS[place] as string;
    const { [name]: method } = {
      [name](this: TLSWrap, inDetail: unknown): unknown {
        return fact(this, place, inDetail === true);
      },
    };
    objectDefineProperty(TLSWrap.prototype, name, dataDescriptor(method, false));
  }
  addStreamMethods(TLSWrap.prototype);
  putClass(binding, "TLSWrap", TLSWrap);

  const wrap = (handle: object, context: unknown, isServer: unknown, held: unknown): TLSWrap =>
    new TLSWrap(handle, contextNumber(context), isServer === true, held === true);
  binding["wrap"] = wrap;
  binding["HAVE_SSL_TRACE"] = 0;
};
