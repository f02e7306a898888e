import { typedArrayBuffer } from "../primordials.ts";
import type { Binding, Realm } from "../realm.ts";
import { installJob } from "./crypto-job.ts";
import { keyNumber } from "./crypto-key-store.ts";

/** `src/crypto/crypto_keys.h`, KeyExportJob: keys as `subtle.exportKey` gives them out, but for JWK. */
export function installKeyExport(binding: Binding, realm: Realm): void {
  const { keys } = realm.sys;
  const { kWebCryptoKeyFormatRaw, kWebCryptoKeyFormatPKCS8 } = binding;
  const bytesOf = (format: number, handle: unknown): ArrayBufferLike => {
    const id = keyNumber(handle);
    if (format === kWebCryptoKeyFormatRaw) return typedArrayBuffer(keys.exportRaw(id));
    if (format !== kWebCryptoKeyFormatPKCS8) return typedArrayBuffer(keys.exportSpki(id));
    return typedArrayBuffer(keys.export(id, ["der", "pkcs8", undefined, undefined])[0] as Uint8Array);
  };
  installJob(binding, realm, "RSAKeyExportJob", "KEYEXPORTREQUEST", bytesOf);
  installJob(binding, realm, "ECKeyExportJob", "KEYEXPORTREQUEST", bytesOf);
  installJob(binding, realm, "DHKeyExportJob", "KEYEXPORTREQUEST", bytesOf);
}
