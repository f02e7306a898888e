import { bindingError } from "../lib/binding-error.ts";
import { jsonStringify, objectCreate } from "../primordials.ts";

const invalid = (message: string): Error => bindingError("TypeError", "ERR_CRYPTO_INVALID_JWK", message);

interface SecretJwk {
  readonly kty: "oct";
  readonly k: string;
}
interface AsymmetricJwk {
  readonly kty: "RSA" | "EC";
  readonly isPrivate: boolean;
}

const RSA_PRIVATE = ["p", "q", "dp", "dq", "qi"] as const;
/** What a key is made of (RFC 7518, 6.2 and 6.3). */
const PARTS = { RSA: ["n", "e", "d", ...RSA_PRIVATE], EC: ["crv", "x", "y", "d"] } as const;
const NEEDED = { RSA: ["n", "e"], EC: ["x", "y"] } as const;

type Fields = Readonly<Record<string, unknown>>;

function allText(jwk: Fields, names: readonly string[]): boolean {
  for (let i = 0; i < names.length; i++) if (typeof jwk[names[i] as string] !== "string") return false;
  return true;
}

/** What a JWK is, with the checks of `src/crypto/crypto_rsa.cc` and `crypto_ec.cc`. @throws ERR_CRYPTO_INVALID_JWK */
export function jwkKind(jwk: object): SecretJwk | AsymmetricJwk {
  const fields = jwk as Fields;
  const { kty, k, d } = fields;
  if (kty === "oct") {
    if (typeof k !== "string") throw invalid("Invalid JWK secret key format");
    return { kty, k };
  }
  if (kty !== "RSA" && kty !== "EC") throw invalid(`${kty as string} is not a supported JWK key type`);
  const isPrivate = d !== undefined;
  const isWhole =
    allText(fields, NEEDED[kty]) &&
    (!isPrivate || typeof d === "string") &&
    (!isPrivate || kty === "EC" || allText(fields, RSA_PRIVATE));
  if (!isWhole) throw invalid(`Invalid JWK ${kty} key`);
  return { kty, isPrivate };
}

/** The parts that make the key, as JSON. */
export function jwkText(jwk: object, { kty, isPrivate }: AsymmetricJwk): string {
  const parts = objectCreate(null) as Record<string, unknown>;
  parts.kty = kty;
  const names: readonly string[] = PARTS[kty];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = (jwk as Fields)[name];
    if (typeof value === "string" && (isPrivate || name !== "d")) parts[name] = value;
  }
  return jsonStringify(parts);
}
