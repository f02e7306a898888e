import { X509_CHECKS, X509_FACTS } from "../../contract/x509.ts";
import { exactCopy } from "../lib/bytes.ts";
import { dataDescriptor } from "../lib/define.ts";
import { registerHostObject, registerReviver } from "../lib/host-objects.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { readTree } from "../lib/tree.ts";
import { objectDefineProperty, SafeWeakMap } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { type Below, engine } from "./crypto-error.ts";

const KIND = "X509Certificate";

/** A key's handle, as far as certificates need it. */
interface KeyHandle {
  init(type: unknown, key: Uint8Array, format: unknown, encoding: unknown): void;
  export(format: unknown, encoding: unknown): Uint8Array;
}

interface KeyFacts {
  readonly KeyObjectHandle: new () => KeyHandle;
  readonly kKeyTypePublic: number;
  readonly kKeyFormatDER: number;
  readonly kKeyEncodingSPKI: number;
  readonly kKeyEncodingPKCS8: number;
}

type Certificates = new (der: Uint8Array, issuer?: object) => object;

const classes = new SafeWeakMap<Realm, Certificates>();

/** A handle of the first certificate of a chain, each in DER; nothing for an empty one. */
export function certificateChain(realm: Realm, chain: readonly unknown[]): object | undefined {
  // The class comes with the binding `crypto`.
  realm.internalBinding("crypto");
  const Certificate = classes.get(realm) as Certificates;
  let certificate: object | undefined;
  for (let i = chain.length - 1; i >= 0; i--) certificate = new Certificate(chain[i] as Uint8Array, certificate);
  return certificate;
}

/** `X509Certificate` of src/crypto/crypto_x509.cc: its bytes, of which the cell reads what is asked for. */
export function installX509(binding: Binding, realm: Realm): void {
  const { x509 } = realm.sys;
  const keys = binding as unknown as KeyFacts;

  class X509Certificate {
    readonly #der: Uint8Array;
    /** The certificate after it in the chain a TLS connection showed. */
    readonly #issuer: object | undefined;

    constructor(der: Uint8Array, issuer?: object) {
      this.#der = der;
      this.#issuer = issuer;
      registerHostObject(this, {
        clone: () => new X509Certificate(der, issuer),
        portable: () => ({ kind: KIND, data: der }),
      });
    }

    raw(): Uint8Array {
      return asNodeBuffer(realm, exactCopy(this.#der));
    }

    getIssuerCert(): object | undefined {
      return this.#issuer;
    }

    publicKey(): object {
      const spki = engine(publicKey, () => x509.publicKey(this.#der));
      const handle = new keys.KeyObjectHandle();
      handle.init(keys.kKeyTypePublic, spki, keys.kKeyFormatDER, keys.kKeyEncodingSPKI);
      return handle;
    }

    checkIssued(other: object): boolean {
      return engine(checkIssued, () => x509.isIssuedBy(this.#der, (other as X509Certificate).#der));
    }

    checkPrivateKey(key: KeyHandle): boolean {
      const pkcs8 = copyOf(key.export(keys.kKeyFormatDER, keys.kKeyEncodingPKCS8));
      return engine(checkPrivateKey, () => x509.hasPrivateKey(this.#der, pkcs8));
    }

    verify(key: KeyHandle): boolean {
      const spki = copyOf(key.export(keys.kKeyFormatDER, keys.kKeyEncodingSPKI));
      return engine(verify, () => x509.isSignedWith(this.#der, spki));
    }

    static fact(certificate: X509Certificate, place: number, below: Below): unknown {
      return readTree(
        realm,
        engine(below, () => x509.fact(certificate.#der, place)),
      );
    }

    static check(certificate: X509Certificate, place: number, name: string, flags: number, below: Below): unknown {
      return engine(below, () => x509.check(certificate.#der, place, name, flags));
    }
  }
  const { fact, check } = X509Certificate;
  const { prototype } = X509Certificate;
  const { publicKey, checkIssued, checkPrivateKey, verify } = prototype;
  for (let place = 0; place < X509_FACTS.length; place++) {
    const name = X509_FACTS[place] as string;
    const { [name]: method } = {
      [name](this: X509Certificate): unknown {
        return fact(this, place, method as Below);
      },
    };
    objectDefineProperty(prototype, name, dataDescriptor(method, false));
  }
  for (let place = 0; place < X509_CHECKS.length; place++) {
    const name = X509_CHECKS[place] as string;
    const { [name]: method } = {
      [name](this: X509Certificate, text: string, flags: number): unknown {
        return check(this, place, text, flags, method as Below);
      },
    };
    objectDefineProperty(prototype, name, dataDescriptor(method, false));
  }

  const parseX509 = (data: unknown): object => {
    const bytes = copyOf(data);
    return new X509Certificate(engine(parseX509, () => x509.parse(bytes)));
  };
  registerReviver(KIND, (der) => new X509Certificate(der as Uint8Array));
  putClass({}, KIND, X509Certificate);
  binding["parseX509"] = parseX509;
  classes.set(realm, X509Certificate);
}
