import { MAX_TLS_CONTEXTS, TLS_MATERIALS, TLS_NUMBERS, TLS_TEXTS } from "../../contract/tls.ts";
import { notABuffer } from "../lib/binding-error.ts";
import { externalValue } from "../lib/external.ts";
import { NativeTypeError } from "../lib/intrinsics.ts";
import { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { ArrayProto, isArrayBufferView, objectAssign, objectDefineProperty } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { type Below, engine, unsupported } from "./crypto-error.ts";
import type { RootStore } from "./crypto-roots.ts";

const GONE = 0;

/** The cell's number of a secure context, 0 where it is none or closed. Filled when the class is made. */
let numberOf: (context: unknown) => number = () => GONE;
export const contextNumber = (context: unknown): number => numberOf(context);

/** Whether it is a native secure context. */
let isOne: (value: unknown) => boolean = () => false;
export const isSecureContext = (value: unknown): boolean => isOne(value);

/** `SecureContext` of src/crypto/crypto_context.cc: what it holds is in the cell, under a number. */
export function installSecureContext(binding: Binding, realm: Realm, roots: RootStore): void {
  const { tls } = realm.sys;
  const leftovers = new Leftovers(realm, {
    few: 128,
    most: MAX_TLS_CONTEXTS,
    close: (id) => tls.contextClose(id),
  });

  class SecureContext {
    #id = GONE;

    static {
      isOne = (value) => typeof value === "object" && value !== null && #id in value;
      numberOf = (context) => (isOne(context) ? (context as SecureContext).#id : GONE);
    }

    init(method: string | undefined, min: number, max: number): void {
      leftovers.makeRoom();
      this.#id = engine(init, () => tls.contextOpen(method ?? undefined, min, max));
      leftovers.watch(this, this.#id);
    }

    setKey(key: unknown, passphrase: unknown): void {
      const pem = copyOf(key);
      const secret = typeof passphrase === "string" ? passphrase : undefined;
      engine(setKey, () => tls.contextKey(this.#id, pem, secret));
    }

    setCert(certificate: unknown): void {
      this.#add("setCert", certificate, setCert);
    }

    addCACert(certificate: unknown): void {
      this.#add("addCACert", certificate, addCACert);
    }

    addCRL(list: unknown): void {
      this.#add("addCRL", list, addCRL);
    }

    #add(name: (typeof TLS_MATERIALS)[number], pem: unknown, below: Below): void {
      const place = ArrayProto.indexOf(TLS_MATERIALS, name);
      const data = copyOf(pem);
      engine(below, () => tls.contextMaterial(this.#id, place, data));
    }

    addRootCerts(): void {
      engine(addRootCerts, () => roots.addTo(this.#id));
    }

    setAllowPartialTrustChain(): void {
      engine(setAllowPartialTrustChain, () => tls.contextPartialChains(this.#id));
    }

    setCiphers(list: string): void {
      this.#text("setCiphers", list, setCiphers);
    }

    setCipherSuites(list: string): void {
      this.#text("setCipherSuites", list, setCipherSuites);
    }

    setSigalgs(list: string): void {
      this.#text("setSigalgs", list, setSigalgs);
    }

    setECDHCurve(names: string): void {
      this.#text("setECDHCurve", names, setECDHCurve);
    }

    setSessionIdContext(id: string): void {
      this.#text("setSessionIdContext", id, setSessionIdContext);
    }

    #text(name: (typeof TLS_TEXTS)[number], text: string, below: Below): void {
      const place = ArrayProto.indexOf(TLS_TEXTS, name);
      engine(below, () => tls.contextText(this.#id, place, text));
    }

    setDHParam(parameters: unknown): string | undefined {
      const pem = parameters === true ? undefined : copyOf(parameters);
      return engine(setDHParam, () => tls.contextDh(this.#id, pem));
    }

    setMinProto(version: number): void {
      this.#number("setMinProto", version, setMinProto);
    }

    setMaxProto(version: number): void {
      this.#number("setMaxProto", version, setMaxProto);
    }

    setOptions(options: number): void {
      this.#number("setOptions", options, setOptions);
    }

    setSessionTimeout(seconds: number): void {
      this.#number("setSessionTimeout", seconds, setSessionTimeout);
    }

    #number(name: (typeof TLS_NUMBERS)[number], value: number, below: Below): void {
      const place = ArrayProto.indexOf(TLS_NUMBERS, name);
      engine(below, () => tls.contextNumber(this.#id, place, value));
    }

    getMinProto(): unknown {
      return engine(getMinProto, () => tls.contextProtocols(this.#id)[0]);
    }

    getMaxProto(): unknown {
      return engine(getMaxProto, () => tls.contextProtocols(this.#id)[1]);
    }

    loadPKCS12(archive: unknown, passphrase?: unknown): void {
      const data = copyOf(archive);
      const secret = passphrase === undefined ? undefined : copyOf(passphrase);
      engine(loadPKCS12, () => tls.contextArchive(this.#id, data, secret));
    }

    getTicketKeys(): Uint8Array {
      return asNodeBuffer(
        realm,
        engine(getTicketKeys, () => tls.contextTicketKeys(this.#id)),
      );
    }

    setTicketKeys(keys: unknown): void {
      if (!isArrayBufferView(keys)) throw notABuffer("Ticket keys");
      const bytes = copyOf(keys);
      engine(setTicketKeys, () => tls.contextSetTicketKeys(this.#id, bytes));
    }

    getCertificate(): Uint8Array | null {
      return this.#certificate(false, getCertificate);
    }

    getIssuer(): Uint8Array | null {
      return this.#certificate(true, getIssuer);
    }

    #certificate(ofIssuer: boolean, below: Below): Uint8Array | null {
      const der = engine(below, () => tls.contextCertificate(this.#id, ofIssuer));
      return der ? asNodeBuffer(realm, der) : null;
    }

    close(): void {
      if (this.#id !== GONE) leftovers.close(this.#id);
      this.#id = GONE;
    }

    enableTicketKeyCallback(): never {
      throw unsupported("SecureContext.enableTicketKeyCallback", enableTicketKeyCallback, "tls");
    }

    setEngineKey(): never {
      throw unsupported("createSecureContext.privateKeyEngine", setEngineKey, "tls");
    }

    setClientCertEngine(): never {
      throw unsupported("createSecureContext.clientCertEngine", setClientCertEngine, "tls");
    }
  }
  const { init, setKey, setCert, addCACert, addCRL, addRootCerts, setAllowPartialTrustChain } = SecureContext.prototype;
  const { setCiphers, setCipherSuites, setSigalgs, setECDHCurve, setSessionIdContext } = SecureContext.prototype;
  const { setDHParam, setMinProto, setMaxProto, setOptions, setSessionTimeout, loadPKCS12 } = SecureContext.prototype;
  const { getMinProto, getMaxProto, getTicketKeys, setTicketKeys, getCertificate, getIssuer } = SecureContext.prototype;
  const { enableTicketKeyCallback, setEngineKey, setClientCertEngine } = SecureContext.prototype;
  objectDefineProperty(SecureContext.prototype, "_external", {
    get(this: object) {
      if (!isOne(this)) throw new NativeTypeError("Illegal invocation");
      return externalValue();
    },
    enumerable: false,
  });
  // Numbers the class of the manifest carries.
  objectAssign(SecureContext, binding["SecureContext"]);
  putClass(binding, "SecureContext", SecureContext);
}
