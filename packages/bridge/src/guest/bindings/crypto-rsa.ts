import { append } from "../lib/define.ts";
import { implement } from "../lib/implement.ts";
import { asNodeBuffer } from "../lib/node-buffer.ts";
import { typedArrayBuffer } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { copyOf } from "./crypto-bytes.ts";
import { engine } from "./crypto-error.ts";
import { installJob } from "./crypto-job.ts";
import { keyInput } from "./crypto-key-store.ts";

const RSA_PKCS1_OAEP_PADDING = 4;

type Options = (string | number | Uint8Array)[];

/** Options of RSA's encryption, as pairs. */
function optionPairs(padding: unknown, hash: unknown, label: unknown): Options {
  const pairs: Options = [];
  const put = (name: string, value: string | number | Uint8Array): void => {
    append<Options[number]>(pairs, name);
    append<Options[number]>(pairs, value);
  };
  if (typeof padding === "number") put("padding", padding);
  if (typeof hash === "string") put("oaepHash", hash);
  if (label !== undefined) put("oaepLabel", copyOf(label));
  return pairs;
}

/** `PublicKeyCipher` of src/crypto/crypto_cipher.cc, and the job of `subtle.encrypt` with RSA-OAEP. */
export function installRsa(binding: Binding, realm: Realm): void {
  const { signature } = realm.sys;
  const direction = (name: string) => {
    const run = (
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      input: unknown,
      padding: unknown,
      hash: unknown,
      label: unknown,
    ): Uint8Array => {
      const key = keyInput(binding, data, format, type, passphrase);
      const options = optionPairs(padding, hash, label);
      const bytes = copyOf(input);
      return asNodeBuffer(
        realm,
        engine(run, () => signature.crypt(name, key, bytes, options)),
      );
    };
    return run;
  };
  implement(binding, {
    publicEncrypt: direction("publicEncrypt"),
    publicDecrypt: direction("publicDecrypt"),
    privateEncrypt: direction("privateEncrypt"),
    privateDecrypt: direction("privateDecrypt"),
  });

  const { kWebCryptoCipherEncrypt } = binding;
  installJob(
    binding,
    realm,
    "RSACipherJob",
    "CIPHERREQUEST",
    (mode: number, handle: unknown, data: unknown, _variant: number, hash: unknown, label: unknown) =>
      typedArrayBuffer(
        signature.crypt(
          mode === kWebCryptoCipherEncrypt ? "publicEncrypt" : "privateDecrypt",
          keyInput(binding, handle),
          copyOf(data),
          optionPairs(RSA_PKCS1_OAEP_PADDING, hash, label),
        ),
      ),
  );
}
