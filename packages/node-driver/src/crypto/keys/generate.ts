import type { KeyObject } from "node:crypto";
import { KEY_PART, type Scalar } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { late } from "../../late.ts";
import { checkGenerated, checkKeyBytes } from "./caps.ts";
import { encodingOf } from "./export.ts";
import { described } from "./key-input.ts";
import { optionsOf } from "./options.ts";
import type { CurrentRun, KeyRun } from "./run.ts";

const OPTIONS = new Set([
  "modulusLength",
  "publicExponent",
  "hashAlgorithm",
  "mgf1HashAlgorithm",
  "saltLength",
  "divisorLength",
  "namedCurve",
  "paramEncoding",
  "group",
  "prime",
  "primeLength",
  "generator",
]);

/** Either half of a pair: a key of the host, text, bytes, or a JWK. */
type Half = KeyObject | string | Buffer | object;
type Pair = readonly [publicKey: Half, privateKey: Half];

/** Four parts of an answer. */
function partsOf(run: KeyRun, half: Half): readonly Scalar[] {
  if (half instanceof late.crypto.KeyObject) return [KEY_PART.handle, ...described(run, half)];
  if (typeof half === "string" || half instanceof Uint8Array) return [KEY_PART.data, half, undefined, undefined];
  return [KEY_PART.jwk, JSON.stringify(half), undefined, undefined];
}

/** Options of Node's own from their parts: those of the type, and two encodings where they were chosen. */
function generationOptions(pairs: readonly Scalar[], encodings: readonly Scalar[]): Record<string, unknown> {
  const { 0: publicFormat, 2: privateFormat } = encodings;
  return {
    ...optionsOf(pairs, OPTIONS),
    ...(publicFormat === undefined ? {} : { publicKeyEncoding: encodingOf(encodings.slice(0, 2)) }),
    ...(privateFormat === undefined ? {} : { privateKeyEncoding: encodingOf(encodings.slice(2, 6)) }),
  };
}

/** Node's functions with the types of all their overloads taken off: `type` and options were checked by themselves. */
const pairSync = () =>
  late.crypto.generateKeyPairSync as unknown as (
    type: string,
    options: object,
  ) => { publicKey: Half; privateKey: Half };
const pairLater = () =>
  late.crypto.generateKeyPair as unknown as (
    type: string,
    options: object,
    done: (error: Error | null, publicKey: Half, privateKey: Half) => void,
  ) => void;

/** `generateKeyPair` in both its forms. */
export const generationHandlers = (current: CurrentRun): Pick<Handlers<"keys">, "generate"> => ({
  generate(_grants, type, pairs, encodings, wantsLater) {
    const run = current();
    const options = generationOptions(pairs, encodings);
    checkGenerated(type, options);
    const { prime } = options;
    if (prime instanceof Uint8Array) checkKeyBytes("a prime", prime.byteLength);
    return run.jobs.run<Pair>("heavy", wantsLater, {
      now() {
        const { publicKey, privateKey } = pairSync()(type, options);
        return [publicKey, privateKey];
      },
      later: (done) =>
        pairLater()(type, options, (error, publicKey, privateKey) => done(error, [publicKey, privateKey])),
      answer: (pair) => pair.flatMap((half) => partsOf(run, half)),
    });
  },
});
