import type { DiffieHellman, DiffieHellmanGroup } from "node:crypto";
import type { Scalar } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../../late.ts";
import { checkDhPrime, checkDhSize, checkKeyBytes } from "./caps.ts";
import { buffer } from "./key-input.ts";
import type { CurrentRun, KeyState } from "./run.ts";

const FORMS = new Set(["compressed", "uncompressed", "hybrid"]);
type Form = "compressed" | "uncompressed" | "hybrid";

const GETTERS = new Set(["getPrime", "getGenerator", "getPublicKey", "getPrivateKey"]);
type Getter = "getPrime" | "getGenerator" | "getPublicKey" | "getPrivateKey";

function formOf(form: string | undefined): Form {
  if (form !== undefined && !FORMS.has(form)) throw new SyscallFailure("EINVAL");
  return (form ?? "uncompressed") as Form;
}

/** A prime or how long it is to be, and a generator. */
function makeDh([prime, generator]: readonly Scalar[]): DiffieHellman {
  const isNumberOrBytes = (value: Scalar): value is number | Uint8Array =>
    Number.isSafeInteger(value) || value instanceof Uint8Array;
  if (!isNumberOrBytes(prime) || !isNumberOrBytes(generator)) throw new SyscallFailure("EINVAL");
  if (generator instanceof Uint8Array) checkKeyBytes("a generator", generator.byteLength);
  // Both take a number or bytes in either place; the declarations know fewer pairs.
  const make = late.crypto.createDiffieHellman as (prime: unknown, generator: unknown) => DiffieHellman;
  if (typeof prime === "number") checkDhSize(prime);
  else checkDhPrime(prime);
  return make(
    typeof prime === "number" ? prime : buffer(prime),
    typeof generator === "number" ? generator : buffer(generator),
  );
}

type Settable = Pick<DiffieHellman, "setPrivateKey" | "setPublicKey">;
const hasSetters = (target: object): target is Settable => "setPrivateKey" in target && "setPublicKey" in target;

/** Diffie-Hellman's two classes, `diffieHellman()` and `ECDH.convertKey()`. */
export function exchangeHandlers(current: CurrentRun): Handlers<"exchange"> {
  const stateOf = (id: number): KeyState & { readonly kind: "dh" | "ecdh" } => {
    const state = current().states.get(id);
    if (state.kind !== "dh" && state.kind !== "ecdh") throw new SyscallFailure("EBADF");
    return state;
  };
  const openDh = (make: () => DiffieHellman | DiffieHellmanGroup): readonly Scalar[] => {
    let verifyError = 0;
    const id = current().states.open(() => {
      const dh = make();
      ({ verifyError } = dh);
      return { kind: "dh", dh };
    });
    return [id, verifyError];
  };
  return {
    open: (_grants, parameters) => openDh(() => makeDh(parameters)),
    openGroup: (_grants, name) => openDh(() => late.crypto.createDiffieHellmanGroup(name)),
    openCurve: (_grants, name) => current().states.open(() => ({ kind: "ecdh", ecdh: late.crypto.createECDH(name) })),
    generateKeys(_grants, id) {
      const state = stateOf(id);
      if (state.kind === "dh") return state.dh.generateKeys();
      state.ecdh.generateKeys();
      return new Uint8Array(0);
    },
    computeSecret(_grants, id, other) {
      const state = stateOf(id);
      return state.kind === "dh" ? state.dh.computeSecret(other) : state.ecdh.computeSecret(other);
    },
    get(_grants, id, getter, form) {
      const state = stateOf(id);
      if (!GETTERS.has(getter)) throw new SyscallFailure("EINVAL");
      if (state.kind === "dh") return state.dh[getter as Getter]();
      // Without an encoding the answer is bytes, whatever the types say.
      if (getter === "getPublicKey") return state.ecdh.getPublicKey(null, formOf(form)) as unknown as Buffer;
      if (getter === "getPrivateKey") return state.ecdh.getPrivateKey();
      throw new SyscallFailure("EINVAL");
    },
    set(_grants, id, isPrivate, key) {
      const state = stateOf(id);
      checkKeyBytes("a key", key.byteLength);
      const target = state.kind === "dh" ? state.dh : state.ecdh;
      // A group has neither.
      if (!hasSetters(target)) throw new SyscallFailure("EINVAL");
      if (isPrivate) target.setPrivateKey(buffer(key));
      else target.setPublicKey(buffer(key));
    },
    close(_grants, id) {
      current().states.close(id);
    },
    convertPoint(_grants, point, curve, form) {
      // Without encodings the answer is bytes, which the types have no overload for.
      return late.crypto.ECDH.convertKey(
        point,
        curve,
        undefined,
        undefined as unknown as "hex",
        formOf(form),
      ) as unknown as Buffer;
    },
    agree: (_grants, privateId, publicId) => {
      const { keys } = current();
      return late.crypto.diffieHellman({ privateKey: keys.get(privateId), publicKey: keys.get(publicId) });
    },
  };
}
