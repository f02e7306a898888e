import type { Cipher, CipherGCM, CipherGCMTypes, CipherInfo, Decipher, DecipherGCM } from "node:crypto";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../late.ts";
import type { CryptoState } from "./digests.ts";
import type { States } from "./states.ts";

export interface CipherState {
  readonly kind: "cipher";
  readonly cipher: Cipher | Decipher;
  readonly encrypts: boolean;
}

const cipherOf = (states: States<CryptoState>, id: number): CipherState => {
  const state = states.get(id);
  if (state.kind !== "cipher") throw new SyscallFailure("EBADF");
  return state;
};

function makeCipher(
  name: string,
  key: Uint8Array,
  iv: Uint8Array | undefined,
  encrypts: boolean,
  tagLength: number,
): CipherState {
  const make = encrypts ? late.crypto.createCipheriv : late.crypto.createDecipheriv;
  const options = tagLength < 0 ? undefined : { authTagLength: tagLength };
  // Names and options are the guest's: Node's own checks say what goes with what, where its types ask for it beforehand.
  return { kind: "cipher", encrypts, cipher: make(name as CipherGCMTypes, key, iv ?? (null as never), options) };
}

/** Whether the engine did it: false for an operation the cipher's state does not allow. */
function allowed(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_CRYPTO_INVALID_STATE") return false;
    throw error;
  }
}

/** The tag of a finished encryption, for ciphers that have one. */
function tagOf({ cipher, encrypts }: CipherState): readonly Uint8Array[] {
  const tags: Uint8Array[] = [];
  if (encrypts) allowed(() => tags.push((cipher as CipherGCM).getAuthTag()));
  return tags;
}

const flat = (info: CipherInfo | undefined): readonly (string | number)[] => (info ? Object.entries(info).flat() : []);

const optionalInt = (value: unknown): value is number | undefined => value === undefined || Number.isSafeInteger(value);

type Ciphers = Pick<
  Handlers<"crypto">,
  "cipherOpen" | "cipherUpdate" | "cipherFinal" | "cipherPadding" | "cipherTag" | "cipherAdditional" | "cipherInfo"
>;

/** Symmetric ciphers, fed in pieces under an id. */
export const cipherHandlers = (states: States<CryptoState>): Ciphers => ({
  cipherOpen: (_grants, name, key, iv, encrypts, tagLength) =>
    states.open(() => makeCipher(name, key, iv, encrypts, tagLength)),
  cipherUpdate(_grants, id, data) {
    const { cipher } = cipherOf(states, id);
    // No bytes at all are a null pointer, which CCM takes for an announcement of the length; no text is input.
    return data.byteLength === 0 ? cipher.update("", "utf8") : cipher.update(data);
  },
  cipherFinal(_grants, id) {
    const state = cipherOf(states, id);
    states.close(id);
    const last = state.cipher.final();
    return [last, ...tagOf(state)];
  },
  cipherPadding: (_grants, id, padding) => allowed(() => cipherOf(states, id).cipher.setAutoPadding(padding)),
  cipherTag: (_grants, id, tag) => {
    const { cipher, encrypts } = cipherOf(states, id);
    return !encrypts && allowed(() => (cipher as DecipherGCM).setAuthTag(tag));
  },
  cipherAdditional: (_grants, id, data, plaintextLength) => {
    const cipher = cipherOf(states, id).cipher as CipherGCM;
    const options = plaintextLength < 0 ? undefined : { plaintextLength };
    return allowed(() => cipher.setAAD(data, options));
  },
  cipherInfo(_grants, [nameOrNid, keyLength, ivLength]) {
    if (typeof nameOrNid !== "string" && !Number.isSafeInteger(nameOrNid)) throw new SyscallFailure("EINVAL");
    if (!optionalInt(keyLength) || !optionalInt(ivLength)) throw new SyscallFailure("EINVAL");
    const options = {
      ...(keyLength === undefined ? {} : { keyLength }),
      ...(ivLength === undefined ? {} : { ivLength }),
    };
    return flat(late.crypto.getCipherInfo(nameOrNid as string, options));
  },
});
