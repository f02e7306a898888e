import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import ivm from "isolated-vm";

const SEAL_BYTES = 32;
/** V8's own limit on what a snapshot of code may be is far below. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The supervisor's key, or one of this process alone. */
const key = ((): Buffer => {
  const given = process.env["VIVARIUM_CACHE_KEY"] ?? "";
  return /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, "hex") : randomBytes(SEAL_BYTES);
})();

function sealOf(kind: string, source: string, data: Uint8Array): Buffer {
  const header = JSON.stringify(["portable", kind, process.version, source.length, data.byteLength]);
  return createHmac("sha256", key).update(header).update(source, "utf16le").update(data).digest();
}

/**
 * V8's code caches, for `vm`. V8 believes what is in one, down to the bytecode, so only its own output may come back: a
 * cache leaves here under a seal made of it, its source and a key of the supervisor's.
 */
export function seal(kind: string, source: string, cache: ivm.ExternalCopy<ArrayBuffer>): Uint8Array {
  const data = new Uint8Array(cache.copy());
  cache.release();
  const sealed = new Uint8Array(SEAL_BYTES + data.byteLength);
  sealed.set(sealOf(kind, source, data));
  sealed.set(data, SEAL_BYTES);
  return sealed;
}

/** -> the cache as V8 takes it; nothing for one that is not ours for this source */
export function unseal(
  kind: string,
  source: string,
  sealed: Uint8Array | undefined,
): ivm.ExternalCopy<ArrayBuffer> | undefined {
  if (!sealed || sealed.byteLength <= SEAL_BYTES || sealed.byteLength > MOST_BYTES) return undefined;
  const data = sealed.slice(SEAL_BYTES);
  if (!timingSafeEqual(sealed.subarray(0, SEAL_BYTES), sealOf(kind, source, data))) return undefined;
  return new ivm.ExternalCopy(data.buffer, { transferOut: true });
}
