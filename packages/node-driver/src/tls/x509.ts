import { X509_CHECKS, X509_FACTS } from "@vivarium/bridge/contract";
import type { Handlers } from "@vivarium/core/cell";
import { SyscallFailure } from "@vivarium/core/errors";
import { guarded } from "../crypto/guarded.ts";
import { checkKeyData } from "../crypto/keys/key-data.ts";
import { late } from "../late.ts";
import { nameAt } from "./secure-context.ts";
import { writeTree } from "./tree.ts";

const UINT32 = 2 ** 32;

type Method = (...args: readonly unknown[]) => unknown;

/**
 * The object under a public certificate: the library reads and translates what it answers, and in the guest that is the
 * guest's library. @throws SyscallFailure ENOSYS on a Node that has it elsewhere
 */
function ask(certificate: Uint8Array, name: string, ...args: readonly unknown[]): unknown {
  const parsed = new late.crypto.X509Certificate(certificate);
  const key = Object.getOwnPropertySymbols(parsed).find(({ description }) => description === "kHandle");
  const handle = key && (parsed as unknown as Record<symbol, Record<string, Method>>)[key];
  if (!handle?.[name]) throw new SyscallFailure("ENOSYS");
  return handle[name](...args);
}

/** Certificates on the host's engine. They need no permission, since they reach nothing. */
export const x509Handlers: Handlers<"x509"> = guarded<Handlers<"x509">>({
  parse: (_grants, data) => new late.crypto.X509Certificate(data).raw,
  fact: (_grants, certificate, place) => writeTree(ask(certificate, nameAt(X509_FACTS, place))),
  publicKey: (_grants, certificate) =>
    new late.crypto.X509Certificate(certificate).publicKey.export({ format: "der", type: "spki" }),
  check(_grants, certificate, place, name, flags) {
    if (flags < 0 || flags >= UINT32) throw new SyscallFailure("EINVAL");
    const found = ask(certificate, nameAt(X509_CHECKS, place), name, flags);
    return typeof found === "string" ? found : undefined;
  },
  isIssuedBy: (_grants, certificate, other) =>
    new late.crypto.X509Certificate(certificate).checkIssued(new late.crypto.X509Certificate(other)),
  hasPrivateKey(_grants, certificate, key) {
    checkKeyData(key, "der");
    return new late.crypto.X509Certificate(certificate).checkPrivateKey(
      late.crypto.createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" }),
    );
  },
  isSignedWith: (_grants, certificate, key) =>
    new late.crypto.X509Certificate(certificate).verify(
      late.crypto.createPublicKey({ key: Buffer.from(key), format: "der", type: "spki" }),
    ),
});
