"use strict";
// TLS between a server and clients of one program: who is who, sessions, protocols, names. Each side's events are
// printed together: how the two sides interleave is the network's.
const tls = require("node:tls");
const { once } = require("node:events");
const { ca, server: own, other, client: clientKeys, archive } = require("./certificates.cjs");

const trusting = { ca: ca.cert, servername: "localhost" };
/** `once` would take an error for its own failure. */
const gone = (emitter) => new Promise((resolve) => emitter.once("close", resolve));
const say = (label, value) => console.log(label, value);

/** Serves one connection at a time and prints what both sides saw. */
async function meet(label, serverOptions, clientOptions, talk = () => {}) {
  const log = { server: [], client: [] };
  const server = tls.createServer({ cert: own.cert, key: own.key, ...serverOptions }, (socket) => {
    const { authorized, authorizationError, alpnProtocol, servername } = socket;
    log.server.push(["secure", authorized, authorizationError, alpnProtocol, servername, socket.getProtocol()]);
    log.server.push(socket.getCipher(), socket.getPeerCertificate().subject, socket.isSessionReused());
    socket.on("error", (error) => log.server.push(["error", error.code]));
    socket.on("data", (data) => log.server.push(["data", data.toString()]));
    socket.on("end", () => log.server.push("end"));
    socket.end("served");
  });
  server.on("tlsClientError", (error) => log.server.push(["tlsClientError", error.code, error.reason]));
  server.listen(0);
  await once(server, "listening");
  const socket = tls.connect({ port: server.address().port, ...trusting, ...clientOptions });
  socket.on("secureConnect", () => {
    const { authorized, authorizationError, alpnProtocol } = socket;
    log.client.push(["secure", authorized, authorizationError, alpnProtocol, socket.getProtocol()]);
    log.client.push(socket.getCipher(), socket.getEphemeralKeyInfo(), socket.isSessionReused());
    log.client.push(socket.getPeerCertificate().subject);
    talk(socket, server);
    socket.write("asked");
  });
  socket.on("data", (data) => log.client.push(["data", data.toString()]));
  socket.on("end", () => {
    log.client.push("end");
    socket.end();
  });
  socket.on("error", (error) => log.client.push(["error", error.code, error.message.replace(/^[0-9A-F]+:/, "")]));
  await gone(socket);
  server.close();
  await gone(server);
  say(`${label}, server:`, log.server);
  say(`${label}, client:`, log.client);
  return socket;
}

async function versions() {
  await meet("TLS 1.3", {}, {});
  await meet("TLS 1.2", {}, { maxVersion: "TLSv1.2" });
  await meet("no common version", { minVersion: "TLSv1.3" }, { maxVersion: "TLSv1.2" });
  await meet("no common cipher", { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" }, {
    ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384",
  });
  await meet("its own curve", { ecdhCurve: "P-384" }, { ecdhCurve: "P-384:X25519" });
}

async function identities() {
  await meet("unknown root", {}, { ca: undefined });
  await meet("unknown root, and so be it", {}, { ca: undefined, rejectUnauthorized: false });
  await meet("another name", {}, { servername: "elsewhere.test" });
  await meet("its own judgement", {}, { checkServerIdentity: (name) => new Error(`not ${name}`) });
  const asking = { requestCert: true, ca: ca.cert };
  await meet("a client shows itself", asking, { cert: clientKeys.cert, key: clientKeys.key });
  await meet("a client shows itself from an archive", asking, { pfx: archive, passphrase: "secret" });
  await meet("a client shows nothing", asking, {});
  await meet("a client shows nothing, and so be it", { ...asking, rejectUnauthorized: false }, {});
  await meet("a client nobody knows", { requestCert: true }, { cert: clientKeys.cert, key: clientKeys.key });
}

async function names() {
  const contexts = { "other.test": tls.createSecureContext({ cert: other.cert, key: other.key }) };
  const SNICallback = (name, done) => setImmediate(() => done(null, contexts[name]));
  await meet("SNI by a function", { SNICallback }, { servername: "other.test" });
  await meet("SNI by a function that knows none", { SNICallback }, {});
  await meet("SNI by a function that fails", { SNICallback: (_, done) => done(new Error("no")) }, {});
  const failing = tls.createServer({ cert: own.cert, key: own.key });
  failing.addContext("*.test", { cert: other.cert, key: other.key });
  failing.on("secureConnection", (socket) => socket.end());
  failing.listen(0);
  await once(failing, "listening");
  const socket = tls.connect({ port: failing.address().port, ...trusting, servername: "other.test" });
  await once(socket, "secureConnect");
  say("SNI by addContext:", socket.getPeerCertificate().subjectaltname);
  socket.resume();
  await gone(socket);
  failing.close();
}

async function protocols() {
  const offer = { ALPNProtocols: ["h2", "http/1.1"] };
  await meet("ALPN", { ALPNProtocols: ["http/1.1", "h2"] }, offer);
  await meet("ALPN without a common one", { ALPNProtocols: ["spdy/1"] }, offer);
  const chosen = [];
  const choosing = (choose) => ({
    ALPNCallback: (hello) => {
      chosen.push(hello);
      return choose(hello);
    },
  });
  await meet("ALPN by a function", choosing(({ protocols }) => protocols[1]), offer);
  await meet("ALPN by a function, none", choosing(() => undefined), offer);
  await meet("ALPN by a function, one not offered", choosing(() => "h3"), offer);
  await meet("ALPN by a function, TLS 1.2", choosing(() => "h2"), { ...offer, maxVersion: "TLSv1.2" });
  say("what it was asked:", chosen);
}

async function sharedKeys() {
  const psk = Buffer.from("0123456789abcdef0123456789abcdef", "hex");
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"]) {
    const ciphers = maxVersion === "TLSv1.2" ? "PSK+HIGH" : "TLS_AES_128_GCM_SHA256";
    const asked = [];
    const server = {
      cert: undefined,
      key: undefined,
      ciphers,
      maxVersion,
      pskIdentityHint: "the hint",
      pskCallback: (_socket, identity) => {
        asked.push(["server", identity]);
        return identity === "somebody" ? psk : null;
      },
    };
    const client = (identity, key = psk) => ({
      ciphers,
      maxVersion,
      checkServerIdentity: () => {},
      pskCallback: (hint) => {
        asked.push(["client", hint]);
        return { identity, psk: key };
      },
    });
    await meet(`PSK ${maxVersion}`, server, client("somebody"));
    await meet(`PSK ${maxVersion}, nobody`, server, client("nobody"));
    await meet(`PSK ${maxVersion}, another key`, server, client("somebody", Buffer.alloc(16)));
    say("who was asked:", asked);
  }
}

async function sessions() {
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"]) {
    const server = tls.createServer({ cert: own.cert, key: own.key, maxVersion }, (socket) => {
      socket.end(`reused: ${socket.isSessionReused()}`);
    });
    server.listen(0);
    await once(server, "listening");
    let session;
    for (let i = 0; i < 3; i++) {
      const socket = tls.connect({ port: server.address().port, ...trusting, session });
      socket.on("session", (given) => {
        session = given;
      });
      const text = [];
      socket.on("data", (data) => text.push(data.toString()));
      await gone(socket);
      say(`${maxVersion}, time ${i}:`, [text.join(""), socket.isSessionReused(), session?.length > 100]);
    }
    const keys = server.getTicketKeys();
    server.setTicketKeys(Buffer.alloc(48, 7));
    say("ticket keys:", [keys.length, server.getTicketKeys().equals(Buffer.alloc(48, 7))]);
    server.close();
    await gone(server);
  }
}

async function storedSessions() {
  const stored = new Map();
  const events = [];
  const options = { cert: own.cert, key: own.key, maxVersion: "TLSv1.2", secureOptions: require("node:constants").SSL_OP_NO_TICKET };
  const server = tls.createServer(options, (socket) => socket.end(`reused: ${socket.isSessionReused()}`));
  server.on("newSession", (id, data, done) => {
    events.push(["new", id.length]);
    stored.set(id.toString("hex"), data);
    setImmediate(done);
  });
  server.on("resumeSession", (id, done) => {
    events.push(["resume", stored.has(id.toString("hex"))]);
    setImmediate(done, null, stored.get(id.toString("hex")) ?? null);
  });
  server.listen(0);
  await once(server, "listening");
  let session;
  for (let i = 0; i < 3; i++) {
    if (i === 2) stored.clear();
    const socket = tls.connect({ port: server.address().port, ...trusting, session });
    socket.on("session", (given) => {
      session = given;
    });
    const text = [];
    socket.on("data", (data) => text.push(data.toString()));
    await gone(socket);
    events.push([text.join(""), socket.isSessionReused()]);
  }
  server.close();
  say("stored sessions:", events);
}

async function extras() {
  const server = tls.createServer({ cert: own.cert, key: own.key, ca: ca.cert }, (socket) => {
    socket.end(socket.exportKeyingMaterial(16, "label", Buffer.from("context")).toString("hex"));
  });
  server.on("OCSPRequest", (certificate, issuer, done) => {
    say("OCSP request:", [certificate.equals(certificate), issuer === null ? null : issuer.length > 100]);
    done(null, Buffer.from("a stapled response"));
  });
  const lines = [];
  server.on("keylog", (line) => lines.push(line.toString().split(" ")[0]));
  server.listen(0);
  await once(server, "listening");
  const socket = tls.connect({ port: server.address().port, ...trusting, requestOCSP: true });
  socket.on("OCSPResponse", (response) => say("OCSP response:", response.toString()));
  const [material] = await once(socket, "data");
  say("keying material:", material.toString() === socket.exportKeyingMaterial(16, "label", Buffer.from("context")).toString("hex"));
  say("keylog:", lines.sort());
  say("fragment:", [socket.setMaxSendFragment(512), socket.setMaxSendFragment(511)]);
  say("finished:", [socket.getFinished().length, socket.getPeerFinished().length]);
  say("signature algorithms:", socket.getSharedSigalgs());
  const { raw, pubkey, issuerCertificate, ...rest } = socket.getPeerCertificate(true);
  say("certificate:", { ...rest, raw: raw.length, pubkey: pubkey.length });
  say("its issuer:", [issuerCertificate.subject, issuerCertificate.issuerCertificate === issuerCertificate]);
  say("as X509Certificate:", socket.getPeerX509Certificate().subjectAltName);
  say("own certificate:", socket.getCertificate());
  await gone(socket);
  say("after the end:", [socket.getPeerCertificate(), socket.getCipher(), socket.getSession()]);
  server.close();
}

(async () => {
  for (const part of [versions, identities, names, protocols, sharedKeys, sessions, storedSessions, extras]) await part();
  console.log("done");
})();
