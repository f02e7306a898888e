/** Programs about keys that print the same on Node and in a sandbox, by the fact they show. `K` holds keys of the host. */
export const KEY_PROGRAMS: readonly (readonly [fact: string, source: string])[] = [
  [
    "import and export in every type and format",
    `
for (const [name, { pem, publicPem }] of Object.entries(K)) {
  const priv = c.createPrivateKey(pem), pub = c.createPublicKey(publicPem);
  show(name, () => [priv, pub, priv.asymmetricKeyType, priv.asymmetricKeyDetails, pub.asymmetricKeyDetails, priv.type, pub.type]);
  show("derived", () => [c.createPublicKey(priv).equals(pub), c.createPublicKey(pem).equals(pub), priv.equals(pub), priv.equals(c.createPrivateKey({ key: pem })), pub.equals(c.createPublicKey(K.rsa.publicPem))]);
  for (const type of ["pkcs1", "pkcs8", "spki", "sec1", undefined, "nope"])
    for (const format of ["pem", "der", "jwk", "nope", undefined]) {
      show([type, format], () => pub.export({ type, format }));
      show([type, format], () => priv.export({ type, format }));
      show([type, format, "in"], () => { const der = priv.export({ type, format: "der" }); return c.createPrivateKey({ key: der, format: "der", type }).equals(priv); });
      show([type, format, "pub in"], () => { const der = pub.export({ type, format: "der" }); return c.createPublicKey({ key: der, format: "der", type }).equals(pub); });
    }
  show("jwk", () => [c.createPrivateKey({ key: priv.export({ format: "jwk" }), format: "jwk" }).equals(priv), c.createPublicKey({ key: pub.export({ format: "jwk" }), format: "jwk" }).equals(pub)]);
}
`,
  ],
  [
    "passphrases",
    `
const priv = c.createPrivateKey(K.rsa.pem);
for (const cipher of ["aes-256-cbc", "aes-128-ecb", "des-ede3-cbc", "nope", "", undefined, null, 1])
  for (const passphrase of ["secret", Buffer.from("secret"), "", undefined, 1])
    for (const [type, format] of [["pkcs8", "pem"], ["pkcs8", "der"], ["pkcs1", "pem"], ["pkcs1", "der"]])
      show([cipher, passphrase, type, format], () => {
        const data = priv.export({ type, format, cipher, passphrase });
        return [typeof data === "string" ? data.split("\\n")[0] : "der", c.createPrivateKey({ key: data, type, format, passphrase }).equals(priv)];
      });
for (const passphrase of ["secret", "wrong", "", undefined, 1, "s".repeat(2000)]) {
  show(["pem", passphrase], () => c.createPrivateKey({ key: E.pem, passphrase }).equals(priv));
  show(["old pem", passphrase], () => c.createPrivateKey({ key: E.oldPem, passphrase }).equals(priv));
  show(["der", passphrase], () => c.createPrivateKey({ key: Buffer.from(E.der, "base64"), format: "der", type: "pkcs8", passphrase }).equals(priv));
  show(["sign", passphrase], () => c.sign("sha1", Buffer.from("x"), { key: E.pem, passphrase }).length);
}
`,
  ],
  [
    "keys that are none",
    `
for (const bad of [undefined, null, 1, "", "x", Buffer.alloc(0), Buffer.alloc(3000), {}, { key: 1 }, { key: "x", format: "der" }, { key: "x", format: "der", type: "pkcs8" }, { key: "x", format: "nope" }, { key: {}, format: "jwk" }, { key: { kty: "RSA", n: "AQAB", e: "AQAB" }, format: "jwk" }, { key: { kty: "EC", crv: "P-256", x: "AQ", y: "AQ" }, format: "jwk" }, { key: { kty: "OKP", crv: "Ed25519", x: "AQ" }, format: "jwk" }, { key: { kty: "oct", k: "AQ" }, format: "jwk" }, c.createSecretKey(Buffer.from("x"))]) {
  show("private", () => c.createPrivateKey(bad));
  show("public", () => c.createPublicKey(bad));
  show("sign", () => c.sign("sha1", Buffer.from("x"), bad));
  show("verify", () => c.verify("sha1", Buffer.from("x"), bad, Buffer.from("y")));
  show("encrypt", () => c.publicEncrypt(bad, Buffer.from("x")));
}
const pub = c.createPublicKey(K.rsa.publicPem);
show("wrong half", () => c.createPrivateKey(pub));
show("wrong half", () => c.createPublicKey(pub));
show("wrong half", () => c.createPrivateKey(K.rsa.publicPem));
show("wrong half", () => c.sign("sha1", Buffer.from("x"), pub));
const der = c.createPrivateKey(K.ec.pem).export({ type: "pkcs8", format: "der" });
for (let end = 0; end < der.length; end += 7) show(end, () => c.createPrivateKey({ key: der.subarray(0, end), format: "der", type: "pkcs8" }));
for (let at = 0; at < der.length; at += 5) { const bent = Buffer.from(der); bent[at] ^= 0x55; show(at, () => c.createPrivateKey({ key: bent, format: "der", type: "pkcs8" }).asymmetricKeyType); }
`,
  ],
  [
    "signatures",
    `
const data = Buffer.from("some data"), big = Buffer.alloc(300_000, "abc");
for (const [name, { pem, publicPem, signature, bigSignature }] of Object.entries(K))
  for (const digest of ["sha256", "RSA-SHA1", "sha512", undefined, null, "nope", ""]) {
    show([name, digest, "verify"], () => c.verify(digest, data, publicPem, Buffer.from(signature, "base64")));
    show([name, digest, "class"], () => c.createVerify(digest).update(data).verify(publicPem, signature, "base64"));
    show([name, digest, "big"], () => c.createVerify(digest).update(big).verify(publicPem, bigSignature, "base64"));
    show([name, digest, "own"], () => c.verify(digest, data, publicPem, c.sign(digest, data, pem)));
    show([name, digest, "own class"], () => c.createVerify(digest).update(data).verify(publicPem, c.createSign(digest).update(data).sign(pem)));
    show([name, digest, "own big"], () => c.createVerify(digest).update(big).verify(publicPem, c.createSign(digest).update(big).sign(pem)));
    show([name, digest, "private key verifies"], () => c.verify(digest, data, pem, c.sign(digest, data, pem)));
    show([name, digest, "other"], () => c.verify(digest, Buffer.from("other"), publicPem, c.sign(digest, data, pem)));
  }
show("equal bytes", () => [c.sign("sha256", data, K.rsa.pem).toString("hex"), c.sign(null, data, K.ed25519.pem).toString("hex"), c.sign(null, data, K.ed448.pem).toString("hex"), c.createSign("sha1").update("a").update("b").sign(K.rsa.pem, "hex")]);
for (const padding of [1, 3, 4, 6, 7, "x", undefined])
  for (const saltLength of [0, 20, 400, -1, -2, -3, 1.5, undefined])
    show([padding, saltLength], () => c.verify("sha256", data, { key: K.rsa.publicPem, padding, saltLength }, c.sign("sha256", data, { key: K.rsa.pem, padding, saltLength })));
for (const dsaEncoding of ["der", "ieee-p1363", "nope", undefined])
  for (const name of ["ec", "dsa", "p521"])
    show([dsaEncoding, name], () => { const made = c.sign("sha1", data, { key: K[name].pem, dsaEncoding }); return [dsaEncoding === "ieee-p1363" && made.length, c.verify("sha1", data, { key: K[name].publicPem, dsaEncoding }, made), c.verify("sha1", data, K[name].publicPem, made)]; });
show("ended", () => { const s = c.createSign("sha1"); s.update("a"); s.sign(K.rsa.pem); s.update("b"); });
show("twice", () => { const s = c.createSign("sha1"); s.sign(K.rsa.pem); s.sign(K.rsa.pem); });
show("twice", () => { const s = c.createVerify("sha1"); s.verify(K.rsa.publicPem, "x"); s.verify(K.rsa.publicPem, "x"); });
show("stream", () => { const s = c.createSign("sha1"); s.write("a"); s.end("b"); return s.sign(K.rsa.pem, "base64"); });
for (const bad of [undefined, null, 1, {}, []]) { show("data", () => c.createSign("sha1").update(bad)); show("data", () => c.sign("sha1", bad, K.rsa.pem)); show("signature", () => c.verify("sha1", data, K.rsa.publicPem, bad)); show("key", () => c.createSign("sha1").sign(bad)); }
c.sign("sha256", data, K.rsa.pem, (...r) => later("sign", r));
c.sign(null, data, K.ed25519.pem, (...r) => later("sign ed", r));
c.verify("sha256", data, K.rsa.publicPem, Buffer.from(K.rsa.signature, "base64"), (...r) => later("verify", r));
c.sign("sha512", data, { key: K.rsa.pem, padding: 6, saltLength: 4000 }, (...r) => later("sign fails", r));
show("throws at once", () => c.sign("nope", data, K.rsa.pem, () => later("never", 1)));
show("throws at once", () => c.sign("sha1", data, "x", () => later("never", 1)));
`,
  ],
  [
    "RSA encryption",
    `
const data = Buffer.from("a secret"), { pem, publicPem, encrypted, plain } = K.rsa;
show("of the host", () => c.privateDecrypt(pem, Buffer.from(encrypted, "base64")).toString());
for (const padding of [1, 3, 4, 6, 0, 99, undefined])
  for (const oaepHash of [undefined, "sha256", "nope"])
    for (const oaepLabel of [undefined, "label", Buffer.alloc(0)]) {
      show([padding, oaepHash, oaepLabel], () => c.privateDecrypt({ key: pem, padding, oaepHash, oaepLabel }, c.publicEncrypt({ key: publicPem, padding, oaepHash, oaepLabel }, data)).toString());
      show([padding, oaepHash, "other"], () => c.publicDecrypt({ key: publicPem, padding }, c.privateEncrypt({ key: pem, padding }, data)).toString());
    }
show("by private key", () => c.privateDecrypt(pem, c.publicEncrypt(pem, data)).toString());
show("raw", () => c.privateEncrypt({ key: pem, padding: 3 }, Buffer.alloc(256, 1)).toString("hex"));
show("fixed", () => c.privateEncrypt(pem, data).toString("hex"));
show("too long", () => c.publicEncrypt(publicPem, Buffer.alloc(300)));
show("no RSA", () => c.publicEncrypt(K.ec.publicPem, data));
show("bent", () => c.privateDecrypt(pem, Buffer.alloc(256, 7)));
show("short", () => c.privateDecrypt(pem, Buffer.alloc(5)));
for (const bad of [undefined, null, 1, {}]) { show("data", () => c.publicEncrypt(publicPem, bad)); show("label", () => c.publicEncrypt({ key: publicPem, oaepLabel: bad }, data).length); show("hash", () => c.publicEncrypt({ key: publicPem, oaepHash: bad }, data).length); }
`,
  ],
  [
    "key agreement",
    `
for (const name of ["modp1", "modp5", "modp14", "modp18", "nope", undefined]) show(name, () => { const a = c.getDiffieHellman(name), b = c.createDiffieHellmanGroup(name); a.generateKeys(); return [a.computeSecret(b.generateKeys()).equals(b.computeSecret(a.getPublicKey())), a.verifyError, a.getPrime("hex").slice(0, 40), a.getGenerator("hex"), a.setPublicKey, a.getPrivateKey().length > 20]; });
const prime = c.getDiffieHellman("modp2").getPrime();
for (const args of [[prime], [prime, 5], [prime.toString("hex"), "hex"], [prime, Buffer.from([2])], [prime, "02", "hex"], [256], [512, 2.5], [512, 0], [3], [-3], [0], [Buffer.alloc(0)], [Buffer.from([23])], [undefined], [null], [{}], [prime, {}], [2 ** 40]])
  show("dh", () => { const dh = c.createDiffieHellman(...args); return [dh.verifyError, dh.getPrime().length, dh.getGenerator("hex")]; });
const dh = c.createDiffieHellman(prime);
show("no key", () => dh.getPublicKey());
show("no key", () => dh.computeSecret(Buffer.alloc(5)));
dh.setPrivateKey("0123456789abcdef0123456789abcdef", "hex");
show("fixed", () => [dh.generateKeys("hex"), dh.computeSecret(Buffer.alloc(100, 3), null, "hex"), dh.getPrivateKey("hex")]);
for (const key of [Buffer.alloc(0), Buffer.from([0]), Buffer.from([1]), prime, Buffer.concat([prime, prime])]) show("bad key", () => dh.computeSecret(key));
show("public", () => dh.setPublicKey(Buffer.alloc(3, 9)).getPublicKey("hex"));
for (const curve of ["secp256k1", "prime256v1", "secp521r1", "nope", undefined]) show(curve, () => {
  const e = c.createECDH(curve);
  e.setPrivateKey("11".repeat(32), "hex");
  return ["uncompressed", "compressed", "hybrid"].map((form) => [e.getPublicKey("hex", form), c.ECDH.convertKey(e.getPublicKey(), curve, null, "hex", form)]).concat(e.getPrivateKey("hex"), e.computeSecret(e.getPublicKey(), null, "hex"));
});
const ec = c.createECDH("secp256k1");
show("no key", () => ec.getPublicKey());
show("no key", () => ec.getPrivateKey());
show("no key", () => ec.computeSecret(Buffer.alloc(33, 2)));
show("generated", () => [ec.generateKeys().length, ec.getPublicKey("hex", "compressed").length, ec.computeSecret(c.createECDH("secp256k1").generateKeys()).length]);
for (const key of [Buffer.alloc(0), Buffer.alloc(65), Buffer.alloc(5, 4), "zz"]) { show("bad", () => ec.computeSecret(key)); show("bad", () => ec.setPublicKey(key)); show("bad", () => ec.setPrivateKey(key)); show("bad", () => c.ECDH.convertKey(key, "secp256k1")); }
show("form", () => ec.getPublicKey("hex", "nope"));
show("forms", () => [c.ECDH, new c.ECDH("secp256k1") instanceof c.ECDH, c.DiffieHellman(prime) instanceof c.DiffieHellman]);
for (const name of ["x25519", "x448", "ec", "p521", "dh", "rsa"]) show(name, () => { const other = c.createPublicKey(K[name].publicPem); return c.diffieHellman({ privateKey: c.createPrivateKey(K[name].pem), publicKey: other }).toString("hex"); });
show("mixed", () => c.diffieHellman({ privateKey: c.createPrivateKey(K.ec.pem), publicKey: c.createPublicKey(K.x25519.publicPem) }));
show("mixed", () => c.diffieHellman({ privateKey: c.createPrivateKey(K.ec.pem), publicKey: c.createPublicKey(K.p521.publicPem) }));
show("none", () => c.diffieHellman({}));
`,
  ],
  [
    "generation",
    `
const shape = ({ publicKey, privateKey }) => [publicKey, privateKey].map((key) => (typeof key === "string" ? key.split("\\n")[0] : Buffer.isBuffer(key) ? key.constructor.name : key.kty ? Object.keys(key) : [key.type, key.asymmetricKeyType, key.asymmetricKeyDetails]));
const both = (type, options) => {
  show([type, options], () => shape(c.generateKeyPairSync(type, options)));
  show([type, options, "later"], () => c.generateKeyPair(type, options, (error, publicKey, privateKey) => later(text([type, options]), error ? [error.message, error.code, error.stack.split("\\n").length] : shape({ publicKey, privateKey }))));
};
for (const type of ["ed25519", "ed448", "x25519", "x448"]) both(type);
for (const namedCurve of ["P-256", "secp256k1", "secp384r1", "nope", 1, undefined]) both("ec", { namedCurve });
for (const modulusLength of [512, 1, 0, -1, 1.5, "512", undefined]) { both("rsa", { modulusLength }); both("rsa-pss", { modulusLength, hashAlgorithm: "sha256" }); }
both("rsa", { modulusLength: 512, publicExponent: 3 });
both("rsa", { modulusLength: 512, publicExponent: 4 });
both("rsa-pss", { modulusLength: 512, hashAlgorithm: "sha1", mgf1HashAlgorithm: "sha256", saltLength: 3 });
both("rsa-pss", { modulusLength: 512, hashAlgorithm: "nope" });
both("dh", { group: "modp5" });
both("dh", { group: "nope" });
both("dh", { prime: c.getDiffieHellman("modp2").getPrime(), generator: 5 });
both("dh", { primeLength: 3 });
both("dh", {});
both("nope");
both("rsa");
for (const publicKeyEncoding of [{ type: "spki", format: "pem" }, { type: "spki", format: "der" }, { format: "jwk" }, { type: "pkcs1", format: "pem" }, {}, 1, undefined])
  for (const privateKeyEncoding of [{ type: "pkcs8", format: "pem" }, { type: "sec1", format: "der" }, { format: "jwk" }, { type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "p" }, { type: "pkcs8", format: "pem", cipher: "nope", passphrase: "p" }, { type: "pkcs8", format: "pem", cipher: "aes-128-cbc" }, undefined])
    both("ec", { namedCurve: "P-256", publicKeyEncoding, privateKeyEncoding });
require("util").promisify(c.generateKeyPair)("ed25519").then((pair) => later("promise", shape(pair)));
show("callback", () => c.generateKeyPair("ed25519"));
for (const args of [[32], [32, { safe: true }], [32, { bigint: true }], [10, { add: Buffer.from([255, 255]) }], [16, { add: 12n, rem: 11n, bigint: true }], [16, { add: 12n, rem: 13n }], [0], [-1], [1.5], ["x"], [8, { safe: 1 }], [8, { add: -1n }], [1], [2], [1, { safe: true }], [3, { safe: true, bigint: true }]])
  { show("prime", () => { const p = c.generatePrimeSync(...args); return [typeof p, c.checkPrimeSync(p)]; }); show("prime later", () => c.generatePrime(...args, (error, p) => later("prime", [error, p && c.checkPrimeSync(p)]))); }
for (const candidate of [0n, 1n, 2n, 3n, 91n, 2n ** 127n - 1n, 2n ** 128n - 1n, Buffer.from([7]), Buffer.alloc(0), 5, "7", undefined, -1n])
  { show("check", () => c.checkPrimeSync(candidate)); show("check later", () => c.checkPrime(candidate, (...r) => later("check", r))); }
`,
  ],
  [
    "SubtleCrypto",
    `
const { subtle } = c.webcrypto, hex = (bytes) => Buffer.from(bytes).toString("hex");
const attempt = (name, run) => run().then((value) => later(name, value), (error) => later(name, [error.name, error.message, error.cause?.message, error.cause?.code]));
const data = Buffer.from("data to be signed"), b64 = (t) => Buffer.from(t, "base64");
const P8 = Object.fromEntries(Object.entries(K).map(([name, { pem, publicPem }]) => [name, [c.createPrivateKey(pem).export({ type: "pkcs8", format: "der" }), c.createPublicKey(publicPem).export({ type: "spki", format: "der" })]]));
for (const [name, algorithm, sign] of [["rsa", { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }], ["rsa", { name: "RSA-PSS", hash: "SHA-1" }, { saltLength: 20 }], ["ec", { name: "ECDSA", namedCurve: "P-256" }, { hash: "SHA-256" }], ["p521", { name: "ECDSA", namedCurve: "P-521" }, { hash: "SHA-512" }], ["ed25519", { name: "Ed25519" }], ["ec", { name: "ECDSA", namedCurve: "P-384" }, { hash: "SHA-256" }]])
  attempt(name + algorithm.name + algorithm.namedCurve, async () => {
    const priv = await subtle.importKey("pkcs8", P8[name][0], algorithm, true, ["sign"]), pub = await subtle.importKey("spki", P8[name][1], algorithm, true, ["verify"]);
    const made = await subtle.sign({ ...algorithm, ...sign }, priv, data);
    const jwk = await subtle.exportKey("jwk", priv);
    const again = await subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
    return [priv, made.byteLength, await subtle.verify({ ...algorithm, ...sign }, pub, made, data), await subtle.verify({ ...algorithm, ...sign }, pub, made, b64("AA==")), jwk, again.extractable, hex(await subtle.exportKey("spki", pub)), hex(await subtle.exportKey("pkcs8", priv)), name === "rsa" || hex(await subtle.exportKey("raw", pub))];
  });
attempt("not extractable", async () => subtle.exportKey("pkcs8", await subtle.importKey("pkcs8", P8.ec[0], { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])));
attempt("oaep", async () => {
  const algorithm = { name: "RSA-OAEP", hash: "SHA-1" };
  const priv = await subtle.importKey("pkcs8", P8.rsa[0], algorithm, true, ["decrypt"]), pub = await subtle.importKey("spki", P8.rsa[1], algorithm, true, ["encrypt"]);
  return [hex(await subtle.decrypt({ ...algorithm, label: b64("AA==") }, priv, await subtle.encrypt({ ...algorithm, label: b64("AA==") }, pub, data))), Buffer.from(await subtle.decrypt(algorithm, priv, b64(K.rsa.encrypted))).toString()];
});
for (const [name, algorithm] of [["ec", { name: "ECDH", namedCurve: "P-256" }], ["x25519", { name: "X25519" }]])
  attempt(name + "derive", async () => {
    const priv = await subtle.importKey("pkcs8", P8[name][0], algorithm, true, ["deriveBits", "deriveKey"]), pub = await subtle.importKey("spki", P8[name][1], algorithm, true, []);
    return [hex(await subtle.deriveBits({ ...algorithm, public: pub }, priv, 256)), hex(await subtle.deriveBits({ ...algorithm, public: pub }, priv, null)), await subtle.deriveKey({ ...algorithm, public: pub }, priv, { name: "AES-GCM", length: 128 }, true, ["encrypt"])];
  });
for (const length of [128, 192, 256])
  for (const [algorithm, size] of [[{ name: "AES-CBC", iv: Buffer.alloc(16, 1) }], [{ name: "AES-GCM", iv: Buffer.alloc(12, 1), additionalData: Buffer.from("more") }], [{ name: "AES-GCM", iv: Buffer.alloc(12, 1), tagLength: 96 }], [{ name: "AES-CTR", counter: Buffer.alloc(16, 255), length: 64 }], [{ name: "AES-CTR", counter: Buffer.alloc(16, 255), length: 3 }], [{ name: "AES-CTR", counter: Buffer.alloc(16, 254), length: 2 }, 100], [{ name: "AES-CTR", counter: Buffer.alloc(16, 255), length: 128 }]])
    attempt(algorithm.name + length + algorithm.tagLength + algorithm.length, async () => {
      const key = await subtle.importKey("raw", Buffer.alloc(length / 8, 7), algorithm.name, true, ["encrypt", "decrypt"]);
      const made = await subtle.encrypt(algorithm, key, Buffer.alloc(size ?? 60, "abc"));
      return [hex(made), hex(await subtle.decrypt(algorithm, key, made)), await subtle.decrypt(algorithm, key, made.slice(1)).then(hex, (error) => error.name + error.message)];
    });
attempt("wrap", async () => {
  const kek = await subtle.importKey("raw", Buffer.alloc(16, 7), "AES-KW", true, ["wrapKey", "unwrapKey"]), key = await subtle.importKey("raw", Buffer.alloc(32, 3), "AES-GCM", true, ["encrypt"]);
  const wrapped = await subtle.wrapKey("raw", key, kek, "AES-KW");
  return [hex(wrapped), hex(await subtle.exportKey("raw", await subtle.unwrapKey("raw", wrapped, kek, "AES-KW", "AES-GCM", true, ["encrypt"])))];
});
for (const [algorithm, usages] of [[{ name: "RSA-PSS", modulusLength: 512, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, ["sign", "verify"]], [{ name: "ECDSA", namedCurve: "P-384" }, ["sign"]], [{ name: "Ed25519" }, ["sign"]], [{ name: "AES-CBC", length: 128 }, ["encrypt"]], [{ name: "HMAC", hash: "SHA-1" }, ["sign"]], [{ name: "RSA-PSS", modulusLength: 1, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, ["sign"]]])
  attempt("generate" + text(algorithm), () => subtle.generateKey(algorithm, true, usages));
attempt("clone", async () => { const key = await subtle.importKey("pkcs8", P8.ec[0], { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]); const clone = structuredClone(key); return [clone, hex(await subtle.exportKey("pkcs8", clone)) === hex(P8.ec[0])]; });
`,
  ],
  [
    "Certificate and clones",
    `
const spkac = Buffer.from(SPKAC);
for (const input of [spkac, SPKAC, Buffer.from("x"), "", Buffer.alloc(0), 1]) show("spkac", () => [c.Certificate.verifySpkac(input), c.Certificate.exportPublicKey(input), c.Certificate.exportChallenge(input).toString()]);
for (const name of ["rsa", "ec", "ed25519", "dsa"]) show(name, () => { const key = c.createPrivateKey(K[name].pem), copy = structuredClone(key); return [copy, copy !== key, copy.equals(key), copy.export({ type: "pkcs8", format: "pem" }) === key.export({ type: "pkcs8", format: "pem" })]; });
const { Worker } = require("worker_threads");
new Worker("const { parentPort, workerData } = require('worker_threads'); const c = require('crypto'); parentPort.postMessage([workerData.key.type, c.sign('sha256', Buffer.from('x'), workerData.key).toString('hex'), workerData.pub.export({ type: 'spki', format: 'pem' }), workerData.pub]); ", { eval: true, workerData: { key: c.createPrivateKey(K.rsa.pem), pub: c.createPublicKey(K.ec.publicPem) } }).on("message", (message) => later("worker", [message, message[3].equals(c.createPublicKey(K.ec.publicPem))])).on("error", (error) => later("worker error", error.message));
`,
  ],
];
