import { TLS_MATERIALS } from "../../contract/tls.ts";
import { implement } from "../lib/implement.ts";
import { ArrayProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { engine } from "./crypto-error.ts";

const CA = ArrayProto.indexOf(TLS_MATERIALS as unknown as unknown[], "addCACert");

/** The certificates a context trusts that names none itself: those Node comes with, or those the program put in their place. */
export class RootStore {
  readonly #realm: Realm;
  #own: readonly string[] | undefined;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  get own(): readonly string[] | undefined {
    return this.#own;
  }

  replace(certificates: readonly string[]): void {
    this.#own = certificates;
  }

  /** Makes them trusted in a context of the cell's. @throws SyscallError */
  addTo(context: number): void {
    const { tls } = this.#realm.sys;
    if (this.#own === undefined) {
      tls.contextRoots(context);
      return;
    }
    for (let i = 0; i < this.#own.length; i++) tls.contextMaterial(context, CA, copyOf(this.#own[i]));
  }
}

/** Root certificates and cipher names of `internalBinding('crypto')`. Nothing of the host's own certificates is told. */
export function installRoots(binding: Binding, realm: Realm, roots: RootStore): void {
  const { tls } = realm.sys;
  const list = (ask: () => readonly unknown[]): unknown[] => ArrayProto.slice(engine(list, ask) as unknown[]);
  implement(binding, {
    getBundledRootCertificates: () => list(() => tls.roots()),
    getExtraCACertificates: () => [],
    getSystemCACertificates: () => [],
    getUserRootCertificates: () => ArrayProto.slice((roots.own ?? []) as unknown[]),
    resetRootCertStore: (certificates: readonly string[]) => roots.replace(certificates),
    getSSLCiphers: () => list(() => tls.ciphers()),
    // Certificates are loaded when they are asked for; `require("tls")` alone asks for nothing.
    startLoadingCertificatesOffThread: () => {},
  });
}
