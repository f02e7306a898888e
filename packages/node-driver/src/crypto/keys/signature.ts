import type { KeyObject } from "node:crypto";
import type { Scalar } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../../late.ts";
import { privateKeyOf, publicKeyOf } from "./key-input.ts";
import { optionsOf } from "./options.ts";
import type { CurrentRun, KeyState } from "./run.ts";

const SIGN_OPTIONS = new Set(["padding", "saltLength", "dsaEncoding"]);
const RSA_OPTIONS = new Set(["padding", "oaepHash", "oaepLabel"]);

type Keyed = { key: KeyObject; padding?: number };

const keyed = (key: KeyObject, pairs: readonly Scalar[], names: ReadonlySet<string>): Keyed => ({
  ...optionsOf(pairs, names),
  key,
});

/** The four directions of RSA, by Node's names, and whose key they take. */
const CRYPT = {
  publicEncrypt: publicKeyOf,
  publicDecrypt: publicKeyOf,
  privateEncrypt: privateKeyOf,
  privateDecrypt: privateKeyOf,
} as const;

const isDirection = (name: string): name is keyof typeof CRYPT => Object.hasOwn(CRYPT, name);

function openState(digest: string, verifies: boolean): KeyState {
  return verifies
    ? { kind: "verify", verify: late.crypto.createVerify(digest) }
    : { kind: "sign", sign: late.crypto.createSign(digest) };
}

/** Signatures in pieces, in one call, by one-shot functions, and RSA's encryption. */
export function signatureHandlers(current: CurrentRun): Handlers<"signature"> {
  function stateOf<K extends KeyState["kind"]>(id: number, kind: K): KeyState & { readonly kind: K } {
    const state = current().states.get(id);
    if (state.kind !== kind) throw new SyscallFailure("EBADF");
    return state as KeyState & { readonly kind: K };
  }
  return {
    check(_grants, digest, verifies) {
      openState(digest, verifies);
    },
    open: (_grants, digest, verifies) => current().states.open(() => openState(digest, verifies)),
    update(_grants, id, data) {
      const state = current().states.get(id);
      if (state.kind === "sign") state.sign.update(data);
      else stateOf(id, "verify").verify.update(data);
    },
    sign(_grants, id, key, options) {
      const state = stateOf(id, "sign");
      const input = keyed(privateKeyOf(current(), key), options, SIGN_OPTIONS);
      current().states.close(id);
      return state.sign.sign(input);
    },
    verify(_grants, id, key, options, given) {
      const state = stateOf(id, "verify");
      const input = keyed(publicKeyOf(current(), key), options, SIGN_OPTIONS);
      current().states.close(id);
      return state.verify.verify(input, given);
    },
    close(_grants, id) {
      current().states.close(id);
    },
    signWhole: (_grants, digest, data, key, options) =>
      late.crypto
        .createSign(digest)
        .update(data)
        .sign(keyed(privateKeyOf(current(), key), options, SIGN_OPTIONS)),
    verifyWhole: (_grants, digest, data, key, options, given) =>
      late.crypto
        .createVerify(digest)
        .update(data)
        .verify(keyed(publicKeyOf(current(), key), options, SIGN_OPTIONS), given),
    signOneShot(_grants, digest, data, key, options, wantsLater) {
      const input = keyed(privateKeyOf(current(), key), options, SIGN_OPTIONS);
      return current().jobs.run<Buffer>("light", wantsLater, {
        now: () => late.crypto.sign(digest, data, input),
        later: (done) => late.crypto.sign(digest, data, input, done),
        answer: (made) => [made],
      });
    },
    verifyOneShot(_grants, digest, data, key, options, given, wantsLater) {
      const input = keyed(publicKeyOf(current(), key), options, SIGN_OPTIONS);
      return current().jobs.run<boolean>("light", wantsLater, {
        now: () => late.crypto.verify(digest, data, input, given),
        later: (done) => late.crypto.verify(digest, data, input, given, done),
        answer: (isRight) => [isRight],
      });
    },
    crypt(_grants, direction, key, data, options) {
      if (!isDirection(direction)) throw new SyscallFailure("EINVAL");
      const input = keyed(CRYPT[direction](current(), key), options, RSA_OPTIONS);
      return late.crypto[direction]({ padding: late.crypto.constants.RSA_PKCS1_PADDING, ...input }, data);
    },
    verifySpkac: (_grants, spkac) => late.crypto.Certificate.verifySpkac(spkac),
    spkacPublicKey: (_grants, spkac) => [late.crypto.Certificate.exportPublicKey(spkac)],
    spkacChallenge: (_grants, spkac) => [late.crypto.Certificate.exportChallenge(spkac)],
  };
}
