import { MAX_RANDOM_BYTES } from "../../contract/crypto.ts";
import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf } from "../lib/bytes.ts";
import { Bytes, RawBuffer } from "../lib/intrinsics.ts";
import {
  mathFloor,
  mathMin,
  reflectApply,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { timingSafeEqual } from "./crypto-digest.ts";
import { type HostWork, installJob, installThreadJob } from "./crypto-job.ts";
import { makeSecretHandle, secretOf } from "./crypto-key-store.ts";

/** Fills bytes with randomness of the host. */
export function fillRandom(realm: Realm, target: Uint8Array, start: number, size: number): void {
  for (let done = 0; done < size; done += MAX_RANDOM_BYTES) {
    TypedArrayProto.set(target, realm.sys.crypto.random(mathMin(size - done, MAX_RANDOM_BYTES)), start + done);
  }
}

const bufferOf = (bytes: Uint8Array): ArrayBufferLike => typedArrayBuffer(bytes);

/** The jobs this sandbox does: randomness, digests, MACs, key derivation, secret keys. */
export function installJobs(binding: Binding, realm: Realm): void {
  const { crypto } = realm.sys;
  const job = (name: string, provider: string, work: (...args: never[]) => unknown): void => {
    installJob(binding, realm, name, provider, work);
  };

  job("RandomBytesJob", "RANDOMBYTESREQUEST", (target: unknown, offset: number, size: number) => {
    const bytes = bytesOf(target);
    if (bytes === undefined) throw notABuffer();
    fillRandom(realm, bytes, offset, size);
  });
  job("SecretKeyGenJob", "KEYGENREQUEST", (bits: number) => {
    const bytes = new Bytes(mathFloor(bits / 8));
    fillRandom(realm, bytes, 0, typedArrayByteLength(bytes));
    return makeSecretHandle(binding, bytes);
  });
  job("HashJob", "HASHREQUEST", (algorithm: string, data: unknown) =>
    bufferOf(crypto.hashOnce(algorithm, copyOf(data), undefined)),
  );
  job("HmacJob", "SIGNREQUEST", (mode: number, algorithm: string, key: unknown, data: unknown, signature: unknown) => {
    const mac = crypto.hmacOnce(algorithm, copyOf(secretOf(key)), copyOf(data));
    if (mode === binding.kSignJobModeSign) return bufferOf(mac);
    const given = inputBytes(signature);
    return typedArrayByteLength(given) === typedArrayByteLength(mac) && timingSafeEqual(realm, mac, given);
  });
  installDerivation(binding, realm);
  binding.secureBuffer = (size: number) => new Bytes(new RawBuffer(size));
}

/** What a program gets of a derived key. */
const derived = (answer: readonly unknown[]): ArrayBufferLike => bufferOf(answer[0] as Uint8Array);

/** Key derivation, which takes long on purpose: async jobs leave it to a thread of the host. */
function installDerivation(binding: Binding, realm: Realm): void {
  const { crypto } = realm.sys;
  const job = (name: string, provider: string, prepare: (...args: never[]) => HostWork["begin"]): void => {
    installThreadJob(binding, realm, name, provider, (...args: never[]) => ({
      begin: reflectApply(prepare, undefined, args),
      finish: derived,
    }));
  };
  job(
    "PBKDF2Job",
    "PBKDF2REQUEST",
    (password: unknown, salt: unknown, iterations: number, length: number, algorithm: string) => {
      const secret = copyOf(password);
      const added = copyOf(salt);
      return (later) => crypto.pbkdf2(secret, added, iterations, length, algorithm, later);
    },
  );
  job(
    "ScryptJob",
    "SCRYPTREQUEST",
    (password: unknown, salt: unknown, N: number, r: number, p: number, maxmem: number, length: number) => {
      const secret = copyOf(password);
      const added = copyOf(salt);
      return (later) => crypto.scrypt(secret, added, [N, r, p, maxmem, length], later);
    },
  );
  job(
    "HKDFJob",
    "DERIVEBITSREQUEST",
    (algorithm: string, key: unknown, salt: unknown, info: unknown, length: number) => {
      const secret = copyOf(secretOf(key));
      const added = copyOf(salt);
      const context = copyOf(info);
      return (later) => crypto.hkdf(algorithm, secret, added, context, length, later);
    },
  );
}
