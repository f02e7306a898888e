import { MAX_TLS_CONNECTIONS, MAX_TLS_CONTEXTS, MAX_TLS_MATERIAL } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { overCap } from "../crypto/failure.ts";
import { guarded } from "../crypto/guarded.ts";
import { late } from "../late.ts";
import { Connection } from "./connection.ts";
import { Kept } from "./kept.ts";
import { SecureContext } from "./secure-context.ts";

/** The TLS syscalls with the contexts and connections they keep. */
export interface TlsHandlers {
  readonly handlers: Handlers<"tls">;
  /** Ends what the last run left open. */
  reset(): void;
}

/** TLS on the host's engine: needs no permission, since it reaches nothing. Keys stay in this process. */
export function createTlsHandlers(): TlsHandlers {
  const contexts = new Kept<SecureContext>(MAX_TLS_CONTEXTS, "secure contexts");
  const connections = new Kept<Connection>(MAX_TLS_CONNECTIONS, "TLS connections");
  /** Bytes of keys and certificates, by context. */
  const material = new Map<number, number>();
  let total = 0;
  const charge = (id: number, bytes: number): void => {
    if (total + bytes > MAX_TLS_MATERIAL) {
      throw overCap(`the keys and certificates of all secure contexts exceed ${MAX_TLS_MATERIAL} bytes, the cap`);
    }
    total += bytes;
    material.set(id, (material.get(id) ?? 0) + bytes);
  };
  const context = (id: number): SecureContext => contexts.get(id);
  const connection = (id: number): Connection => connections.get(id);

  const handlers: Handlers<"tls"> = {
    contextOpen: (_grants, method, min, max) =>
      contexts.open((id) => new SecureContext(method, min, max, (bytes) => charge(id, bytes))),
    contextKey: (_grants, id, pem, passphrase) => void context(id).key(pem, passphrase),
    contextMaterial: (_grants, id, place, pem) => void context(id).material(place, pem),
    contextRoots: (_grants, id) => void context(id).roots(),
    contextPartialChains: (_grants, id) => void context(id).partialChains(),
    contextText: (_grants, id, place, text) => void context(id).text(place, text),
    contextNumber: (_grants, id, place, value) => void context(id).number(place, value),
    contextProtocols: (_grants, id) => [context(id).native.getMinProto(), context(id).native.getMaxProto()],
    contextDh: (_grants, id, parameters) => context(id).dh(parameters),
    contextArchive: (_grants, id, data, passphrase) => void context(id).archive(data, passphrase),
    contextTicketKeys: (_grants, id) => context(id).native.getTicketKeys(),
    contextSetTicketKeys: (_grants, id, keys) => void context(id).setTicketKeys(keys),
    contextCertificate: (_grants, id, ofIssuer) => {
      const { native } = context(id);
      return (ofIssuer ? native.getIssuer() : native.getCertificate()) ?? undefined;
    },
    contextClose(_grants, id) {
      total -= material.get(id) ?? 0;
      material.delete(id);
      contexts.close(id);
    },

    open: (_grants, id, isServer) => {
      const secure = context(id);
      return connections.open(() => new Connection(secure, isServer));
    },
    verifyMode: (_grants, id, requestCert, reject) => void connection(id).verifyMode(requestCert, reject),
    enable: (_grants, id, place) => void connection(id).enable(place),
    alpn: (_grants, id, protocols) => void connection(id).alpn(protocols),
    chooseProtocol: (_grants, id, protocol) => void connection(id).chooseProtocol(protocol),
    presharedKey: (_grants, id, identity, key) => void connection(id).presharedKey(identity, key),
    presharedHint: (_grants, id, hint) => connection(id).presharedHint(hint),
    servername: (_grants, id, name) => void connection(id).servername(name),
    session: (_grants, id, session) => void connection(id).session(session),
    ocspResponse: (_grants, id, response) => void connection(id).ocspResponse(response),
    maxFragment: (_grants, id, size) => connection(id).maxFragment(size),
    certificate: (_grants, id, shown) => void connection(id).show(context(shown)),
    start: (_grants, id) => connection(id).start(),
    receive: (_grants, id, ciphertext) => connection(id).receive(ciphertext),
    write: (_grants, id, plaintext) => connection(id).write(plaintext),
    shutdown: (_grants, id) => connection(id).shutdown(),
    endParser: (_grants, id, session) => connection(id).endParser(session),
    certificateDone: (_grants, id, shown) => connection(id).certificateDone(shown === 0 ? undefined : context(shown)),
    sessionDone: (_grants, id) => connection(id).sessionDone(),
    renegotiate: (_grants, id) => void connection(id).renegotiate(),
    fact: (_grants, id, place, inDetail) => connection(id).fact(place, inDetail),
    x509: (_grants, id, ofPeer) => connection(id).x509(ofPeer),
    exportKey: (_grants, id, length, label, secret) => connection(id).exportKey(length, label, secret),
    close: (_grants, id) => void connections.close(id),

    roots: () => late.tls.rootCertificates,
    ciphers: () => late.tls.getCiphers(),
  };
  return {
    handlers: guarded(handlers),
    reset() {
      connections.clear();
      contexts.clear();
      material.clear();
      total = 0;
    },
  };
}
