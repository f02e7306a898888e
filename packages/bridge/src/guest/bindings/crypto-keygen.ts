import { append } from "../lib/define.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { isArrayBufferView } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { type HostWork, installThreadJob } from "./crypto-job.ts";
import { encodingParts, type HostKeys } from "./crypto-key-store.ts";

type Scalar = string | number | Uint8Array | undefined;

/** Options as pairs; those left out are left out. */
function pairsOf(...entries: readonly (readonly [name: string, value: unknown])[]): Scalar[] {
  const pairs: Scalar[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { 0: name, 1: value } = entries[i] as readonly [string, unknown];
    if (value === undefined) continue;
    append(pairs, name);
    append(pairs, typeof value === "object" ? copyOf(value) : (value as Scalar));
  }
  return pairs;
}

/** How both keys are to be given out: format, encoding, then cipher and passphrase of the private one. */
type Encodings = [
  publicFormat: unknown,
  publicType: unknown,
  privateFormat: unknown,
  privateType: unknown,
  cipher: unknown,
  passphrase: unknown,
];

/** `src/crypto/crypto_keygen.cc` and what the files of each type add: the jobs of `generateKeyPair`. */
export function installKeyGeneration(binding: Binding, realm: Realm, hostKeys: HostKeys): void {
  const { keys } = realm.sys;

  function half(answer: readonly unknown[], at: number): unknown {
    const made = hostKeys.half(binding, answer, at);
    return isArrayBufferView(made) ? asNodeBuffer(realm, made as Uint8Array) : made;
  }

  function generation(type: string, options: Scalar[], encodings: Encodings): HostWork {
    const { 0: publicFormat, 1: publicType, 2: privateFormat, 3: privateType, 4: cipher, 5: passphrase } = encodings;
    const publicParts = encodingParts(binding, publicFormat, publicType);
    const privateParts = encodingParts(binding, privateFormat, privateType, cipher, passphrase);
    const encoding: Scalar[] = [
      publicParts[0],
      publicParts[1],
      privateParts[0],
      privateParts[1],
      privateParts[2],
      privateParts[3],
    ];
    return {
      begin(later) {
        hostKeys.makeRoom();
        return keys.generate(type, options, encoding, later);
      },
      finish: (answer) => [half(answer, 0), half(answer, 4)],
    };
  }
  const job = (name: string, prepare: (...args: never[]) => HostWork): void =>
    installThreadJob(binding, realm, name, "KEYPAIRGENREQUEST", prepare);

  const { kKeyVariantRSA_PSS } = binding;
  job("RsaKeyPairGenJob", (variant: number, modulusLength: number, publicExponent: number, ...rest: unknown[]) => {
    const common = pairsOf(["modulusLength", modulusLength], ["publicExponent", publicExponent]);
    if (variant !== kKeyVariantRSA_PSS) return generation("rsa", common, rest as Encodings);
    const { 0: hashAlgorithm, 1: mgf1HashAlgorithm, 2: saltLength } = rest;
    const options = pairsOf(
      ["modulusLength", modulusLength],
      ["publicExponent", publicExponent],
      ["hashAlgorithm", hashAlgorithm],
      ["mgf1HashAlgorithm", mgf1HashAlgorithm],
      ["saltLength", saltLength],
    );
    return generation("rsa-pss", options, [rest[3], rest[4], rest[5], rest[6], rest[7], rest[8]]);
  });
  job("DsaKeyPairGenJob", (modulusLength: number, divisorLength: number, ...encodings: Encodings) => {
    const divisor = divisorLength < 0 ? undefined : divisorLength;
    return generation("dsa", pairsOf(["modulusLength", modulusLength], ["divisorLength", divisor]), encodings);
  });
  const { OPENSSL_EC_EXPLICIT_CURVE } = binding;
  job("EcKeyPairGenJob", (namedCurve: string, encoding: number, ...encodings: Encodings) => {
    const paramEncoding = encoding === OPENSSL_EC_EXPLICIT_CURVE ? "explicit" : "named";
    return generation("ec", pairsOf(["namedCurve", namedCurve], ["paramEncoding", paramEncoding]), encodings);
  });
  const { EVP_PKEY_ED25519, EVP_PKEY_ED448, EVP_PKEY_X25519 } = binding;
  job("NidKeyPairGenJob", (id: number, ...encodings: Encodings) => {
    const typeOf = (): string => {
      if (id === EVP_PKEY_ED25519) return "ed25519";
      if (id === EVP_PKEY_ED448) return "ed448";
      return id === EVP_PKEY_X25519 ? "x25519" : "x448";
    };
    return generation(typeOf(), [], encodings);
  });
  job("DhKeyPairGenJob", (first: unknown, ...rest: unknown[]) => {
    if (typeof first === "string") return generation("dh", pairsOf(["group", first]), rest as Encodings);
    const { 0: generator, 1: a, 2: b, 3: c, 4: d, 5: e, 6: f } = rest;
    const size = typeof first === "number" ? "primeLength" : "prime";
    return generation("dh", pairsOf([size, first], ["generator", generator]), [a, b, c, d, e, f]);
  });
}
