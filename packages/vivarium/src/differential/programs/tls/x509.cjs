"use strict";
// Certificates as objects.
const { X509Certificate } = require("node:crypto");
const tls = require("node:tls");
const { ca, server: own, other, client: clientKeys } = require("./certificates.cjs");

const attempt = (label, run) => {
  try {
    console.log(label, run());
  } catch (error) {
    console.log(label, error.name, error.code, error.message);
  }
};
const root = new X509Certificate(ca.cert);
const certificate = new X509Certificate(Buffer.from(own.cert));
console.log(certificate);
console.log(root.ca, certificate.ca, root.keyUsage, certificate.keyUsage, new X509Certificate(clientKeys.cert).keyUsage);
console.log(certificate.toString() === own.cert, JSON.stringify({ certificate }).length, certificate.raw.length);
console.log(new X509Certificate(certificate.raw).fingerprint256 === certificate.fingerprint256);
console.log(certificate.checkIssued(root), root.checkIssued(certificate), certificate.issuerCertificate);
for (const name of ["localhost", "a.example.test", "a.b.example.test", "example.test", "LOCALHOST", "nobody"]) {
  attempt(`host ${name}:`, () => certificate.checkHost(name));
}
attempt("no wildcards:", () => certificate.checkHost("a.example.test", { wildcards: false }));
attempt("subject:", () => certificate.checkHost("server", { subject: "always" }));
attempt("bad subject:", () => certificate.checkHost("server", { subject: "perhaps" }));
attempt("NUL:", () => certificate.checkHost("local\0host"));
for (const ip of ["127.0.0.1", "::1", "10.0.0.1"]) attempt(`ip ${ip}:`, () => certificate.checkIP(ip));
attempt("bad ip:", () => certificate.checkIP("[::]"));
attempt("email:", () => certificate.checkEmail("a@example.test"));
const { raw, pubkey, ...legacy } = certificate.toLegacyObject();
console.log(legacy, raw.length, pubkey.length);
console.log(structuredClone(certificate).serialNumber === certificate.serialNumber, structuredClone(root).subject);
attempt("nothing:", () => new X509Certificate("nothing"));
attempt("a number:", () => new X509Certificate(1));
attempt("half:", () => new X509Certificate(own.cert.slice(0, 300)));
for (const name of ["localhost", "other.test", "elsewhere.test", "127.0.0.1", "10.0.0.1"]) {
  const { subject, subjectaltname } = new X509Certificate(name === "other.test" ? other.cert : own.cert).toLegacyObject();
  const error = tls.checkServerIdentity(name, { subject, subjectaltname });
  console.log(name, error?.code, error?.reason, error?.message);
}
console.log(tls.rootCertificates.length > 100, tls.getCiphers().length > 40, tls.getCACertificates("bundled").length > 100);
attempt("root:", () => new X509Certificate(tls.rootCertificates[0]).checkIssued(new X509Certificate(tls.rootCertificates[0])));
