import { bindingError } from "../lib/binding-error.ts";
import { append } from "../lib/define.ts";
import type { Leftovers } from "../lib/leftovers.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { typedArrayBuffer } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf, inputBytes } from "./crypto-bytes.ts";
import { putClass } from "./crypto-class.ts";
import { type Below, engine } from "./crypto-error.ts";
import { installThreadJob } from "./crypto-job.ts";
import { keyInput } from "./crypto-key-store.ts";
import { DigestState } from "./crypto-state.ts";

const notInitialised = (): Error => bindingError("Error", "ERR_CRYPTO_INVALID_STATE", "Not initialised");

type Options = (string | number)[];

/** Options of a signature, as pairs. */
function optionPairs(binding: Binding, padding: unknown, saltLength: unknown, encoding: unknown): Options {
  const pairs: Options = [];
  const put = (name: string, value: string | number): void => {
    append<Options[number]>(pairs, name);
    append<Options[number]>(pairs, value);
  };
  if (typeof padding === "number") put("padding", padding);
  if (typeof saltLength === "number") put("saltLength", saltLength);
  if (encoding === binding.kSigEncP1363) put("dsaEncoding", "ieee-p1363");
  return pairs;
}

/** What Sign and Verify share (`SignBase` of src/crypto/crypto_sig.cc). */
class Input {
  readonly #realm: Realm;
  readonly #leftovers: Leftovers;
  readonly #verifies: boolean;
  digest = "";
  state: DigestState | undefined;

  constructor(realm: Realm, leftovers: Leftovers, verifies: boolean) {
    this.#realm = realm;
    this.#leftovers = leftovers;
    this.#verifies = verifies;
  }

  init(digest: string, below: Below): void {
    const { signature } = this.#realm.sys;
    const verifies = this.#verifies;
    engine(below, () => signature.check(digest, verifies));
    this.digest = digest;
    this.state = new DigestState(this.#leftovers, {
      open: () => signature.open(digest, verifies),
      update: (id, data) => signature.update(id, data),
    });
  }

  update(data: unknown, encoding: unknown, below: Below): void {
    const { state } = this;
    if (state === undefined) throw notInitialised();
    const bytes = inputBytes(data, encoding);
    engine(below, () => state.update(bytes));
  }

  /** The input, which is used up with this. */
  take(): DigestState {
    const { state } = this;
    if (state === undefined) throw notInitialised();
    this.state = undefined;
    return state;
  }
}

function installClasses(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  const { signature } = realm.sys;

  class Sign {
    readonly #input = new Input(realm, leftovers, false);

    init(digest: string): void {
      this.#input.init(digest, initSign);
    }

    update(data: unknown, encoding: unknown): void {
      this.#input.update(data, encoding, updateSign);
    }

    sign(
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      padding: unknown,
      saltLength: unknown,
      encoding: unknown,
    ): Uint8Array {
      const key = keyInput(binding, data, format, type, passphrase);
      const options = optionPairs(binding, padding, saltLength, encoding);
      const input = this.#input;
      const made = engine(sign, () =>
        input.take().finish({
          once: (bytes) => signature.signWhole(input.digest, bytes, key, options),
          end: (id) => signature.sign(id, key, options),
        }),
      );
      return asNodeBuffer(realm, made);
    }
  }
  const { init: initSign, update: updateSign, sign } = Sign.prototype;
  putClass(binding, "Sign", Sign);

  class Verify {
    readonly #input = new Input(realm, leftovers, true);

    init(digest: string): void {
      this.#input.init(digest, initVerify);
    }

    update(data: unknown, encoding: unknown): void {
      this.#input.update(data, encoding, updateVerify);
    }

    verify(
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      given: unknown,
      padding: unknown,
      saltLength: unknown,
      encoding: unknown,
    ): boolean {
      const key = keyInput(binding, data, format, type, passphrase);
      const options = optionPairs(binding, padding, saltLength, encoding);
      const wanted = copyOf(given);
      const input = this.#input;
      return engine(verify, () =>
        input.take().finish({
          once: (bytes) => signature.verifyWhole(input.digest, bytes, key, options, wanted),
          end: (id) => signature.verify(id, key, options, wanted),
        }),
      );
    }
  }
  const { init: initVerify, update: updateVerify, verify } = Verify.prototype;
  putClass(binding, "Verify", Verify);
}

/** `src/crypto/crypto_sig.cc`: the classes Sign and Verify, and the one-shot job of `crypto.sign` and `subtle.sign`. */
export function installSignatures(binding: Binding, realm: Realm, leftovers: Leftovers): void {
  installClasses(binding, realm, leftovers);
  const { signature } = realm.sys;
  const { kSignJobModeSign } = binding;
  installThreadJob(
    binding,
    realm,
    "SignJob",
    "SIGNREQUEST",
    (
      mode: number,
      keyData: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      data: unknown,
      digest: unknown,
      saltLength: unknown,
      padding: unknown,
      encoding: unknown,
      given: unknown,
    ) => {
      const key = keyInput(binding, keyData, format, type, passphrase);
      const options = optionPairs(binding, padding, saltLength, encoding);
      const bytes = copyOf(data);
      const name = typeof digest === "string" ? digest : undefined;
      if (mode === kSignJobModeSign) {
        return {
          begin: (later) => signature.signOneShot(name, bytes, key, options, later),
          finish: (answer) => typedArrayBuffer(answer[0] as Uint8Array),
        };
      }
      const wanted = copyOf(given);
      return {
        begin: (later) => signature.verifyOneShot(name, bytes, key, options, wanted, later),
        finish: (answer) => answer[0],
      };
    },
  );
}
