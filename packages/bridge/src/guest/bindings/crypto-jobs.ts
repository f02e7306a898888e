import { MAX_RANDOM_BYTES } from "../../contract/crypto.ts";
import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf } from "../lib/bytes.ts";
import { Bytes, RawBuffer } from "../lib/intrinsics.ts";
import { mathFloor, mathMin, TypedArrayProto, typedArrayBuffer, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { timingSafeEqual } from "./crypto-digest.ts";
import { installJob } from "./crypto-job.ts";
import { makeSecretHandle, secretOf } from "./crypto-key-store.ts";

/** Fills bytes with randomness of the host. */
function fillRandom(realm: Realm, target: Uint8Array, start: number, size: number): void {
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
  job(
    "PBKDF2Job",
    "PBKDF2REQUEST",
    (password: unknown, salt: unknown, iterations: number, length: number, algorithm: string) =>
      bufferOf(crypto.pbkdf2(copyOf(password), copyOf(salt), iterations, length, algorithm)),
  );
  job(
    "ScryptJob",
    "SCRYPTREQUEST",
    (password: unknown, salt: unknown, N: number, r: number, p: number, maxmem: number, length: number) =>
      bufferOf(crypto.scrypt(copyOf(password), copyOf(salt), [N, r, p, maxmem, length])),
  );
  job("HKDFJob", "DERIVEBITSREQUEST", (algorithm: string, key: unknown, salt: unknown, info: unknown, length: number) =>
    bufferOf(crypto.hkdf(algorithm, copyOf(secretOf(key)), copyOf(salt), copyOf(info), length)),
  );
  binding.secureBuffer = (size: number) => new Bytes(new RawBuffer(size));
}
