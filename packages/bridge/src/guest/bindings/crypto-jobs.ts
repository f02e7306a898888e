import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf } from "../lib/bytes.ts";
import { Bytes, RawBuffer } from "../lib/intrinsics.ts";
import { mathFloor, reflectApply, StringProto, typedArrayBuffer, typedArrayByteLength, TypedArrayProto } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { cryptoError } from "./crypto-error.ts";
import { makeSecretHandle, secretOf } from "./crypto-keys.ts";
import { timingSafeEqual } from "./crypto-digest.ts";

/** Most random bytes of one syscall. */
const RANDOM_CHUNK = 1024 * 1024;

/** Fills bytes with randomness of the host. */
function fillRandom(realm: Realm, target: Uint8Array, start: number, size: number): void {
  for (let done = 0; done < size; done += RANDOM_CHUNK) {
    const left = size - done;
    TypedArrayProto.set(target, realm.sys.crypto.random(left < RANDOM_CHUNK ? left : RANDOM_CHUNK), start + done);
  }
}

type Outcome = readonly [error: unknown, result: unknown];

/** Errors Node's jobs throw when they are made, for sync and async ones alike; the others are a job's outcome. */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && StringProto.startsWith(code, "ERR_CRYPTO_INVALID_");
}

/** Makes the class of a kind of job (`src/crypto/crypto_util.h`, CryptoJob) from what it does. */
function jobClass(realm: Realm, asyncMode: number, name: string, work: (...args: never[]) => unknown): unknown {
  const { [name]: Job } = {
    [name]: class {
      ondone: unknown;
      readonly #outcome: Outcome;
      readonly #isAsync: boolean;

      constructor(mode: number, ...args: unknown[]) {
        this.#isAsync = mode === asyncMode;
        let outcome: Outcome;
        try {
          outcome = [undefined, reflectApply(work, undefined, args)];
        } catch (failure) {
          const error = cryptoError(failure);
          if (isRefusal(error)) throw error;
          outcome = [error, undefined];
        }
        this.#outcome = outcome;
        delete this.ondone;
      }

      run(): Outcome | undefined {
        const { 0: error, 1: result } = this.#outcome;
        if (!this.#isAsync) return [error, result];
        realm.loop.complete(() => {
          const { ondone } = this;
          if (typeof ondone === "function") reflectApply(ondone as (...args: unknown[]) => unknown, this, [error, result]);
        });
        return undefined;
      }
    },
  };
  return Job;
}

const bufferOf = (bytes: Uint8Array): ArrayBufferLike => typedArrayBuffer(bytes);

/** The jobs this sandbox does: randomness, digests, MACs, key derivation, secret keys. */
export function installJobs(binding: Binding, realm: Realm): void {
  const { crypto } = realm.sys;
  const { kCryptoJobAsync, kSignJobModeSign } = binding as Record<string, number>;
  const job = (name: string, work: (...args: never[]) => unknown): void => {
    binding[name] = jobClass(realm, kCryptoJobAsync as number, name, work);
  };

  job("RandomBytesJob", (target: unknown, offset: number, size: number) => {
    const bytes = bytesOf(target);
    if (bytes === undefined) throw notABuffer();
    fillRandom(realm, bytes, offset, size);
  });
  job("SecretKeyGenJob", (bits: number) => {
    const bytes = new Bytes(mathFloor(bits / 8));
    fillRandom(realm, bytes, 0, typedArrayByteLength(bytes));
    return makeSecretHandle(binding, bytes);
  });
  job("HashJob", (algorithm: string, data: unknown) => bufferOf(crypto.hashOnce(algorithm, copyOf(data), undefined)));
  job("HmacJob", (mode: number, algorithm: string, key: unknown, data: unknown, signature: unknown) => {
    const mac = crypto.hmacOnce(algorithm, copyOf(secretOf(key)), copyOf(data));
    if (mode === kSignJobModeSign) return bufferOf(mac);
    const given = inputBytes(signature);
    return typedArrayByteLength(given) === typedArrayByteLength(mac) && timingSafeEqual(realm, mac, given);
  });
  job("PBKDF2Job", (password: unknown, salt: unknown, iterations: number, length: number, algorithm: string) =>
    bufferOf(crypto.pbkdf2(copyOf(password), copyOf(salt), iterations, length, algorithm)),
  );
  job("ScryptJob", (password: unknown, salt: unknown, N: number, r: number, p: number, maxmem: number, length: number) =>
    bufferOf(crypto.scrypt(copyOf(password), copyOf(salt), [N, r, p, maxmem, length])),
  );
  job("HKDFJob", (algorithm: string, key: unknown, salt: unknown, info: unknown, length: number) =>
    bufferOf(crypto.hkdf(algorithm, copyOf(secretOf(key)), copyOf(salt), copyOf(info), length)),
  );
  binding.secureBuffer = (size: number) => new Bytes(new RawBuffer(size));
}
