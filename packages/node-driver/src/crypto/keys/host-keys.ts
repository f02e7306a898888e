import { generateKeyPairSync, publicEncrypt, sign } from "node:crypto";

/** A key of the host for programs that are run on both sides, with what the host made with it. */
export interface HostKeyText {
  readonly pem: string;
  readonly publicPem: string;
  readonly signature: string;
  readonly bigSignature: string;
  readonly encrypted: string;
}

type Options = Readonly<Record<string, unknown>>;

const generate = generateKeyPairSync as unknown as (
  type: string,
  options: Options,
) => { readonly publicKey: string; readonly privateKey: string };

const KINDS: Readonly<Record<string, readonly [type: string, digest: string | null, options: Options]>> = {
  rsa: ["rsa", "sha256", { modulusLength: 2048 }],
  pss: ["rsa-pss", "sha256", { modulusLength: 1024, hashAlgorithm: "sha256", saltLength: 16 }],
  dsa: ["dsa", "sha256", { modulusLength: 1024, divisorLength: 160 }],
  ec: ["ec", "sha256", { namedCurve: "P-256" }],
  p521: ["ec", "sha512", { namedCurve: "secp521r1" }],
  explicit: ["ec", "sha256", { namedCurve: "secp256k1", paramEncoding: "explicit" }],
  ed25519: ["ed25519", null, {}],
  ed448: ["ed448", null, {}],
  x25519: ["x25519", null, {}],
  x448: ["x448", null, {}],
  dh: ["dh", null, { group: "modp14" }],
};

const SIGNS = new Set(["rsa", "rsa-pss", "dsa", "ec", "ed25519", "ed448"]);

function makeKey([type, digest, options]: readonly [string, string | null, Options]): HostKeyText {
  const { publicKey, privateKey } = generate(type, {
    ...options,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const signed = (data: Buffer) => (SIGNS.has(type) ? sign(digest, data, privateKey).toString("base64") : "");
  return {
    pem: privateKey,
    publicPem: publicKey,
    signature: signed(Buffer.from("some data")),
    bigSignature: signed(Buffer.alloc(300_000, "abc")),
    encrypted: type === "rsa" ? publicEncrypt(publicKey, Buffer.from("a secret of the host")).toString("base64") : "",
  };
}

/** One key of each kind. */
export const makeHostKeys = (): Readonly<Record<string, HostKeyText>> =>
  Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, makeKey(kind)]));
