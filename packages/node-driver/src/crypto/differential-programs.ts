/** Programs that print the same on Node and in a sandbox, by the fact they show. */
export const PROGRAMS: readonly (readonly [fact: string, source: string])[] = [
  [
    "every digest, its copies, encodings and lengths",
    `
for (const name of c.getHashes()) show(name, () => c.createHash(name).update("data").update(Buffer.from([1, 2, 255])).digest("hex"));
for (const encoding of ["hex", "base64", "base64url", "latin1", "ascii", "ucs2", "utf8", "buffer", "nope", undefined, null])
  show(encoding, () => c.createHash("sha1").update("é\\ud800", "utf8").digest(encoding));
for (const [text, encoding] of [["00ff", "hex"], ["abc", "hex"], ["YWJj", "base64"], ["é", "latin1"], ["é", "ucs2"], ["x", "nope"]])
  show(encoding, () => c.createHash("md5").update(text, encoding).digest("hex"));
for (const outputLength of [0, 1, 5, 1000, 20, -1, 1.5, "5", null])
  for (const name of ["shake128", "sha1"]) show(name + outputLength, () => c.createHash(name, { outputLength }).update("x").digest("hex"));
const h = c.createHash("shake256").update("x");
const copy = h.copy({ outputLength: 3 });
show("copy", () => [h.update("y").digest("hex"), copy.digest("hex"), h.copy()]);
show("twice", () => { const d = c.createHash("sha1"); d.digest(); d.digest(); });
show("late", () => { const d = c.createHash("sha1"); d.end("x"); d.read(); d.update("y"); });
show("stream", () => { const d = c.createHash("sha1"); d.write("a"); d.end("b"); return [d.read(), d.digest("hex")]; });
for (const bad of [1, null, undefined, {}, []]) show("data", () => c.createHash("sha1").update(bad));
show("object", () => [c.createHash("sha1"), c.createHmac("sha1", "k")]);
`,
  ],
  [
    "input larger than what is gathered or sent at once",
    `
const big = Buffer.alloc(20 * 1024 * 1024, "abcdefg");
const h = c.createHash("sha256");
for (let i = 0; i < big.length; i += 100_003) h.update(big.subarray(i, i + 100_003));
const copy = h.copy();
show("pieces", () => [h.digest("hex"), copy.update("more").digest("hex")]);
show("whole", () => [c.createHash("sha256").update(big).digest("hex"), c.hash("sha256", big), c.createHmac("md5", "k").update(big).digest("hex")]);
show("equal", () => [c.timingSafeEqual(big, big), c.timingSafeEqual(big, Buffer.concat([big.subarray(1), Buffer.from("z")]))]);
show("view", () => c.createHash("sha1").update(new Uint16Array(big.buffer, 2, 9)).update(new DataView(big.buffer, 3, 5)).digest("hex"));
`,
  ],
  [
    "crypto.hash",
    `
for (const encoding of ["hex", "base64", "latin1", "buffer", "BUFFER", "nope", 5]) show(encoding, () => c.hash("sha1", "data", encoding));
for (const name of ["sha256", "shake128", "nope", "", 1]) show(name, () => c.hash(name, Buffer.from("x")));
show("input", () => c.hash("sha1", 1));
`,
  ],
  [
    "MACs and secret keys",
    `
const key = c.createSecretKey(Buffer.from("secret"));
for (const k of ["secret", Buffer.from("secret"), new Uint8Array(0), key, c.createSecretKey("736563726574", "hex"), "s".repeat(300)])
  show("hmac", () => c.createHmac("sha256", k).update("data").digest("base64"));
for (const k of [1, null, undefined, {}]) show("bad key", () => c.createHmac("sha256", k));
show("bad name", () => c.createHmac("nope", "k"));
show("again", () => { const m = c.createHmac("sha1", "k"); return [m.digest("hex"), m.digest("hex"), m.digest()]; });
show("ended", () => { const m = c.createHmac("sha1", "k"); m.end("x"); return [m.read(), m.digest("hex")]; });
show("key", () => [key, key.type, key.symmetricKeySize, key.export(), key.export({ format: "jwk" }), key.equals(c.createSecretKey(Buffer.from("secret"))), key.equals(c.createSecretKey(Buffer.from("secreT")))]);
show("class", () => [c.KeyObject, key instanceof c.KeyObject, Object.prototype.toString.call(key)]);
show("export", () => key.export({ format: "pem" }));
show("equals", () => key.equals(1));
show("generated", () => [c.generateKeySync("hmac", { length: 20 }).symmetricKeySize, c.generateKeySync("aes", { length: 256 }).symmetricKeySize]);
show("generate", () => c.generateKeySync("aes", { length: 100 }));
for (const pair of [["a", "b"], [Buffer.from("a"), 1], [Buffer.from("a"), Buffer.from("ab")], [new Float32Array([NaN]), new DataView(new ArrayBuffer(4))]])
  show("timingSafeEqual", () => c.timingSafeEqual(...pair));
`,
  ],
  [
    "key derivation, at once and by callback",
    `
for (const args of [["p", "s", 1000, 40, "sha512"], ["", "", 1, 0, "sha1"], ["p", "s", 1, 5, "nope"], ["p", "s", 0, 5, "sha1"], ["p", "s", 1, 5]])
  { show("pbkdf2", () => c.pbkdf2Sync(...args)); show("pbkdf2 later", () => c.pbkdf2(...args, (...r) => later("pbkdf2", r))); }
for (const args of [["p", "s", 40], ["p", "s", 0], ["p", "s", 32, { N: 16, r: 1, p: 2 }], ["p", "s", 32, { N: 3 }], ["p", "s", 32, { N: 2 ** 20 }], ["p", "s", 4, { cost: 4, N: 4 }]])
  { show("scrypt", () => c.scryptSync(...args)); show("scrypt later", () => c.scrypt(...args, (...r) => later("scrypt", r))); }
for (const args of [["sha256", "k", "s", "i", 64], ["sha1", "", "", "", 4], ["sha1", "k", "s", "i", 20 * 255 + 1], ["nope", "k", "s", "i", 4], ["sha1", "k", "s", "i", 0], ["sha1", c.createSecretKey(Buffer.from("k")), new Uint8Array(3), "", 9]])
  { show("hkdf", () => c.hkdfSync(...args)); show("hkdf later", () => c.hkdf(...args, (...r) => later("hkdf", r))); }
`,
  ],
  [
    "randomness in all its forms",
    `
show("sizes", () => [c.randomBytes(0).length, c.randomBytes(3_000_000).length, c.randomBytes(5).constructor.name]);
for (const size of [-1, "1", NaN, 2 ** 31]) show("size", () => c.randomBytes(size));
show("fill", () => { const b = Buffer.alloc(64); c.randomFillSync(b, 10, 20); return [b.subarray(0, 10), b.subarray(30), b.subarray(10, 30).some(Boolean)]; });
show("fill views", () => [c.randomFillSync(new Uint32Array(4)).some(Boolean), new Uint8Array(c.randomFillSync(new ArrayBuffer(16))).some(Boolean), new Uint8Array(c.randomFillSync(new SharedArrayBuffer(16))).some(Boolean)]);
for (const args of [[Buffer.alloc(3), 5], [Buffer.alloc(3), 0, 9], ["x"]]) show("fill", () => c.randomFillSync(...args));
c.randomBytes(8, (error, bytes) => later("bytes", [error, bytes.length]));
c.randomFill(new Uint8Array(8), 2, (error, bytes) => later("fill", [error, bytes.length, bytes[0], bytes[1]]));
c.randomInt(5, (error, n) => later("int", [error, n >= 0 && n < 5]));
show("int", () => Array.from({ length: 5000 }, () => c.randomInt(-3, 3)).every((n) => n >= -3 && n < 3 && Number.isInteger(n)));
for (const args of [[0], [3, 3], ["a"], [2 ** 60]]) show("int", () => c.randomInt(...args));
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
show("uuid", () => [new Set(Array.from({ length: 500 }, () => c.randomUUID())).size, uuid.test(c.randomUUID({ disableEntropyCache: true })), uuid.test(crypto.randomUUID())]);
show("values", () => [crypto.getRandomValues(new Uint8Array(9)).length, c.getRandomValues(new Int16Array(4)).some(Boolean), crypto === c.webcrypto]);
for (const bad of [new Float32Array(1), new Uint8Array(65537), [], undefined]) show("values", () => crypto.getRandomValues(bad));
`,
  ],
  [
    "ciphers",
    `
const K = Buffer.alloc(32, 1), I = Buffer.alloc(16, 2), plain = "a secret ".repeat(50);
for (const name of ["aes-128-cbc", "aes-256-cbc", "aes-256-ctr", "aes-128-ecb", "aes-192-gcm", "chacha20-poly1305", "nope"])
  show(name, () => {
    const info = c.getCipherInfo(name);
    const iv = info?.ivLength ? I.subarray(0, info.ivLength) : null;
    const key = K.subarray(0, info?.keyLength ?? 16);
    const options = name.includes("poly") ? { authTagLength: 16 } : undefined;
    const e = c.createCipheriv(name, key, iv, options);
    const out = e.update(plain, "utf8", "hex") + e.final("hex");
    const d = c.createDecipheriv(name, c.createSecretKey(key), iv, options);
    const tag = /gcm|poly/.test(name) ? e.getAuthTag() : undefined;
    if (tag) d.setAuthTag(tag);
    return [info, out, tag, d.update(out, "hex", "utf8") + d.final("utf8") === plain];
  });
const C = () => c.createCipheriv("aes-128-cbc", I, I), D = () => c.createDecipheriv("aes-128-cbc", I, I), G = () => c.createDecipheriv("aes-128-gcm", I, I);
show("update after final", () => { const x = C(); x.final(); x.update("a"); });
show("final twice", () => { const x = C(); x.final(); x.final(); });
show("padding", () => { const x = C().setAutoPadding(false); x.update("a"); x.final(); });
show("padding late", () => { const x = C(); x.final(); x.setAutoPadding(); });
show("tag early", () => C().getAuthTag());
show("bad decrypt", () => { const x = D(); x.update(Buffer.alloc(16)); x.final(); });
show("short", () => { const x = D(); x.update(Buffer.alloc(5)); x.final(); });
show("no tag", () => { const x = G(); x.update("x"); x.final(); });
show("tag length", () => G().setAuthTag(Buffer.alloc(3)));
show("wrong tag", () => { const x = G().setAuthTag(Buffer.alloc(16)); x.update("x"); x.final(); });
show("key", () => c.createCipheriv("aes-128-cbc", "short", I));
show("iv", () => c.createCipheriv("aes-128-cbc", I, "short"));
show("null iv", () => c.createCipheriv("aes-128-cbc", I, null));
const stream = C();
stream.setEncoding("hex").on("data", (data) => later("stream", data)).end("piped");
`,
  ],
  [
    "lists, constants and what the module exports",
    `
show("lists", () => [c.getHashes(), c.getCiphers(), c.getCurves(), c.getFips(), c.secureHeapUsed()]);
show("exports", () => Object.keys(c).sort());
show("constants", () => c.constants);
show("info", () => [c.getCipherInfo("aes-256-gcm", { ivLength: 7 }), c.getCipherInfo("aes-128-cbc", { keyLength: 7 }), c.getCipherInfo(419)]);
show("setEngine", () => c.setEngine("nope"));
`,
  ],
  [
    "stacks of errors the engine makes",
    `
const deep = (n) => (n > 0 ? deep(n - 1) : [() => c.createHash("nope"), () => c.hash("nope", ""), () => c.createHmac("nope", ""), () => c.pbkdf2Sync("", "", 1, 0, "sha1"), () => c.scryptSync("", "", 1, { N: 3 }), () => c.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)), () => c.createCipheriv("nope", "", "")].map((f) => { try { f(); } catch (e) { return e.stack; } }));
console.log(deep(12).join("\\n"));
c.pbkdf2("", "", 1, 0, "sha1", (error) => console.log(error.stack));
`,
  ],
];

/** Prints what an expression gives or throws; what comes later is sorted, since threads decide its order on Node. */
const PRELUDE = `
const c = require("crypto");
const { inspect } = require("util");
const text = (value) => inspect(value, { depth: 5, maxStringLength: 200, breakLength: 200 });
const show = (name, run) => {
  try {
    console.log(String(name), text(run()));
  } catch (error) {
    const { stack, message, ...rest } = Object.fromEntries(Object.getOwnPropertyNames(error).map((key) => [key, error[key]]));
    console.log(String(name), "throws", error.constructor.name, message, text(rest), String(stack).split("\\n")[0]);
  }
};
const lines = [];
const later = (name, value) => lines.push(name + " " + text(value));
process.on("exit", () => console.log(lines.sort().join("\\n")));
`;

export const programOf = (source: string): string => `${PRELUDE}${source}`;
