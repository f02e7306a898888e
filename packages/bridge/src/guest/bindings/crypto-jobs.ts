import { MAX_RANDOM_BYTES } from "../../contract/crypto.ts";
import { notABuffer } from "../lib/binding-error.ts";
import { bytesOf } from "../lib/bytes.ts";
import { putHidden } from "../lib/define.ts";
import { Bytes, NativeError, RawBuffer } from "../lib/intrinsics.ts";
import {
  ErrorProto,
  mathFloor,
  mathMin,
  reflectApply,
  StringProto,
  TypedArrayProto,
  typedArrayBuffer,
  typedArrayByteLength,
} from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { AsyncResource } from "./async-object.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { timingSafeEqual } from "./crypto-digest.ts";
import { cryptoError, seenFrom } from "./crypto-error.ts";
import { makeSecretHandle, secretOf } from "./crypto-keys.ts";

/** Fills bytes with randomness of the host. */
export function fillRandom(realm: Realm, target: Uint8Array, start: number, size: number): void {
  for (let done = 0; done < size; done += MAX_RANDOM_BYTES) {
    TypedArrayProto.set(target, realm.sys.crypto.random(mathMin(size - done, MAX_RANDOM_BYTES)), start + done);
  }
}

type Outcome = readonly [error: unknown, result: unknown];

/** Errors Node's jobs throw when they are made, for sync and async ones alike; the others are a job's outcome. */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && StringProto.startsWith(code, "ERR_CRYPTO_INVALID_");
}

/** An error that Node makes when no JavaScript runs: its stack is its first line. */
function withoutFrames(error: unknown): unknown {
  if (error instanceof NativeError) putHidden(error, "stack", ErrorProto.toString(error));
  return error;
}

/** Makes the class of a kind of job (`src/crypto/crypto_util.h`, CryptoJob) from what it does. */
function installJob(
  binding: Binding,
  realm: Realm,
  name: string,
  provider: string,
  work: (...args: never[]) => unknown,
): void {
  class Job {
    readonly #resource: AsyncResource;
    readonly #outcome: Outcome;
    readonly #isAsync: boolean;

    /** The work is done here: an async job's result waits for the poll phase, as if a thread had taken it. */
    constructor(mode: number, ...args: unknown[]) {
      this.#isAsync = mode === binding.kCryptoJobAsync;
      this.#resource = new AsyncResource(realm, this, provider);
      try {
        this.#outcome = [undefined, reflectApply(work, undefined, args)];
      } catch (failure) {
        const error = cryptoError(failure);
        if (isRefusal(error)) throw seenFrom(error, Job);
        this.#outcome = [error, undefined];
      }
    }

    run(): Outcome | undefined {
      const { 0: error, 1: result } = this.#outcome;
      if (!this.#isAsync) return [seenFrom(error, run), result];
      realm.loop.complete(() => {
        const { ondone } = this as { ondone?: unknown };
        if (typeof ondone === "function") this.#resource.call(ondone, [withoutFrames(error), result]);
        this.#resource.destroy();
      });
      return undefined;
    }
  }
  const { run } = Job.prototype;
  putClass(binding, name, Job);
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
