import { exactCopy, joinBytes, part } from "../lib/bytes.ts";
import { Bytes, NativeError, ToBigInt } from "../lib/intrinsics.ts";
import { mathCeil, mathFloor, TypedArrayProto, typedArrayBuffer, typedArrayByteLength } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inChunks, inputBytes } from "./crypto-bytes.ts";
import { installJob } from "./crypto-job.ts";
import { secretOf } from "./crypto-key-store.ts";

/** In the order of the binding's `kKeyVariantAES_...`, each in three sizes. */
const MODES = ["ctr", "cbc", "gcm", "wrap"] as const;
const SIZES = [128, 192, 256] as const;
const BLOCK_BYTES = 16;

/** The initial value of key wrapping (RFC 3394, 2.2.3.1). */
const WRAP_IV = TypedArrayProto.fill(new Bytes(8), 0xa6);

const failed = (): Error => new NativeError("Cipher job failed");

interface Cipher {
  readonly name: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly encrypts: boolean;
  readonly tagLength: number;
}

/** One use of a cipher: output, then the tag of an encryption. */
function useCipher(
  realm: Realm,
  { name, key, iv, encrypts, tagLength }: Cipher,
  data: Uint8Array,
  prepare: (id: number) => void,
): readonly [output: Uint8Array, tag: Uint8Array | undefined] {
  const { crypto } = realm.sys;
  const id = crypto.cipherOpen(name, key, iv, encrypts, tagLength);
  try {
    prepare(id);
    let output = new Bytes(0);
    const add = (more: Uint8Array): void => {
      output = joinBytes([output, more]);
    };
    inChunks(data, (chunk) => add(crypto.cipherUpdate(id, chunk)));
    const parts = crypto.cipherFinal(id);
    add(parts[0] as Uint8Array);
    return [output, parts[1] as Uint8Array | undefined];
  } catch (failure) {
    crypto.close(id);
    throw failure;
  }
}

/** The counter's low bits as a number, and whether the rest of the block stays as it is. */
function counterOf(block: Uint8Array, bits: number): bigint {
  let value = ToBigInt(0);
  for (let i = 0; i < BLOCK_BYTES; i++) value = (value << ToBigInt(8)) | ToBigInt(block[i] as number);
  return value & ((ToBigInt(1) << ToBigInt(bits)) - ToBigInt(1));
}

/** The same block with its counter back at zero. */
function restarted(block: Uint8Array, bits: number): Uint8Array {
  const next = exactCopy(block);
  for (let bit = 0; bit < bits; bit++) {
    const at = BLOCK_BYTES - 1 - mathFloor(bit / 8);
    next[at] = (next[at] as number) & ~(1 << (bit % 8));
  }
  return next;
}

/** The engine counts with the whole block; a shorter counter wraps round by beginning again (WebCrypto, 29.3). */
function useCounter(realm: Realm, cipher: Cipher, data: Uint8Array, bits: number): Uint8Array {
  const nothing = () => {};
  const size = typedArrayByteLength(data);
  const blocks = ToBigInt(mathCeil(size / BLOCK_BYTES));
  const all = ToBigInt(1) << ToBigInt(bits);
  if (blocks > all) throw failed();
  const left = all - counterOf(cipher.iv, bits);
  if (left >= blocks) return useCipher(realm, cipher, data, nothing)[0];
  // So few blocks that their number is a number.
  const split = counted(left) * BLOCK_BYTES;
  const { name, key, iv, encrypts, tagLength } = cipher;
  const again: Cipher = { name, key, iv: restarted(iv, bits), encrypts, tagLength };
  return joinBytes([
    useCipher(realm, cipher, part(data, 0, split), nothing)[0],
    useCipher(realm, again, part(data, split, size), nothing)[0],
  ]);
}

const counted = (blocks: bigint): number => {
  let number = 0;
  let rest = blocks;
  for (let place = 1; rest > ToBigInt(0); place *= 2) {
    if ((rest & ToBigInt(1)) === ToBigInt(1)) number += place;
    rest >>= ToBigInt(1);
  }
  return number;
};

function useGcm(realm: Realm, cipher: Cipher, data: Uint8Array, tag: unknown, additional: unknown): Uint8Array {
  const { crypto } = realm.sys;
  const { name, key, iv, encrypts } = cipher;
  const given = encrypts ? undefined : copyOf(tag);
  const tagLength = given ? typedArrayByteLength(given) : (tag as number);
  const extra = additional === undefined ? undefined : copyOf(additional);
  const { 0: output, 1: made } = useCipher(realm, { name, key, iv, encrypts, tagLength }, data, (id) => {
    if (given && !crypto.cipherTag(id, given)) throw failed();
    if (extra && !crypto.cipherAdditional(id, extra, -1)) throw failed();
  });
  return made ? joinBytes([output, made]) : output;
}

/** `src/crypto/crypto_aes.cc`: AES as `subtle.encrypt` uses it. */
export function installAes(binding: Binding, realm: Realm): void {
  const { kWebCryptoCipherEncrypt } = binding;
  installJob(
    binding,
    realm,
    "AESCipherJob",
    "CIPHERREQUEST",
    (
      cipherMode: number,
      handle: unknown,
      data: unknown,
      variant: number,
      iv: unknown,
      extent: unknown,
      additional: unknown,
    ) => {
      const mode = MODES[mathFloor(variant / 3)];
      const bits = SIZES[variant % 3];
      const cipher: Cipher = {
        name: mode === "wrap" ? `id-aes${bits}-wrap` : `aes-${bits}-${mode}`,
        key: copyOf(secretOf(handle)),
        iv: mode === "wrap" ? exactCopy(WRAP_IV) : copyOf(iv),
        encrypts: cipherMode === kWebCryptoCipherEncrypt,
        tagLength: -1,
      };
      const bytes = inputBytes(data);
      const use = (): Uint8Array => {
        if (mode === "ctr") return useCounter(realm, cipher, bytes, extent as number);
        if (mode === "gcm") return useGcm(realm, cipher, bytes, extent, additional);
        return useCipher(realm, cipher, bytes, () => {})[0];
      };
      return typedArrayBuffer(use());
    },
  );
}
