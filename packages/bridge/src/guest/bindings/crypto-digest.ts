import { bindingError } from "../lib/binding-error.ts";
import { exactCopy as piece } from "../lib/bytes.ts";
import { Bytes, ToString } from "../lib/intrinsics.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { mathMin, SafeMap, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { CHUNK, copyOf, inputBytes, outputIn } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { engine } from "./crypto-error.ts";
import { secretOf } from "./crypto-key-store.ts";
import { DigestState, type Ending, type Feed } from "./crypto-state.ts";

/** Algorithms the host said it has, so that it is asked once. */
class Known {
  readonly #names = new SafeMap<string, true>();
  check(name: string, ask: () => void): void {
    if (this.#names.has(name)) return;
    ask();
    this.#names.set(name, true);
  }
}

type DigestCalls = Feed & Ending<Uint8Array>;

const digestCalls = (realm: Realm, open: () => number, once: (data: Uint8Array) => Uint8Array): DigestCalls => ({
  once,
  open,
  update: (id, data) => realm.sys.crypto.update(id, data),
  end: (id) => realm.sys.crypto.digest(id),
});

const hashCalls = (realm: Realm, algorithm: string, outputLength: number | undefined): DigestCalls =>
  digestCalls(
    realm,
    () => realm.sys.crypto.hashOpen(algorithm, outputLength),
    (data) => realm.sys.crypto.hashOnce(algorithm, data, outputLength),
  );

/** `src/crypto/crypto_hash.cc`: the Hash class and the one-shot digest. */
export function installHash(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const known = new Known();
  const check = (algorithm: string, outputLength: number | undefined): void => {
    const ask = () => realm.sys.crypto.checkHash(algorithm, outputLength);
    if (outputLength === undefined) known.check(algorithm, ask);
    else ask();
  };

  class Hash {
    readonly #algorithm: string;
    readonly #calls: DigestCalls;
    readonly #state: DigestState;
    #digest: Uint8Array | undefined;

    constructor(source: string | Hash, outputLength: number | undefined) {
      const original = typeof source === "object" && #state in source ? source : undefined;
      const algorithm = original ? original.#algorithm : ToString(source);
      const calls = hashCalls(realm, algorithm, outputLength);
      this.#algorithm = algorithm;
      this.#calls = calls;
      this.#state = engine(Hash, () => {
        check(algorithm, outputLength);
        return original
          ? original.#state.fork(calls, (id) => realm.sys.crypto.hashCopy(id, outputLength))
          : new DigestState(leftovers, calls);
      });
    }

    update(data: unknown, encoding: unknown): boolean {
      if (this.#digest !== undefined) return false;
      const bytes = inputBytes(data, encoding);
      engine(update, () => this.#state.update(bytes));
      return true;
    }

    /** May be asked twice: a stream that ended has called it once. */
    digest(encoding: unknown): unknown {
      this.#digest ??= engine(digest, () => this.#state.finish(this.#calls));
      return outputIn(realm, copyOf(this.#digest), encoding);
    }
  }
  const { update, digest } = Hash.prototype;
  putClass(binding, "Hash", Hash);

  const oneShotDigest = (
    algorithm: string,
    _id: number,
    _cache: unknown,
    input: unknown,
    name: string,
    encoding: number | undefined,
  ): unknown => {
    const bytes = inputBytes(input);
    const whole = typedArrayByteLength(bytes) <= CHUNK;
    // Only for the error of an unknown algorithm where the data is long.
    const first = engine(oneShotDigest, () =>
      realm.sys.crypto.hashOneShot(algorithm, whole ? copyOf(bytes) : new Bytes(0)),
    );
    if (whole) return outputIn(realm, first, encoding ?? name);
    const hash = new Hash(algorithm, undefined);
    hash.update(bytes, undefined);
    return hash.digest(encoding ?? name);
  };
  binding.oneShotDigest = oneShotDigest;
}

/** `src/crypto/crypto_hmac.cc`. */
export function installHmac(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const known = new Known();
  class Hmac {
    #state: DigestState | undefined;
    #calls: DigestCalls | undefined;

    init(algorithm: string, key: unknown): void {
      const secret = copyOf(secretOf(key));
      engine(init, () => known.check(algorithm, () => realm.sys.crypto.checkHmac(algorithm)));
      this.#calls = digestCalls(
        realm,
        () => realm.sys.crypto.hmacOpen(algorithm, secret),
        (data) => realm.sys.crypto.hmacOnce(algorithm, secret, data),
      );
      this.#state = new DigestState(leftovers, this.#calls);
    }

    update(data: unknown, encoding: unknown): boolean {
      const state = this.#state;
      if (state === undefined) return false;
      const bytes = inputBytes(data, encoding);
      engine(update, () => state.update(bytes));
      return true;
    }

    /** Empty when asked again. */
    digest(encoding: unknown): unknown {
      const state = this.#state;
      const calls = this.#calls as DigestCalls;
      this.#state = undefined;
      return outputIn(realm, state === undefined ? new Bytes(0) : engine(digest, () => state.finish(calls)), encoding);
    }
  }
  const { init, update, digest } = Hmac.prototype;
  putClass(binding, "Hmac", Hmac);
}

const notSameLength = (): Error =>
  bindingError("RangeError", "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH", "Input buffers must have the same byte length");

/** Compares in constant time. @throws as Node does for what are not bytes and for different lengths */
export function timingSafeEqual(realm: Realm, left: unknown, right: unknown): boolean {
  const operands = [operand(left, "buf1"), operand(right, "buf2")] as const;
  const size = typedArrayByteLength(operands[0]);
  if (typedArrayByteLength(operands[1]) !== size) throw notSameLength();
  let equal = true;
  let start = 0;
  do {
    const end = mathMin(start + CHUNK, size);
    const same = realm.sys.crypto.timingSafeEqual(piece(operands[0], start, end), piece(operands[1], start, end));
    equal = same && equal;
    start = end;
  } while (start < size);
  return equal;
}

function operand(value: unknown, name: string): Uint8Array {
  try {
    if (typeof value === "object") return inputBytes(value);
  } catch {
    // Not bytes: the error below says so by the argument's name.
  }
  const text = `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`;
  throw bindingError("TypeError", "ERR_INVALID_ARG_TYPE", text);
}
