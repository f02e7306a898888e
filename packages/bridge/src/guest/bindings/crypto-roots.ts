import { TLS_MATERIALS } from "../../contract/tls.ts";
import { X509_FACTS } from "../../contract/x509.ts";
import { SyscallError } from "../client.ts";
import { append } from "../lib/define.ts";
import { decodeBytes, Encoding } from "../lib/encodings.ts";
import { implement } from "../lib/implement.ts";
import { splitCertificates } from "../lib/pem.ts";
import { readTree } from "../lib/tree.ts";
import { ArrayProto, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { cryptoError, engine } from "./crypto-error.ts";

const ADD = ArrayProto.indexOf(TLS_MATERIALS, "addCACert");
const PEM = ArrayProto.indexOf(X509_FACTS, "pem");
const O_RDONLY = 0;

/** OpenSSL's names for why a file cannot be opened: error numbers of the system with its library's bit. */
const OPENING: Readonly<Record<string, string>> = {
  ENOENT: "error:80000002:system library::No such file or directory",
  EACCES: "error:8000000D:system library::Permission denied",
  EISDIR: "error:80000015:system library::Is a directory",
};

/** The certificates a context trusts that names none itself. Each is a text in PEM, as OpenSSL writes it. */
export class RootStore {
  readonly #realm: Realm;
  #extra: readonly string[] | undefined;
  #own: readonly string[] | undefined;

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** What the program put in place of all others. */
  get own(): readonly string[] {
    return this.#own ?? [];
  }

  /** @throws SyscallError for what is no certificate */
  replace(certificates: readonly unknown[]): void {
    const normal: string[] = [];
    for (let i = 0; i < certificates.length; i++) {
      const pem = this.#normal(copyOf(certificates[i]));
      if (!ArrayProto.includes(normal, pem)) append(normal, pem);
    }
    this.#own = normal;
  }

  #normal(certificate: Uint8Array): string {
    const { x509 } = this.#realm.sys;
    return readTree(this.#realm, x509.fact(x509.parse(certificate), PEM)) as string;
  }

  /** Those of the guest's file NODE_EXTRA_CA_CERTS names. What is wrong with it, standard error says. */
  get extra(): readonly string[] {
    this.#extra ??= this.#readExtra();
    return this.#extra;
  }

  #readExtra(): readonly string[] {
    const file = this.#realm.config.env["NODE_EXTRA_CA_CERTS"];
    const found: string[] = [];
    if (!file) return found;
    try {
      const parts = splitCertificates(this.#textOf(file));
      for (let i = 0; i < parts.length; i++) append(found, this.#normal(copyOf(parts[i])));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      const why = OPENING[error.code] ?? (cryptoError(error) as Error).message;
      this.#realm.sys.stdio.write(2, copyOf(`Warning: Ignoring extra certs from \`${file}\`, load failed: ${why}\n`));
    }
    return found;
  }

  #textOf(file: string): string {
    const { resolve } = this.#realm.requireBuiltin<{ resolve: (...parts: string[]) => string }>("path");
    const bytes = this.#realm.sys.fs.readFile(resolve(this.#realm.config.cwd, file), O_RDONLY) as Uint8Array;
    return decodeBytes(bytes, 0, typedArrayByteLength(bytes), Encoding.latin1);
  }

  /** Makes them trusted in a context of the cell's. @throws SyscallError */
  addTo(context: number): void {
    const { tls } = this.#realm.sys;
    if (this.#own === undefined) tls.contextRoots(context);
    const more = this.#own ?? this.extra;
    for (let i = 0; i < more.length; i++) tls.contextMaterial(context, ADD, copyOf(more[i]));
  }
}

/** Root certificates and cipher names of `internalBinding('crypto')`. Nothing of the host's own certificates is told. */
export function installRoots(binding: Binding, realm: Realm, roots: RootStore): void {
  const { tls } = realm.sys;
  const list = (ask: () => readonly unknown[]): unknown[] => ArrayProto.slice(engine(list, ask));
  const resetRootCertStore = (certificates: readonly unknown[]): void =>
    engine(resetRootCertStore, () => roots.replace(certificates));
  implement(binding, {
    getBundledRootCertificates: () => list(() => tls.roots()),
    getExtraCACertificates: () => ArrayProto.slice(roots.extra),
    getSystemCACertificates: () => [],
    getUserRootCertificates: () => ArrayProto.slice(roots.own),
    resetRootCertStore,
    getSSLCiphers: () => list(() => tls.ciphers()),
    // Certificates are loaded when they are asked for; `require("tls")` alone asks for nothing.
    startLoadingCertificatesOffThread: () => {},
  });
}
