import type { JsonWebKey, KeyObject } from "node:crypto";
import type { Scalar } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { late } from "../../late.ts";
import { checkKeyBytes } from "./caps.ts";
import { exported } from "./export.ts";
import { acceptKey, described, privateKeyOf, publicKeyOf } from "./key-input.ts";
import type { CurrentRun, KeyRun } from "./run.ts";

/** Curves by their names in a JWK (RFC 7518, 6.2.1.1) and the bytes of a coordinate. */
const CURVES: Readonly<Record<string, readonly [jwk: string, bytes: number]>> = {
  prime256v1: ["P-256", 32],
  secp384r1: ["P-384", 48],
  secp521r1: ["P-521", 66],
  secp256k1: ["secp256k1", 32],
};
/** Curves whose keys are bytes alone (RFC 8037). */
const OCTET_CURVES = new Set(["Ed25519", "Ed448", "X25519", "X448"]);

const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const unurl = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64url");

function importJwk(jwk: JsonWebKey, isPrivate: boolean): KeyObject {
  const make = isPrivate ? late.crypto.createPrivateKey : late.crypto.createPublicKey;
  return acceptKey(make({ key: jwk, format: "jwk" }));
}

/** A JWK's text: an object of strings, of a size a key has. */
function parseJwk(text: string): JsonWebKey {
  checkKeyBytes("a JWK", text.length, 16 * 1024);
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new SyscallFailure("EINVAL");
  }
  if (typeof jwk !== "object" || jwk === null || !Object.values(jwk).every((value) => typeof value === "string"))
    throw new SyscallFailure("EINVAL");
  return jwk as JsonWebKey;
}

/** A key from its bytes alone; nothing where they are none. */
function importRaw(curve: string, bytes: Uint8Array, isPrivate: boolean): KeyObject | undefined {
  checkKeyBytes("a key", bytes.byteLength);
  const ec = Object.hasOwn(CURVES, curve) ? CURVES[curve] : undefined;
  if (!OCTET_CURVES.has(curve) && (!ec || isPrivate)) throw new SyscallFailure("EINVAL");
  try {
    if (!ec) {
      const kty = "OKP";
      return importJwk(
        isPrivate ? { kty, crv: curve, x: "", d: url(bytes) } : { kty, crv: curve, x: url(bytes) },
        isPrivate,
      );
    }
    const point = late.crypto.ECDH.convertKey(bytes, curve) as Buffer;
    const half = (point.length - 1) / 2;
    return importJwk(
      { kty: "EC", crv: ec[0], x: url(point.subarray(1, 1 + half)), y: url(point.subarray(1 + half)) },
      false,
    );
  } catch (error) {
    if (error instanceof SyscallFailure) throw error;
    return undefined;
  }
}

/** The point of an elliptic curve's key, uncompressed, and its private number. */
function ecParts(key: KeyObject): {
  readonly curve: string;
  readonly point: Buffer;
  readonly secret: Buffer | undefined;
} {
  const { x, y, d } = key.export({ format: "jwk" });
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  return {
    curve,
    point: Buffer.concat([Buffer.from([4]), unurl(x), unurl(y)]),
    secret: d === undefined ? undefined : unurl(d),
  };
}

function isSoundEc(key: KeyObject): boolean {
  try {
    const { curve, point, secret } = ecParts(key);
    const checked = late.crypto.ECDH.convertKey(point, curve) as Buffer;
    if (!secret) return checked.equals(point);
    const ecdh = late.crypto.createECDH(curve);
    ecdh.setPrivateKey(secret);
    return ecdh.getPublicKey().equals(point);
  } catch {
    return false;
  }
}

const rawOf = (key: KeyObject): Buffer =>
  key.asymmetricKeyType === "ec" ? ecParts(key).point : unurl(key.export({ format: "jwk" }).x);

/** An elliptic curve's key is read from its coordinates again: as it came, its point may be a compressed one. */
function spkiOf(key: KeyObject): Buffer {
  const named = Object.hasOwn(CURVES, key.asymmetricKeyDetails?.namedCurve ?? "");
  const plain = key.asymmetricKeyType === "ec" && named ? importJwk(key.export({ format: "jwk" }), false) : key;
  return plain.export({ format: "der", type: "spki" });
}

/** Big-endian bytes of a number that is too large for one. */
function bytesOf(number: bigint): Uint8Array {
  const hex = number.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
}

const detailsOf = (key: KeyObject): readonly Scalar[] =>
  Object.entries(key.asymmetricKeyDetails ?? {}).flatMap(([name, value]: [string, unknown]) => [
    name,
    typeof value === "bigint" ? bytesOf(value) : (value as Scalar),
  ]);

const jwkPairs = (jwk: JsonWebKey): readonly Scalar[] => Object.entries(jwk).flat() as Scalar[];

type Material = Pick<
  Handlers<"keys">,
  | "createPrivate"
  | "createPublic"
  | "fromJwk"
  | "fromRaw"
  | "details"
  | "checkEc"
  | "equal"
  | "export"
  | "exportJwk"
  | "exportRaw"
  | "exportSpki"
  | "close"
>;

/** Keys in and out: as PEM, DER, JWK and raw bytes. */
export function materialHandlers(current: CurrentRun): Material {
  const get = (run: KeyRun, id: number): KeyObject => run.keys.get(id);
  return {
    createPrivate: (_grants, key) => described(current(), privateKeyOf(current(), key)),
    createPublic(_grants, key) {
      const run = current();
      const id = key[0];
      return described(run, typeof id === "number" ? late.crypto.createPublicKey(get(run, id)) : publicKeyOf(run, key));
    },
    fromJwk: (_grants, isPrivate, text) => described(current(), importJwk(parseJwk(text), isPrivate)),
    fromRaw(_grants, curve, bytes, isPrivate) {
      const key = importRaw(curve, bytes, isPrivate);
      return key ? described(current(), key) : [];
    },
    details: (_grants, id) => detailsOf(get(current(), id)),
    checkEc: (_grants, id) => isSoundEc(get(current(), id)),
    equal: (_grants, left, right) => get(current(), left).equals(get(current(), right)),
    export: (_grants, id, encoding) => [exported(get(current(), id), encoding)],
    exportJwk: (_grants, id) => jwkPairs(get(current(), id).export({ format: "jwk" })),
    exportRaw: (_grants, id) => rawOf(get(current(), id)),
    exportSpki: (_grants, id) => spkiOf(get(current(), id)),
    close(_grants, id) {
      current().keys.close(id);
    },
  };
}
